"""The queue is a table. Every change of status names the status and lease it expects to find.

Statements are built once: putting one together costs more than sending it.
"""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Conflict, Reason
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import (
    ENDED,
    Job,
    JobResult,
    JobStatus,
    QueuePlace,
    check_transition,
)
from bot.storage.connection import PatientConnection
from bot.storage.mapping import job_from_row, job_to_row, reason_to_json, result_to_json
from bot.storage.tables import jobs, members, parents

RECENT = 20
"""Finished jobs whose durations make the estimate."""


def next_queued(limit: int = 1) -> Select[str]:
    """The next job's id: least recently served member first, then the oldest, so that nobody hogs the GPU.

    On PostgreSQL two workers skip each other's rows; on SQLite the write lock already orders them.
    """
    return (
        select(jobs.c.id)
        .join(members, members.c.id == jobs.c.member_id)
        .where(jobs.c.status == JobStatus.QUEUED.value)
        .order_by(members.c.served_at, jobs.c.created_at, jobs.c.id)
        .limit(limit)
        .with_for_update(of=jobs, skip_locked=True)
    )


_ADD = insert(jobs)
_ADD_PARENT = insert(parents)
_BY_ID = select(jobs).where(jobs.c.id == bindparam("job_id"))
_LOCKED = _BY_ID.with_for_update()
_BY_TOKEN = select(jobs).where(jobs.c.platform == bindparam("platform"), jobs.c.token == bindparam("token"))
_QUEUED = select(func.count()).select_from(jobs).where(jobs.c.status == JobStatus.QUEUED.value)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id == next_queued().scalar_subquery(), jobs.c.status == JobStatus.QUEUED.value)
    .values(
        status=JobStatus.RUNNING.value,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=jobs.c.attempts + 1,
        started_at=bindparam("now"),
    )
    .returning(jobs)
)
_SERVED = update(members).where(members.c.id == bindparam("member_id"))
_EXTEND = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job_id"),
        jobs.c.lease_owner == bindparam("owner"),
        jobs.c.status == JobStatus.RUNNING.value,
    )
    .values(lease_until=bindparam("until"))
    .returning(jobs)
)
# These two set the columns that are given with them.
_CHANGE = update(jobs).where(jobs.c.id == bindparam("job_id"))
_MOVE = _CHANGE.where(jobs.c.status == bindparam("old"), jobs.c.lease_owner.is_not_distinct_from(bindparam("owner")))

# What each new job asks of the whole queue: who goes before it, and how long such jobs took.
_other, _its_member = jobs.alias("other"), members.alias("its_member")
_AHEAD = (
    select(func.count())
    .select_from(_other.join(_its_member, _its_member.c.id == _other.c.member_id))
    .where(
        _other.c.status == JobStatus.QUEUED.value,
        or_(
            _its_member.c.served_at < members.c.served_at,
            and_(_its_member.c.served_at == members.c.served_at, _other.c.created_at < jobs.c.created_at),
        ),
    )
    .correlate(jobs, members)
    .scalar_subquery()
)
_RECENT = (
    select((_other.c.finished_at - _other.c.started_at).label("took"))
    .where(_other.c.kind == jobs.c.kind, _other.c.finished_at.is_not(None), _other.c.started_at.is_not(None))
    .order_by(_other.c.finished_at.desc())
    .limit(RECENT)
    .correlate(jobs)
    .subquery()
)
_PLACE = (
    select(
        case((jobs.c.status == JobStatus.QUEUED.value, _AHEAD), else_=0).label("ahead"),
        select(func.avg(_RECENT.c.took)).correlate(jobs).scalar_subquery().label("took"),
    )
    .join(members, members.c.id == jobs.c.member_id)
    .where(jobs.c.id == bindparam("job_id"))
)


