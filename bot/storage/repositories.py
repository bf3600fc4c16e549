"""Members, pictures, the outbox and review cases in the database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import uuid4

from sqlalchemy import CursorResult, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import Artifact, Delivery, DeliveryStatus, Job, JobStatus
from bot.domain.moderation import CaseStatus, Decision, ReviewCase, Signal, Stage
from bot.storage.mapping import (
    artifact_from_row,
    artifact_to_row,
    case_from_row,
    delivery_from_row,
)
from bot.storage.models import (
    AccountRow,
    ArtifactRow,
    CaseRow,
    DeliveryRow,
    FlagRow,
    JobRow,
    MemberRow,
)

_SHOWN = (JobStatus.READY.value, JobStatus.DELIVERED.value)
_WAITING = (JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.HELD.value)


class SqlMembers:
    """People and their accounts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def resolve(self, origin: Origin) -> Member:
        """The member behind a platform account, made on first sight."""
        if found := await self._behind(origin):
            return found
        dialect = self._session.get_bind().dialect.name
        into = postgresql.insert if dialect == "postgresql" else sqlite.insert
        member = MemberRow(id=uuid4().hex, locale=origin.locale, display_name=origin.display_name, served_at=0.0)
        self._session.add(member)
        await self._session.flush()
        # Two first messages of one person may race: the account's key lets one of them win.
        won = await self._session.execute(
            into(AccountRow)
            .values(platform=origin.platform.value, user_id=origin.user_id, member_id=member.id)
            .on_conflict_do_nothing()
        )
        if isinstance(won, CursorResult) and won.rowcount == 0:
            await self._session.delete(member)
        found = await self._behind(origin)
        if found is None:
            raise LookupError("the account was there a moment ago")
        return found

    async def get(self, member_id: str) -> Member | None:
        """A member by id."""
        rows = await self._session.execute(
            select(MemberRow, AccountRow)
            .outerjoin(AccountRow, AccountRow.member_id == MemberRow.id)
            .where(MemberRow.id == member_id)
        )
        return _member(rows.all())

    async def _behind(self, origin: Origin) -> Member | None:
        mine = aliased(AccountRow)
        rows = await self._session.execute(
            select(MemberRow, AccountRow)
            .join(AccountRow, AccountRow.member_id == MemberRow.id)
            .join(mine, mine.member_id == MemberRow.id)
            .where(mine.platform == origin.platform.value, mine.user_id == origin.user_id)
        )
        return _member(rows.all())


def _member(rows: Sequence[Row[MemberRow, AccountRow]]) -> Member | None:
    """One member from a row for each account."""
    if not rows:
        return None
    accounts = [account for _, account in rows if account]
    member = rows[0][0]
    return Member(
        member.id, member.locale, member.display_name, tuple((Platform(a.platform), a.user_id) for a in accounts)
    )


class SqlArtifacts:
    """The rows of pictures."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, artifact: Artifact) -> None:
        """Store a row; its file is already there."""
        self._session.add(artifact_to_row(artifact))

    async def get(self, artifact_id: str) -> Artifact | None:
        """A picture's row by id."""
        row = await self._session.get(ArtifactRow, artifact_id)
        return artifact_from_row(row) if row else None

    async def of_jobs(self, job_ids: Sequence[str]) -> dict[str, tuple[Artifact, ...]]:
        """Rows by job, in order, deleted ones left out."""
        rows = await self._session.scalars(
            select(ArtifactRow)
            .where(ArtifactRow.job_id.in_(job_ids), ArtifactRow.deleted_at.is_(None))
            .order_by(ArtifactRow.job_id, ArtifactRow.position)
        )
        found: dict[str, tuple[Artifact, ...]] = {}
        for row in rows:
            found[row.job_id] = (*found.get(row.job_id, ()), artifact_from_row(row))
        return found

    async def of_member(self, member_id: str, limit: int, before: float | None = None) -> list[Artifact]:
        """A member's delivered pictures, newest first, deleted ones left out."""
        rows = (
            select(ArtifactRow)
            .join(JobRow, JobRow.id == ArtifactRow.job_id)
            .where(ArtifactRow.member_id == member_id, ArtifactRow.deleted_at.is_(None), JobRow.status.in_(_SHOWN))
        )
        if before is not None:
            rows = rows.where(ArtifactRow.created_at < before)
        rows = rows.order_by(ArtifactRow.created_at.desc(), ArtifactRow.position).limit(limit)
        return [artifact_from_row(row) for row in await self._session.scalars(rows)]

    async def delete(self, artifact_id: str, now: float) -> None:
        """Mark a row deleted."""
        await self._session.execute(update(ArtifactRow).where(ArtifactRow.id == artifact_id).values(deleted_at=now))

    async def known(self, names: Sequence[str]) -> set[str]:
        """Which of these file names a living row or a waiting job needs."""
        pictures = select(ArtifactRow.name).where(ArtifactRow.name.in_(names), ArtifactRow.deleted_at.is_(None))
        uploads = select(JobRow.upload).where(JobRow.upload.in_(names), JobRow.status.in_(_WAITING))
        needed = set(await self._session.scalars(pictures))
        return needed | {name for name in await self._session.scalars(uploads) if name}


