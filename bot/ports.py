"""What the use cases need from the outside, as Protocols; bootstrap chooses the classes behind them."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from bot.domain.errors import Reason
from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import (
    Artifact,
    Delivery,
    Job,
    JobResult,
    JobStatus,
    JobView,
    QueuePlace,
)
from bot.domain.moderation import CaseStatus, Decision, ReviewCase, Signal, Stage
from bot.domain.quota import Charge
from engines.contract import Progress, Request, Result

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ModelNews:
    """A model begins to load (`seconds` None) or has; `error` says why it could not."""

    task: str
    model: str
    seconds: float | None = None
    error: str | None = None


OnModel = Callable[[ModelNews], None]


class Clock(Protocol):
    """The time, so that tests can move it."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...


class EngineClient(Protocol):
    """The way to the models, wherever they run. Raises the errors of engines.contract."""

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        """Answer one request within `deadline` seconds; cancelling the awaiting task stops the work."""
        ...


class Moderator(Protocol):
    """The screens. They never raise for being broken: they answer a Category.UNSCREENED signal."""

    async def screen_text(self, text: str) -> Sequence[Signal]:
        """What the screens see in a text."""
        ...

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        """What the screens see in an encoded picture; InvalidRequest when it is not a readable picture."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the artifact store."""

    name: str
    sha256: str
    size: int


class ArtifactStore(Protocol):
    """Files by content. Raises StorageUnavailable when the disk is full or not writable."""

    async def put(self, data: bytes, suffix: str) -> StoredFile:
        """Write durably (the name follows from the content) and return where."""
        ...

    async def get(self, name: str) -> bytes:
        """The content; NotFound when it is gone."""
        ...

    async def delete(self, name: str) -> None:
        """Remove the file if it is there."""
        ...

    async def names_older_than(self, moment: float) -> list[str]:
        """Files last written before `moment`, for the janitor."""
        ...


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something a watcher of a job may show: a change of status, or progress. Never stored, may be dropped."""

    job_id: str
    member_id: str
    status: JobStatus | None = None
    progress: Progress | None = None


class Events(Protocol):
    """Live news of jobs inside this process; a comfort, never the truth."""

    def publish(self, event: JobEvent) -> None:
        """Tell whoever watches; never blocks, drops the oldest for a slow watcher."""
        ...

    def watch(self, member_id: str | None = None) -> AsyncIterator[JobEvent]:
        """The events of a member's jobs, or of everybody's, from now on."""
        ...


class Meter(Protocol):
    """Counters and durations for the owner."""

    def count(self, name: str, label: str = "") -> None:
        """Add one to a counter."""
        ...

    def observe(self, name: str, seconds: float, label: str = "") -> None:
        """Record a duration in seconds."""
        ...

    def level(self, name: str, value: float, label: str = "") -> None:
        """Record how much there is of something now."""
        ...


class PlatformBusy(Exception):
    """The platform cannot take the message now; try again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class AddresseeGone(Exception):
    """The platform will never take this message: deleted channel, blocked bot, missing permission."""


class Messenger(Protocol):
    """A platform's way to tell a member what became of a job; idempotent by delivery id."""

    @property
    def platform(self) -> Platform:
        """Which platform's deliveries it takes."""
        ...

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        """Send it, once for each delivery id. Raises PlatformBusy or AddresseeGone."""
        ...


class Members(Protocol):
    """People and their accounts."""

    async def resolve(self, origin: Origin) -> Member:
        """The member behind a platform account, made on first sight."""
        ...

    async def get(self, member_id: str) -> Member | None:
        """A member by id."""
        ...


class Quotas(Protocol):
    """Usage by account and window, exact under concurrency, with an append-only ledger."""

    async def reserve(self, job_id: str, charges: Sequence[Charge]) -> Charge | None:
        """Take every charge, or answer the one without room (then roll back)."""
        ...

    async def settle(self, job_id: str) -> None:
        """The reservation becomes final; a second call changes nothing."""
        ...

    async def release(self, job_id: str) -> None:
        """Give the reserved units back; a second call changes nothing."""
        ...

    async def refund(self, job_id: str) -> None:
        """Give settled units back; a second call changes nothing."""
        ...

    async def used(self, account: str, window_start: int, window: str) -> int:
        """Units used by an account in a window."""
        ...


