"""A job's answer is one message: sent once, remembered at once, and edited from then on.

That is what makes a result arrive once: an edit whose answer was lost is said again and changes nothing, while a
picture sent again would stand there twice. A message that stops half-way through being sent says 'waiting', no more.
"""

import asyncio
from dataclasses import replace

from adapters.telegram.budget import Priority
from adapters.telegram.outlet import MessageGone, Outlet
from adapters.telegram.page import Page
from adapters.telegram.place import Place, message_ids, replied_to, standing
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job
from bot.ports import Transactions


class Answers:
    """The messages in which jobs are answered."""

    def __init__(self, outlet: Outlet, transactions: Transactions) -> None:
        self._outlet = outlet
        self._transactions = transactions
        self._placing: dict[str, asyncio.Lock] = {}

    async def place(self, job_id: str, origin: Origin, page: Page, priority: Priority) -> tuple[Origin, bool]:
        """Send the message in which the job is answered, unless there is one, without pictures.

        Answers the origin that names it, and whether it is new.
        """
        lock = self._placing.setdefault(job_id, asyncio.Lock())
        try:
            async with lock:
                job = await self.job(job_id)
                if message_ids(job.origin):
                    return job.origin, False
                at = Place.of(origin.channel_id)
                # What was sent must be remembered, though whoever wanted it sent is stopped just now.
                return await asyncio.shield(self._sent(job, at, page, priority, replied_to(origin))), True
        finally:
            if not lock.locked():
                self._placing.pop(job_id, None)

    async def show(self, job_id: str, origin: Origin, page: Page, priority: Priority) -> Origin | None:
        """Change the message; answers where it stands, None where it is gone."""
        ids = message_ids(origin)
        try:
            await self._outlet.edit(Place.of(origin.channel_id), ids[0], page, priority)
        except MessageGone:
            return None
        return origin

    async def job(self, job_id: str) -> Job:
        """The job as it is now, with where its answer stands."""
        async with self._transactions() as tx:
            job = await tx.jobs.get(job_id)
        if job is None:
            raise NotFound("job-not-found")
        return job

    async def remember(self, job_id: str, origin: Origin) -> None:
        """The answer stands here now."""
        async with self._transactions() as tx:
            await tx.jobs.answered_at(job_id, origin)
            await tx.commit()

    async def _sent(self, job: Job, at: Place, page: Page, priority: Priority, reply_to: int | None) -> Origin:
        sent = await self._outlet.send(at, replace(page, photo=None, album=()), priority, reply_to)
        origin = standing(job.origin, at, [sent.message_id])
        await self.remember(job.id, origin)
        return origin