class SqlDeliveries:
    """The outbox."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, job: Job, told: JobStatus, now: float) -> None:
        """Put it into the outbox."""
        self._session.add(
            DeliveryRow(
                id=uuid4().hex,
                job_id=job.id,
                told=told.value,
                platform=job.origin.platform.value,
                status=DeliveryStatus.PENDING.value,
                next_attempt_at=now,
                created_at=now,
            )
        )
        await self._session.flush()

    async def claim(
        self, platforms: Sequence[Platform], now: float, retry_at: float, besides: Collection[str] = ()
    ) -> Delivery | None:
        """The next due delivery, of a job not among `besides`; it comes back at `retry_at` unless marked."""
        due = (
            select(DeliveryRow.id)
            .where(
                DeliveryRow.status == DeliveryStatus.PENDING.value,
                DeliveryRow.next_attempt_at <= now,
                DeliveryRow.platform.in_([platform.value for platform in platforms]),
                DeliveryRow.job_id.not_in(besides),
            )
            .order_by(DeliveryRow.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = await self._session.scalar(
            update(DeliveryRow)
            .where(DeliveryRow.id == due.scalar_subquery(), DeliveryRow.next_attempt_at <= now)
            .values(attempts=DeliveryRow.attempts + 1, next_attempt_at=retry_at)
            .returning(DeliveryRow)
            .execution_options(populate_existing=True, synchronize_session=False)
        )
        if row is None:
            return None
        origin = await self._session.scalar(select(JobRow.origin).where(JobRow.id == row.job_id))
        return delivery_from_row(row, origin or {})

    async def mark_sent(self, delivery_id: str, now: float) -> None:
        """The platform took it."""
        await self._finish(delivery_id, DeliveryStatus.SENT, now)

    async def mark_failed(self, delivery_id: str, now: float) -> None:
        """The platform will never take it."""
        await self._finish(delivery_id, DeliveryStatus.FAILED, now)

    async def postpone(self, delivery_id: str, until: float) -> None:
        """Try again at `until`."""
        await self._session.execute(
            update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(next_attempt_at=until)
        )

    async def _finish(self, delivery_id: str, status: DeliveryStatus, now: float) -> None:
        await self._session.execute(
            update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(status=status.value, finished_at=now)
        )


class SqlReviews:
    """Cases for human eyes, and the flags behind every verdict."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, job_id: str, stage: Stage, cause: Signal, now: float) -> str:
        """A new case's id."""
        row = CaseRow(
            id=uuid4().hex,
            job_id=job_id,
            stage=stage.value,
            cause=asdict(cause),
            status=CaseStatus.OPEN.value,
            opened_at=now,
            note="",
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, case_id: str) -> ReviewCase | None:
        """A case by id, or by the first characters of it when they name just one."""
        prefix = CaseRow.id.startswith(case_id, autoescape=True)
        rows = (await self._session.scalars(select(CaseRow).where(prefix).limit(2))).all() if case_id else []
        return case_from_row(rows[0]) if len(rows) == 1 else None

    async def list(self, status: CaseStatus, limit: int) -> list[ReviewCase]:
        """Cases of one status, oldest first."""
        rows = select(CaseRow).where(CaseRow.status == status.value).order_by(CaseRow.opened_at).limit(limit)
        return [case_from_row(row) for row in await self._session.scalars(rows)]

    async def decide(self, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> bool:
        """Decide an open case; False when somebody else was first."""
        decided = await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.status == CaseStatus.OPEN.value)
            .values(status=status.value, decided_by=by, decided_at=now, note=note)
            .execution_options(synchronize_session=False)
        )
        return isinstance(decided, CursorResult) and decided.rowcount == 1

    async def open_before(self, moment: float) -> Sequence[ReviewCase]:
        """Open cases older than `moment`."""
        rows = select(CaseRow).where(CaseRow.status == CaseStatus.OPEN.value, CaseRow.opened_at < moment)
        return [case_from_row(row) for row in await self._session.scalars(rows)]

    async def flag(self, member_id: str, job_id: str | None, stage: Stage, decision: Decision, now: float) -> None:
        """Remember why something was not simply allowed."""
        if decision.cause is None:
            return
        await self._session.execute(
            insert(FlagRow).values(
                id=uuid4().hex,
                member_id=member_id,
                job_id=job_id,
                stage=stage.value,
                verdict=decision.verdict.value,
                category=decision.cause.category.value,
                score=decision.cause.score,
                source=decision.cause.source,
                created_at=now,
            )
        )