class Jobs(Protocol):
    """The queue and its history."""

    async def add(self, job: Job) -> None:
        """Store a new job in the state it carries; Conflict when its message already made one."""
        ...

    async def get(self, job_id: str) -> Job | None:
        """A job by id."""
        ...

    async def by_token(self, origin: Origin) -> Job | None:
        """The job that this very platform message already made, so that a replay makes no second one."""
        ...

    async def claim(self, owner: str, now: float, lease_until: float) -> Job | None:
        """Take the next queued job of the member served longest ago, under a lease."""
        ...

    async def extend(self, job_id: str, owner: str, lease_until: float) -> Job | None:
        """Keep the lease alive and see the job as it is now; None when it is no longer ours."""
        ...

    async def move(
        self,
        job: Job,
        new: JobStatus,
        *,
        now: float,
        result: JobResult | None = None,
        error: Reason | None = None,
        deadline_at: float | None = None,
    ) -> bool:
        """Move by the transition table, if status and lease are still those of `job`; False when they are not.

        Leaving RUNNING ends the lease. `deadline_at` is given with QUEUED after an approval.
        """
        ...

    async def request_cancel(self, job_id: str) -> None:
        """Mark it; the worker that holds the lease obeys at its next heartbeat."""
        ...

    async def lapsed(self, now: float) -> list[Job]:
        """Running jobs whose lease ran out."""
        ...

    async def overdue(self, now: float) -> list[Job]:
        """Queued jobs whose deadline passed."""
        ...

    async def place(self, job_id: str, workers: int) -> QueuePlace:
        """How many jobs go first, and an estimate from recent work."""
        ...

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Job]:
        """A member's jobs, newest first; `before` is a created_at to page on."""
        ...

    async def of_member_in(self, member_id: str, statuses: Collection[JobStatus]) -> list[Job]:
        """A member's jobs in these states, newest first."""
        ...

    async def queued(self) -> int:
        """How many jobs wait."""
        ...

    async def counts(self) -> dict[JobStatus, int]:
        """Jobs by status, for the owner."""
        ...


class Artifacts(Protocol):
    """The rows of pictures."""

    async def add(self, artifact: Artifact) -> None:
        """Store a row; its file is already there."""
        ...

    async def get(self, artifact_id: str) -> Artifact | None:
        """A picture's row by id."""
        ...

    async def of_jobs(self, job_ids: Sequence[str]) -> dict[str, tuple[Artifact, ...]]:
        """Rows by job, in order, deleted ones left out."""
        ...

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Artifact]:
        """A member's delivered pictures, newest first, deleted ones left out."""
        ...

    async def delete(self, artifact_id: str, now: float) -> None:
        """Mark a row deleted."""
        ...

    async def known(self, names: Sequence[str]) -> set[str]:
        """Which of these file names a living row or a waiting job needs."""
        ...


class Deliveries(Protocol):
    """The outbox: one row for each thing a member must be told, at most one a job and status."""

    async def add(self, job: Job, told: JobStatus, now: float) -> None:
        """Put it into the outbox."""
        ...

    async def claim(
        self, platforms: Sequence[Platform], now: float, retry_at: float, besides: Collection[str] = ()
    ) -> Delivery | None:
        """The next due delivery, of a job not among `besides`; it comes back at `retry_at` unless marked."""
        ...

    async def mark_sent(self, delivery_id: str, now: float) -> None:
        """The platform took it."""
        ...

    async def mark_failed(self, delivery_id: str, now: float) -> None:
        """The platform will never take it."""
        ...

    async def postpone(self, delivery_id: str, until: float) -> None:
        """Try again at `until`."""
        ...


class Reviews(Protocol):
    """Cases for human eyes, and the flags behind every verdict."""

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float) -> str:
        """A new case's id."""
        ...

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        ...

    async def list(self, status: CaseStatus, limit: int) -> list[ReviewCase]:
        """Cases of one status, oldest first."""
        ...

    async def decide(self, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Decide an open case; False when somebody else was first."""
        ...

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        ...

    async def flag(self, member_id: str, job_id: str | None, stage: Stage, decision: Decision, now: float) -> None:
        """Remember why something was not simply allowed."""
        ...


class UnitOfWork(Protocol):
    """One transaction: `async with`, then `commit`, else everything rolls back."""

    members: Members
    quotas: Quotas
    jobs: Jobs
    artifacts: Artifacts
    deliveries: Deliveries
    reviews: Reviews

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def commit(self) -> None:
        """Make it so."""
        ...


Transactions = Callable[[], UnitOfWork]
"""Opens a new unit of work each time it is called."""
