"""What the bot has still to hear: kept until it confirms, by asking on or by taking a webhook's call."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.adapters.telegram.wire.refusals import conflict

UNASKED = ("chat_member", "message_reaction", "message_reaction_count")
"""A bot hears of these only if it asked for them by name."""
FIRST = 100_000_000


class Updates:
    """The queue. One may ask at a time: a new one ends the wait of the one before."""

    def __init__(self, judge: Callable[[str, Any], None]) -> None:
        self.pending: list[dict[str, Any]] = []
        self.allowed: list[str] = []
        self.webhook = ""
        self.came = asyncio.Event()
        self._judge = judge
        self._last_id = FIRST
        self._asking: asyncio.Future[str] | None = None

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Something happened."""
        if not (kind in self.allowed if self.allowed else kind not in UNASKED):
            return
        self._last_id += 1
        update = {"update_id": self._last_id, kind: content}
        self._judge("Update", update)
        self.pending.append(update)
        self.came.set()

    async def ask(self, offset: int, limit: int, timeout: float, allowed: list[str] | None) -> list[dict[str, Any]]:
        """What getUpdates answers."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        if allowed is not None:
            self.allowed = allowed
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending and timeout:
            await self._wait(timeout)
        return self.pending[:limit]

    async def _wait(self, timeout: float) -> None:
        mine = self._asking = asyncio.get_running_loop().create_future()
        self.came.clear()
        came = asyncio.ensure_future(self.came.wait())
        try:
            await asyncio.wait((mine, came), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                raise conflict(mine.result())
        finally:
            came.cancel()
            if self._asking is mine:
                self._asking = None

    def interrupt(self, reason: str) -> None:
        """End the wait of whoever is asking."""
        if self._asking and not self._asking.done():
            self._asking.set_result(reason)
        self._asking = None

    def confirm(self, update: dict[str, Any]) -> None:
        """A webhook took this one."""
        self.pending.remove(update)
