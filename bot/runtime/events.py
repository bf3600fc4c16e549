"""Live news of jobs inside this process."""

import asyncio
from collections.abc import AsyncIterator

from bot.ports import JobEvent

BACKLOG = 256
"""Events kept for a slow watcher; older ones are dropped, for the database has the truth."""


class LocalEvents:
    """Fan-out to bounded queues; publishing never waits. Use it from one event loop."""

    def __init__(self) -> None:
        self._watchers: dict[asyncio.Queue[JobEvent], str | None] = {}

    def publish(self, event: JobEvent) -> None:
        """Tell whoever watches."""
        for queue, member_id in self._watchers.items():
            if member_id in (None, event.member_id):
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(event)

    async def watch(self, member_id: str | None = None) -> AsyncIterator[JobEvent]:
        """The events of a member's jobs, or of everybody's, from now on."""
        queue: asyncio.Queue[JobEvent] = asyncio.Queue(BACKLOG)
        self._watchers[queue] = member_id
        try:
            while True:
                yield await queue.get()
        finally:
            del self._watchers[queue]
