"""Members and pictures in the database."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import Artifact, JobStatus
from bot.storage.mapping import artifact_from_row, artifact_to_row
from bot.storage.models import AccountRow, ArtifactRow, JobRow, MemberRow
from bot.storage.statements import insert_if_new

_SHOWN = (JobStatus.READY.value, JobStatus.DELIVERED.value)
_WAITING = (JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.HELD.value)

_MINE = aliased(AccountRow)
_WITH_ACCOUNTS = select(
    MemberRow.id, MemberRow.locale, MemberRow.display_name, AccountRow.platform, AccountRow.user_id
).outerjoin(AccountRow, AccountRow.member_id == MemberRow.id)
# Every request begins with this one: built once, and columns rather than objects, it costs a third.
_BEHIND = _WITH_ACCOUNTS.join(_MINE, _MINE.member_id == MemberRow.id).where(
    _MINE.platform == bindparam("platform"), _MINE.user_id == bindparam("user_id")
)


class SqlMembers:
    """People and their accounts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def resolve(self, origin: Origin) -> Member:
        """The member behind a platform account, made on first sight."""
        if found := await self._behind(origin):
            return found
        member = MemberRow(id=uuid4().hex, locale=origin.locale, display_name=origin.display_name, served_at=0.0)
        self._session.add(member)
        await self._session.flush()
        # Two first messages of one person may race: the account's key lets one of them win.
        account = {"platform": origin.platform.value, "user_id": origin.user_id, "member_id": member.id}
        if not await insert_if_new(self._session, AccountRow, account):
            await self._session.delete(member)
        found = await self._behind(origin)
        if found is None:
            raise LookupError("the account was there a moment ago")
        return found

    async def get(self, member_id: str) -> Member | None:
        """A member by id."""
        rows = await self._session.execute(_WITH_ACCOUNTS.where(MemberRow.id == member_id))
        return _member(rows.all())

    async def _behind(self, origin: Origin) -> Member | None:
        account = {"platform": origin.platform.value, "user_id": origin.user_id}
        return _member((await self._session.execute(_BEHIND, account)).all())


def _member(rows: Sequence[Row[str, str, str, str, str]]) -> Member | None:
    """One member from a row for each account."""
    if not rows:
        return None
    member_id, locale, display_name, _, _ = rows[0]
    accounts = tuple((Platform(platform), user_id) for _, _, _, platform, user_id in rows if platform)
    return Member(member_id, locale, display_name, accounts)


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
