"""A job's answer is one message: sent once, remembered at once, and edited from then on.

That is what makes a result arrive once: an edit whose answer was lost is said again and changes nothing, while a
picture sent again would stand there twice. A message that stops half-way through being sent says that its job goes on,
no more.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from telegram import Message

from adapters.telegram.budget import Priority
from adapters.telegram.outlet import MessageGone, Outlet
from adapters.telegram.page import Page
from adapters.telegram.place import Place, message_ids, replied_to, standing
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job
from bot.ports import PlatformBusy, Transactions

log = structlog.get_logger()

T = TypeVar("T")


class Answers:
    """The messages in which jobs are answered."""

    def __init__(self, outlet: Outlet, transactions: Transactions) -> None:
        self._outlet = outlet
        self._transactions = transactions
        self._sending: dict[str, asyncio.Task[Any]] = {}
        """New messages on their way, by their jobs; in tasks of their own, for what is sent must be remembered."""

    async def place(self, job_id: str, origin: Origin, page: Page, priority: Priority) -> tuple[Origin, bool]:
        """Send the message in which the job is answered, unless there is one, without pictures.

        Answers the origin that names it, and whether it is new and says what `page` does.
        """
        sending = self._sending.get(job_id)
        if sending:
            return (await self._outcome(sending))[0], False
        return await self._outcome(self._begin(job_id, self._sent(job_id, origin, page, priority)))

    async def below(self, job_id: str, origin: Origin, page: Page) -> list[Message]:
        """Send a page's album below the words, and remember where it stands before anything else."""
        key = f"{job_id} below"
        return await self._outcome(self._sending.get(key) or self._begin(key, self._sent_below(job_id, origin, page)))

    def withdraw(self, job_id: str) -> None:
        """A message that nobody has seen because it still waits for its turn is not needed any more."""
        sending = self._sending.get(job_id)
        if sending and self._outlet.waits(sending):
            sending.cancel()

    async def settle(self, seconds: float) -> None:
        """Let what is on its way arrive and be remembered; what only waits is withdrawn."""
        for key in list(self._sending):
            self.withdraw(key)
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=seconds)

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

    def _begin(self, key: str, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = self._sending[key] = asyncio.create_task(work)

        def over(done: "asyncio.Task[T]") -> None:
            del self._sending[key]
            if not done.cancelled() and (error := done.exception()):
                log.info("a message was not sent", error=type(error).__name__)

        task.add_done_callback(over)
        return task

    async def _outcome(self, sending: "asyncio.Task[T]") -> T:
        """What became of it; whoever is stopped while it is on its way leaves it to itself."""
        await asyncio.wait([sending])
        if sending.cancelled():
            raise PlatformBusy(0.0)
        return sending.result()

    async def _sent(self, job_id: str, origin: Origin, page: Page, priority: Priority) -> tuple[Origin, bool]:
        job = await self.job(job_id)
        if message_ids(job.origin):
            return job.origin, False
        at = Place.of(origin.channel_id)
        sent = await self._outlet.send(at, replace(page, photo=None, album=()), priority, replied_to(origin))
        placed = standing(job.origin, at, [sent.message_id])
        await self.remember(job_id, placed)
        return placed, True

    async def _sent_below(self, job_id: str, origin: Origin, page: Page) -> list[Message]:
        place, words = Place.of(origin.channel_id), message_ids(origin)[0]
        sent = await self._outlet.album(place, page.album, words)
        await self.remember(job_id, standing(origin, place, [words, *(message.message_id for message in sent)]))
        return sent
