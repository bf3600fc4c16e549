"""The one message that lives while a job waits and runs: place, progress, previews, edited with a pause between.

A comfort, never the truth: the result comes through the outbox, whose messenger first ends what lives here, so that
a late edit never covers a result.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

import structlog

from adapters.chat.wording import Style
from adapters.presentation import Reply, of_progress, of_view
from bot.domain.errors import HuashenError
from bot.domain.identity import Origin
from bot.domain.jobs import Job, JobStatus, JobView
from bot.ports import JobEvent, PlatformBusy
from bot.usecases import account
from bot.usecases.policy import current
from bot.usecases.preview import showable
from bot.usecases.submit import Desk
from engines.contract import ImageProgress, Progress, TextProgress

log = structlog.get_logger()

PATIENCE = 10.0
"""Seconds after which a place in the queue is looked up again without news."""
LANDING = 3.0
"""Seconds that a result waits at most for an edit on its way: a platform may carry one out that was given up."""
PageT = TypeVar("PageT")


class Face(Protocol[PageT]):
    """How a platform shows unfinished work."""

    @property
    def first(self) -> float:
        """Seconds before the first edit: what is done by then needs none."""
        ...

    @property
    def pause(self) -> float:
        """Seconds between two edits of a message."""
        ...

    async def draw(self, reply: Reply, style: Style, job: Job, preview: bytes | None, texts: Sequence[str]) -> PageT:
        """The message, with as much of the result as may be shown; equal pages say the same."""
        ...

    async def show(self, job_id: str, origin: Origin, page: PageT) -> Origin | None:
        """Show it; answers where it stands, None when there is no message left to show it in. Raises PlatformBusy."""
        ...


@dataclass(slots=True)
class _Life:
    origin: Origin
    style: Style
    progress: Progress | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    ended: bool = False
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Living(Generic[PageT]):
    """One task for each message that lives; `run` hears the events of all."""

    def __init__(self, desk: Desk, face: Face[PageT]) -> None:
        self._desk = desk
        self._face = face
        self._lives: dict[str, _Life] = {}

    async def run(self) -> None:
        """Listen until cancelled; then every message stops living."""
        try:
            async for event in self._desk.events.watch():
                self._hear(event)
        finally:
            await asyncio.gather(*map(self.finish, list(self._lives)))

    def begin(self, job_id: str, origin: Origin, style: Style) -> None:
        """Let a job's message live."""
        if job_id not in self._lives:
            life = self._lives[job_id] = _Life(origin, style)
            life.task = asyncio.create_task(self._live(job_id, life))

    def size_limit(self, job_id: str) -> int | None:
        """Bytes of an attachment that the place where the job was asked for takes; None when nobody remembers."""
        life = self._lives.get(job_id)
        return life.style.size_limit if life else None

    async def finish(self, job_id: str) -> None:
        """No edit of this message is under way when this returns, nor will one follow."""
        life = self._lives.pop(job_id, None)
        if life and life.task:
            with suppress(TimeoutError):
                async with asyncio.timeout(LANDING):
                    await life.writing.acquire()
            life.task.cancel()
            await asyncio.wait([life.task])

    def _hear(self, event: JobEvent) -> None:
        if life := self._lives.get(event.job_id):
            life.progress = event.progress or life.progress
            life.news.set()

    async def _live(self, job_id: str, life: _Life) -> None:
        try:
            await asyncio.sleep(self._face.first)
            shown: PageT | None = None
            while True:
                life.news.clear()
                page = await self._page(job_id, life)
                if page is None:
                    break
                if page != shown:
                    try:
                        async with life.writing:
                            origin = await self._face.show(job_id, life.origin, page)
                    except PlatformBusy as busy:
                        # By then there may be more to say.
                        await asyncio.sleep(max(busy.retry_after, self._face.pause))
                        continue
                    if origin is None:
                        break
                    life.origin, shown = origin, page
                if life.ended:
                    break
                await asyncio.sleep(self._face.pause)
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await life.news.wait()
        except HuashenError as error:
            log.info("a message lives no longer", job_id=job_id, reason=type(error).__name__)
        except Exception:
            log.exception("a message could not be kept alive", job_id=job_id)
        finally:
            if self._lives.get(job_id) is life:
                del self._lives[job_id]

    async def _page(self, job_id: str, life: _Life) -> PageT | None:
        """What to show now; None when the job has ended and the outbox has the word."""
        desk = self._desk
        view = await account.view(life.origin, job_id, desk.transactions)
        match view.job.status:
            case JobStatus.QUEUED:
                place = await account.place(life.origin, job_id, desk.transactions, desk.policy)
                return await self._drawn(of_view(view, place), life, view.job)
            case JobStatus.RUNNING:
                return await self._working(view, life)
            case JobStatus.CANCELLED:
                # Whoever stopped it knows, so the outbox has no word of it.
                life.ended = True
                return await self._drawn(of_view(view), life, view.job)
        return None

    async def _working(self, view: JobView, life: _Life) -> PageT:
        desk, job, progress = self._desk, view.job, life.progress
        reply = of_view(view)
        if progress is None or job.cancel_requested:
            return await self._drawn(reply, life, job)
        reply = replace(reply, message=of_progress(progress))
        if isinstance(progress, TextProgress):
            # More drafts are written than captions kept: as many are shown as will stay.
            progress = replace(progress, texts=progress.texts[: job.request.count])
        # Nobody has judged what is not finished: the screens look at what is shown of it, each time.
        policy = await current(job.origin, desk.transactions)
        match await showable(progress, desk.moderator, policy, job.origin):
            case ImageProgress(preview=preview) if preview:
                return await self._drawn(reply, life, job, preview)
            case TextProgress(texts=texts):
                return await self._drawn(reply, life, job, texts=texts)
        return await self._drawn(reply, life, job)

    async def _drawn(
        self, reply: Reply, life: _Life, job: Job, preview: bytes | None = None, texts: Sequence[str] = ()
    ) -> PageT:
        return await self._face.draw(reply, life.style, job, preview, texts)
