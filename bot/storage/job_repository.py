"""The queue is a table. Every change of status names the status and lease it expects to find."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import CursorResult, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

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
from bot.storage.mapping import job_from_row, job_to_row, reason_to_json, result_to_json
from bot.storage.models import JobRow, MemberRow

RECENT = 20
"""Finished jobs whose durations make the estimate."""


def next_queued(limit: int = 1) -> Select[str]:
    """The next job's id: least recently served member first, then the oldest, so that nobody hogs the GPU.

    On PostgreSQL two workers skip each other's rows; on SQLite the write lock already orders them.
    """
    return (
        select(JobRow.id)
        .join(MemberRow, MemberRow.id == JobRow.member_id)
        .where(JobRow.status == JobStatus.QUEUED.value)
        .order_by(MemberRow.served_at, JobRow.created_at, JobRow.id)
        .limit(limit)
        .with_for_update(of=JobRow, skip_locked=True)
    )


# What each new job asks of the whole queue, built once: where it stands, who goes first, how long such jobs took.
_TURN = (
    select(JobRow.status, JobRow.kind, JobRow.created_at, MemberRow.served_at)
    .join(MemberRow, MemberRow.id == JobRow.member_id)
    .where(JobRow.id == bindparam("job_id"))
)
_AHEAD = (
    select(func.count())
    .select_from(JobRow)
    .join(MemberRow, MemberRow.id == JobRow.member_id)
    .where(
        JobRow.status == JobStatus.QUEUED.value,
        or_(
            MemberRow.served_at < bindparam("served_at"),
            and_(MemberRow.served_at == bindparam("served_at"), JobRow.created_at < bindparam("created_at")),
        ),
    )
)
_RECENT = (
    select((JobRow.finished_at - JobRow.started_at).label("took"))
    .where(JobRow.kind == bindparam("kind"), JobRow.finished_at.is_not(None), JobRow.started_at.is_not(None))
    .order_by(JobRow.finished_at.desc())
    .limit(RECENT)
    .subquery()
)
_DURATION = select(func.avg(_RECENT.c.took))
_CLAIM = (
    update(JobRow)
    .where(JobRow.id == next_queued().scalar_subquery(), JobRow.status == JobStatus.QUEUED.value)
    .values(
        status=JobStatus.RUNNING.value,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=JobRow.attempts + 1,
        started_at=bindparam("now"),
    )
    .returning(JobRow)
    .execution_options(populate_existing=True, synchronize_session=False)
)


class SqlJobs:
    """Jobs in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, job: Job) -> None:
        """Store a new job in the state it carries; Conflict when its message already made one."""
        self._session.add(job_to_row(job))
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise Conflict("job-exists") from error

    async def get(self, job_id: str) -> Job | None:
        """A job by id."""
        row = await self._session.get(JobRow, job_id, populate_existing=True)
        return job_from_row(row) if row else None

    async def locked(self, job_id: str) -> Job | None:
        """A job by id, which nobody else can move until the transaction ends."""
        row = await self._session.get(JobRow, job_id, populate_existing=True, with_for_update=True)
        return job_from_row(row) if row else None

    async def by_token(self, origin: Origin) -> Job | None:
        """The job that this very platform message already made."""
        row = await self._session.scalar(
            select(JobRow).where(JobRow.platform == origin.platform.value, JobRow.token == origin.token)
        )
        return job_from_row(row) if row else None

    async def claim(self, owner: str, now: float, lease_until: float) -> Job | None:
        """Take the next queued job under a lease."""
        given = {"owner": owner, "now": now, "until": lease_until}
        row = await self._session.scalar(_CLAIM, given)
        if row is None:
            return None
        served = update(MemberRow).where(MemberRow.id == row.member_id).values(served_at=now)
        await self._session.execute(served.execution_options(synchronize_session=False))
        return job_from_row(row)

    async def extend(self, job_id: str, owner: str, lease_until: float) -> Job | None:
        """Keep the lease alive; None when the job is no longer ours."""
        row = await self._session.scalar(
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.lease_owner == owner, JobRow.status == JobStatus.RUNNING.value)
            .values(lease_until=lease_until)
            .returning(JobRow)
            .execution_options(populate_existing=True, synchronize_session=False)
        )
        return job_from_row(row) if row else None

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
        owner = JobRow.lease_owner == job.lease.owner if job.lease else JobRow.lease_owner.is_(None)
        moved = await self._session.execute(
            update(JobRow)
            .where(JobRow.id == job.id, JobRow.status == job.status.value, owner)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return isinstance(moved, CursorResult) and moved.rowcount == 1

    async def answered_at(self, job_id: str, origin: Origin) -> None:
        """The answer stands elsewhere now; the token's own column, by which a replay is known, stays."""
        await self._session.execute(update(JobRow).where(JobRow.id == job_id).values(origin=asdict(origin)))

    async def request_cancel(self, job_id: str) -> None:
        """Mark it; the worker that holds the lease obeys at its next heartbeat."""
        await self._session.execute(update(JobRow).where(JobRow.id == job_id).values(cancel_requested=True))

    async def lapsed(self, now: float) -> list[Job]:
        """Running jobs whose lease ran out."""
        rows = select(JobRow).where(JobRow.status == JobStatus.RUNNING.value, JobRow.lease_until < now)
        return [job_from_row(row) for row in await self._session.scalars(rows)]

    async def overdue(self, now: float) -> list[Job]:
        """Queued jobs whose deadline passed."""
        rows = select(JobRow).where(JobRow.status == JobStatus.QUEUED.value, JobRow.deadline_at < now)
        return [job_from_row(row) for row in await self._session.scalars(rows)]

    async def place(self, job_id: str, workers: int) -> QueuePlace:
        """How many jobs go first, and an estimate from recent work."""
        mine = (await self._session.execute(_TURN, {"job_id": job_id})).one_or_none()
        if mine is None:
            return QueuePlace(0, None)
        ahead = 0
        if mine.status == JobStatus.QUEUED.value:
            turn = {"served_at": mine.served_at, "created_at": mine.created_at}
            ahead = await self._session.scalar(_AHEAD, turn) or 0
        took = await self._session.scalar(_DURATION, {"kind": mine.kind})
        return QueuePlace(ahead, None if took is None else took * (ahead / workers + 1))

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Job]:
        """A member's jobs, newest first."""
        rows = select(JobRow).where(JobRow.member_id == member_id)
        if before is not None:
            rows = rows.where(JobRow.created_at < before)
        rows = rows.order_by(JobRow.created_at.desc(), JobRow.id).limit(limit)
        return [job_from_row(row) for row in await self._session.scalars(rows)]

    async def of_member_in(self, member_id: str, statuses: Collection[JobStatus]) -> list[Job]:
        """A member's jobs in these states, newest first."""
        rows = (
            select(JobRow)
            .where(JobRow.member_id == member_id, JobRow.status.in_([status.value for status in statuses]))
            .order_by(JobRow.created_at.desc(), JobRow.id)
        )
        return [job_from_row(row) for row in await self._session.scalars(rows)]

    async def of_platform_in(self, platform: Platform, statuses: Collection[JobStatus]) -> list[Job]:
        """The jobs asked for on a platform that are in these states, oldest first."""
        rows = (
            select(JobRow)
            .where(JobRow.platform == platform.value, JobRow.status.in_([status.value for status in statuses]))
            .order_by(JobRow.created_at, JobRow.id)
        )
        return [job_from_row(row) for row in await self._session.scalars(rows)]

    async def queued(self) -> int:
        """How many jobs wait."""
        waiting = select(func.count()).select_from(JobRow).where(JobRow.status == JobStatus.QUEUED.value)
        return await self._session.scalar(waiting) or 0

    async def counts(self) -> dict[JobStatus, int]:
        """Jobs by status, for the owner."""
        rows = await self._session.execute(select(JobRow.status, func.count()).group_by(JobRow.status))
        return {JobStatus(status): count for status, count in rows}
