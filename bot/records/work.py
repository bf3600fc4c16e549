"""What is remembered of members and their jobs, as Protocols."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.draft import Draft
from bot.domain.errors import Reason
from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import Artifact, Delivery, Job, JobResult, JobStatus, QueuePlace
from bot.domain.link import Account
from bot.domain.quota import Charge


class Members(Protocol):
    """People and their accounts."""

    async def resolve(self, origin: Origin, *, to_ask: bool = False) -> Member:
        """The member behind a platform account, made on first sight.

        With `to_ask` the account is neither linked nor unlinked until the transaction ends: whoever adds something
        that is the member's needs that.
        """
        ...

    async def behind(self, platform: Platform, user_id: str) -> Member:
        """The member behind an account that is there."""
        ...

    async def hold(self, held: Sequence[Account]) -> None:
        """These people are neither linked nor unlinked, and ask for nothing, until the transaction ends."""
        ...

    async def merge(self, member_id: str, into: str) -> None:
        """Everything of a member is another's from now on, and the member is gone; both must be held."""
        ...

    async def split(self, member_id: str, origin: Origin) -> Member:
        """An account leaves its person, who must be held, with everything that it asked for."""
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

    async def merge(self, account: str, into: str) -> None:
        """What an account used counts for another from now on, and comes back to that one.

        The jobs it was used for must be held by this transaction, so that none is settled meanwhile.
        """
        ...

    async def split(self, account: str, into: str, member_id: str) -> None:
        """What the jobs of a member used of one account counts for another from now on; the same holds."""
        ...


class Jobs(Protocol):
    """The queue and its history."""

    async def add(self, job: Job) -> None:
        """Store a new job in the state it carries; Conflict when its message already made one."""
        ...

    async def get(self, job_id: str) -> Job | None:
        """A job by id."""
        ...

    async def locked(self, job_id: str) -> Job | None:
        """A job by id, which nobody else can move until the transaction ends."""
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

    async def of_platform_in(self, platform: Platform, statuses: Collection[JobStatus]) -> list[Job]:
        """The jobs asked for on a platform that are in these states, oldest first."""
        ...

    async def answered_at(self, job_id: str, origin: Origin) -> None:
        """The answer stands elsewhere now; what the job was asked with stays, so that a replay still finds it."""
        ...

    async def explain(self, job_id: str, error: Reason | None) -> None:
        """Why the job is as it is, for its member."""
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
        """A member's delivered pictures that are kept, newest first, deleted ones left out."""
        ...

    async def owned(self, member_id: str, artifact_ids: Sequence[str]) -> dict[str, Artifact]:
        """Those of these pictures that are a member's own, delivered and not deleted, by id."""
        ...

    async def named(self, member_id: str, beginning: str) -> list[Artifact]:
        """The member's own pictures whose id begins so: two at most, for one of them is not meant."""
        ...

    async def children(self, artifact_id: str, limit: int) -> list[Artifact]:
        """What its member made of a picture and kept, newest first."""
        ...

    async def keep(self, artifact_id: str) -> None:
        """It is in its member's gallery from now on."""
        ...

    async def delete(self, artifact_id: str, now: float) -> None:
        """Mark a row deleted, and forget where models put its picture."""
        ...

    async def known(self, names: Sequence[str], appealable_since: float) -> set[str]:
        """Which of these file names a living row, a waiting job or a draft needs.

        What was made or sent for a job that came to nothing is needed while a case of it is open, and while one that
        was decided since then may be appealed.
        """
        ...


class Vectors(Protocol):
    """Where dual encoders put pictures, by the version of the model."""

    async def of(self, artifact_ids: Sequence[str], model: str) -> dict[str, tuple[float, ...]]:
        """The vectors of those pictures that have one, by id."""
        ...

    async def put(self, places: Mapping[str, Sequence[float]], model: str) -> None:
        """Remember vectors by their pictures' ids; one that is there stays."""
        ...


class Handles(Protocol):
    """What platforms call the pictures that they were sent."""

    async def put(self, platform: Platform, artifact_id: str, handle: str) -> None:
        """Remember a picture's handle; the newest counts."""
        ...

    async def of(self, platform: Platform, artifact_ids: Sequence[str]) -> dict[str, str]:
        """The handles that a platform gave these pictures; one that is not to be seen any more has none."""
        ...


class Drafts(Protocol):
    """Requests that are being put together."""

    async def add(self, draft: Draft) -> None:
        """Store a new draft."""
        ...

    async def get(self, draft_id: str) -> Draft | None:
        """A draft by id."""
        ...

    async def put(self, draft: Draft) -> None:
        """Replace it; one that is gone stays gone."""
        ...

    async def asked_in(self, platform: Platform, asked_in: str) -> Draft | None:
        """The draft whose words are asked for in a message."""
        ...

    async def latest(self, platform: Platform, user_id: str, since: float) -> Draft | None:
        """Somebody's newest draft that still has no words, of those begun since then."""
        ...

    async def delete(self, draft_id: str) -> None:
        """Forget it."""
        ...

    async def forget_before(self, moment: float) -> None:
        """Forget what nobody came back to."""
        ...


class Deliveries(Protocol):
    """The outbox: one row for each thing a member must be told, at most one a job and status."""

    async def add(self, job: Job, told: JobStatus, now: float) -> None:
        """Put it into the outbox; what was told before is told again, as something new."""
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