class SqlJobs:
    """Jobs in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, job: Job) -> None:
        """Store a new job in the state it carries; Conflict when its message already made one."""
        try:
            await self._connection.execute(_ADD, job_to_row(job))
        except IntegrityError as error:
            raise Conflict("job-exists") from error
        for artifact_id in dict.fromkeys(job.parents):
            await self._connection.execute(_ADD_PARENT, {"job_id": job.id, "artifact_id": artifact_id})

    async def get(self, job_id: str) -> Job | None:
        """A job by id."""
        return await self._one(_BY_ID, job_id=job_id)

    async def locked(self, job_id: str) -> Job | None:
        """A job by id, which nobody else can move until the transaction ends."""
        return await self._one(_LOCKED, job_id=job_id)

    async def by_token(self, origin: Origin) -> Job | None:
        """The job that this very platform message already made."""
        return await self._one(_BY_TOKEN, platform=origin.platform.value, token=origin.token)

    async def claim(self, owner: str, now: float, lease_until: float) -> Job | None:
        """Take the next queued job under a lease."""
        job = await self._one(_CLAIM, owner=owner, now=now, until=lease_until)
        if job:
            await self._connection.execute(_SERVED, {"member_id": job.member_id, "served_at": now})
        return job

    async def extend(self, job_id: str, owner: str, lease_until: float) -> Job | None:
        """Keep the lease alive; None when the job is no longer ours."""
        return await self._one(_EXTEND, job_id=job_id, owner=owner, until=lease_until)

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
        """Move by the transition table, if status and lease are still those of `job`."""
        check_transition(job.status, new)
        values: dict[str, Any] = {"status": new.value, "lease_owner": None, "lease_until": None}
        if result is not None:
            values["result"] = result_to_json(result)
        if error is not None:
            values["error"] = reason_to_json(error)
        if deadline_at is not None:
            values |= {"deadline_at": deadline_at, "approved": True}
        if new in ENDED and job.finished_at is None:
            values["finished_at"] = now
        if new is JobStatus.QUEUED:
            # It may have ended before: a rejection of its prompt was overturned.
            values["finished_at"] = None
        expected = {"job_id": job.id, "old": job.status.value, "owner": job.lease.owner if job.lease else None}
        return (await self._connection.execute(_MOVE, values | expected)).rowcount == 1

    async def answered_at(self, job_id: str, origin: Origin) -> None:
        """The answer stands elsewhere now; the token's own column, by which a replay is known, stays."""
        await self._connection.execute(_CHANGE, {"job_id": job_id, "origin": asdict(origin)})

    async def request_cancel(self, job_id: str) -> None:
        """Mark it; the worker that holds the lease obeys at its next heartbeat."""
        await self._connection.execute(_CHANGE, {"job_id": job_id, "cancel_requested": True})

    async def lapsed(self, now: float) -> list[Job]:
        """Running jobs whose lease ran out."""
        rows = select(jobs).where(jobs.c.status == JobStatus.RUNNING.value, jobs.c.lease_until < now)
        return await self._many(rows)

    async def overdue(self, now: float) -> list[Job]:
        """Queued jobs whose deadline passed."""
        rows = select(jobs).where(jobs.c.status == JobStatus.QUEUED.value, jobs.c.deadline_at < now)
        return await self._many(rows)

    async def place(self, job_id: str, workers: int) -> QueuePlace:
        """How many jobs go first, and an estimate from recent work."""
        mine = await self._connection.first(_PLACE, {"job_id": job_id})
        if mine is None:
            return QueuePlace(0, None)
        return QueuePlace(mine.ahead, None if mine.took is None else mine.took * (mine.ahead / workers + 1))

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Job]:
        """A member's jobs, newest first."""
        rows = select(jobs).where(jobs.c.member_id == member_id)
        if before is not None:
            rows = rows.where(jobs.c.created_at < before)
        rows = rows.order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit)
        return await self._many(rows)

    async def of_member_in(self, member_id: str, statuses: Collection[JobStatus]) -> list[Job]:
        """A member's jobs in these states, newest first."""
        rows = (
            select(jobs)
            .where(jobs.c.member_id == member_id, jobs.c.status.in_([status.value for status in statuses]))
            .order_by(jobs.c.created_at.desc(), jobs.c.id)
        )
        return await self._many(rows)

    async def of_platform_in(self, platform: Platform, statuses: Collection[JobStatus]) -> list[Job]:
        """The jobs asked for on a platform that are in these states, oldest first."""
        rows = (
            select(jobs)
            .where(jobs.c.platform == platform.value, jobs.c.status.in_([status.value for status in statuses]))
            .order_by(jobs.c.created_at, jobs.c.id)
        )
        return await self._many(rows)

    async def explain(self, job_id: str, error: Reason | None) -> None:
        """Why the job is as it is, for its member."""
        await self._connection.execute(_CHANGE, {"job_id": job_id, "error": error and reason_to_json(error)})

    async def queued(self) -> int:
        """How many jobs wait."""
        return await self._connection.scalar(_QUEUED) or 0

    async def counts(self) -> dict[JobStatus, int]:
        """Jobs by status, for the owner."""
        rows = await self._connection.execute(select(jobs.c.status, func.count()).group_by(jobs.c.status))
        return {JobStatus(status): count for status, count in rows}

    async def _one(self, statement: Executable, **values: Any) -> Job | None:
        row = await self._connection.first(statement, values)
        return job_from_row(row) if row else None

    async def _many(self, statement: Executable) -> list[Job]:
        return [job_from_row(row) for row in await self._connection.execute(statement)]
