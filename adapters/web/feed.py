"""The event stream behind an open page: fragments of HTML, pushed as things happen.

Nothing here is the truth. Each stream begins with `ready`, on which the page asks again for every message that
was still open, so an event lost on the way, a restart or a slow client never leaves a wrong page.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from adapters.web.deps import WebDeps
from adapters.web.messages import UNDECIDED, LatestProgress, Messages
from adapters.web.visitor import Visitor
from bot.domain.errors import HuashenError
from bot.domain.jobs import Job, JobStatus, JobView
from bot.ports import JobEvent
from bot.usecases import account
from bot.usecases.policy import current
from bot.usecases.preview import screened

TICK = 2.0
"""Seconds between looks at the database, while a job of this member waits or runs."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment tells proxies that we are alive."""
KNOWN = 64
"""Jobs that a stream remembers having told of."""
FRAME = 0.25
"""Seconds between two previews of one job: eyes need no more, and the screens look at each."""


def encode(event: str, data: str = "") -> bytes:
    """One server-sent event; line breaks in the data become lines of it."""
    lines = "".join(f"data: {line}\n" for line in (data.splitlines() or [""]))
    return f"event: {event}\n{lines}\n".encode()


class Feed:
    """One member's stream. Jobs are shown as `job-<id>`, what moves in them as `progress-<id>`.

    `since` is when the newest message was made that the page was rendered with.
    """

    def __init__(
        self, visitor: Visitor, deps: WebDeps, messages: Messages, progress: LatestProgress, since: float
    ) -> None:
        self._since = since
        self._visitor = visitor
        self._deps = deps
        self._desk = deps.desk
        self._messages = messages
        self._progress = progress
        self._jobs: dict[str, Job] = {}
        self._last_frame: dict[str, float] = {}

    async def stream(self) -> AsyncIterator[bytes]:
        """Until the client goes or the server stops."""
        member = await account.member(self._visitor.origin(), self._desk.transactions)
        events = self._desk.events.watch(member.id)
        stopping = asyncio.ensure_future(self._deps.stopping.wait())
        following = asyncio.ensure_future(anext(events))
        # Let the watch begin, so that nothing falls between `ready` and the first event.
        await asyncio.sleep(0)
        try:
            yield encode("ready")
            for chunk in await self._catch_up():
                yield chunk
            clock = asyncio.get_running_loop().time
            looked = quiet_since = clock()
            while not stopping.done():
                await asyncio.wait({following, stopping}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                chunks = []
                if following.done():
                    chunks = await self._tell(following.result())
                    following = asyncio.ensure_future(anext(events))
                if clock() - looked >= TICK:
                    chunks += await self._look()
                    looked = clock()
                if not chunks and clock() - quiet_since >= HEARTBEAT:
                    if (await account.member(self._visitor.origin(), self._desk.transactions)).id != member.id:
                        # Linked or unlinked meanwhile: the page comes back at once, to the stream of who it is now.
                        return
                    chunks = [b":\n\n"]
                for chunk in chunks:
                    yield chunk
                    quiet_since = clock()
        finally:
            stopping.cancel()
            following.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await following

    async def _catch_up(self) -> list[bytes]:
        """Messages that began, here or on another page, after this page was rendered or while it was cut off."""
        chunks = []
        views = await account.history(self._visitor.origin(), self._desk.transactions, KNOWN)
        for view in reversed(views):
            self._know(view.job)
            if view.job.created_at > self._since:
                chunks.append(encode("new", await self._messages.render(self._visitor, view)))
        return chunks

    async def _tell(self, event: JobEvent) -> list[bytes]:
        with suppress(HuashenError):
            if event.progress is None:
                return await self._status(event.job_id)
            now = asyncio.get_running_loop().time()
            if now - self._last_frame.get(event.job_id, 0.0) >= FRAME:
                self._last_frame[event.job_id] = now
                job = self._jobs.get(event.job_id) or self._know((await self._view(event.job_id)).job)
                # Nobody has judged what is not finished: the screens look at what is shown of it, each time.
                policy = await current(job.origin, self._desk.transactions)
                progress = await screened(event.progress, self._desk.moderator, policy, job.origin)
                self._progress.put(job.id, progress)
                return [encode(f"progress-{job.id}", self._messages.moving(self._visitor, job, progress))]
        return []

    async def _status(self, job_id: str) -> list[bytes]:
        before = self._jobs.get(job_id)
        view = await self._view(job_id)
        job = self._know(view.job)
        if before and before.status not in UNDECIDED and job.status not in UNDECIDED:
            # READY became DELIVERED: the page shows it already, and somebody may be about to press a button there.
            return []
        fragment = await self._messages.render(self._visitor, view)
        # A page that made the job itself drops `new`; one that did not has no ear for `job-` yet.
        chunks = [] if before else [encode("new", fragment)]
        chunks.append(encode(f"job-{job_id}", fragment))
        if job.status is not JobStatus.QUEUED and (before is None or before.status is not job.status):
            chunks.append(encode("announce", self._messages.announcement(self._visitor, view)))
        if job.status not in UNDECIDED:
            chunks.append(encode("quota"))
        return chunks

    async def _look(self) -> list[bytes]:
        """What no event tells: places move when others' jobs finish, and another process may do the work."""
        chunks = []
        for job in [job for job in self._jobs.values() if job.status in (JobStatus.QUEUED, JobStatus.RUNNING)]:
            with suppress(HuashenError):
                view = await self._view(job.id)
                if view.job.status is not job.status:
                    chunks += await self._status(job.id)
                elif job.status is JobStatus.QUEUED:
                    origin, desk = self._visitor.origin(), self._desk
                    place = await account.place(origin, job.id, desk.transactions, desk.policy)
                    chunks.append(encode(f"progress-{job.id}", self._messages.waiting(self._visitor, job, place)))
        return chunks

    async def _view(self, job_id: str) -> JobView:
        return await account.view(self._visitor.origin(), job_id, self._desk.transactions)

    def _know(self, job: Job) -> Job:
        self._jobs[job.id] = job
        if len(self._jobs) > KNOWN:
            oldest = next(iter(self._jobs))
            del self._jobs[oldest]
            self._last_frame.pop(oldest, None)
        return job
