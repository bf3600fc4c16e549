"""Empties the outbox of the platforms that run in this process."""

import asyncio
from collections.abc import Mapping

import structlog

from bot.domain.identity import Platform
from bot.domain.jobs import ENDED
from bot.ports import Clock, Events, Messenger, Transactions
from bot.runtime.waker import Waker
from bot.usecases.deliver import deliver_next

log = structlog.get_logger()


class Courier:
    """Sends one delivery after the other; a failing one waits its turn and stops nobody else's."""

    def __init__(
        self, messengers: Mapping[Platform, Messenger], transactions: Transactions, events: Events, clock: Clock
    ) -> None:
        self._messengers = messengers
        self._transactions = transactions
        self._clock = clock
        self._waker = Waker(events, ENDED)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._waker.run())
            while True:
                try:
                    sent = await deliver_next(self._messengers, self._transactions, self._clock)
                except Exception as error:
                    log.warning("delivery failed, will be tried again", error=type(error).__name__)
                    sent = False
                if not sent:
                    await self._waker.wait()
