"""Wakes a loop when something it waits for happens here, and each second in case it happened elsewhere."""

import asyncio
from collections.abc import Set

from bot.domain.jobs import JobStatus
from bot.ports import Events

POLL = 1.0
"""Seconds between looks at the database without news: another process may have written to it."""


class Waker:
    """Set by events of certain statuses."""

    def __init__(self, events: Events, statuses: Set[JobStatus]) -> None:
        self._events = events
        self._statuses = statuses
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        async for event in self._events.watch():
            if event.status in self._statuses:
                self._news.set()

    def wake(self) -> None:
        """News that is no event."""
        self._news.set()

    async def wait(self) -> None:
        """Return at the next news, or after POLL seconds."""
        try:
            async with asyncio.timeout(POLL):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()
