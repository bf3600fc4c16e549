"""Delivering to the terminal: what ended while nobody was waiting for it, such as a case decided later."""

from collections import OrderedDict

from adapters.console.session import Session
from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, JobView

REMEMBERED = 1000


class ConsoleMessenger:
    """Prints each delivery once; files written twice are the same files."""

    platform = Platform.CONSOLE
    at_once = 8

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: OrderedDict[str, None] = OrderedDict()

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        """Show it, unless the chat has just done so."""
        if delivery.id in self._told or delivery.job_id in self._session.shown:
            return
        await self._session.show(view)
        self._told[delivery.id] = None
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
