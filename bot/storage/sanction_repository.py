"""Strikes and sanctions in the database."""

from sqlalchemy import ColumnElement, and_, insert, not_, or_, select, update

from bot.domain.identity import Platform
from bot.domain.jobs import Job, JobStatus
from bot.domain.moderation import Category
from bot.domain.sanctions import Sanction, SanctionKind, Strike
from bot.storage.connection import AnyRow, PatientConnection
from bot.storage.mapping import job_from_row
from bot.storage.review_repository import community_of_job
from bot.storage.tables import jobs, sanctions, strikes

_OPEN = (JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.HELD.value)


class SqlSanctions:
    """Strikes and sanctions in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def strike(self, strike: Strike) -> None:
        """Add a strike."""
        row = {
            "id": strike.id,
            "member_id": strike.member_id,
            "community": strike.community,
            "category": strike.category.value,
            "case_id": strike.case_id,
            "at": strike.at,
        }
        await self._connection.execute(insert(strikes), row)

    async def lift_strikes(self, case_id: str, now: float) -> None:
        """The strikes of a case count no more."""
        of_case = strikes.c.case_id == case_id, strikes.c.lifted_at.is_(None)
        await self._connection.execute(update(strikes).where(*of_case).values(lifted_at=now))

    async def strikes(self, member_id: str, community: str) -> list[Strike]:
        """A member's strikes that count in a community, newest first, lifted and decayed ones too."""
        here = strikes.c.member_id == member_id, strikes.c.community.in_({community, ""})
        rows = select(strikes).where(*here).order_by(strikes.c.at.desc(), strikes.c.id)
        return [_strike(row) for row in await self._connection.execute(rows)]

    async def add(self, sanction: Sanction) -> None:
        """Add a sanction."""
        row = {
            "id": sanction.id,
            "member_id": sanction.member_id,
            "community": sanction.community,
            "kind": sanction.kind.value,
            "reason": sanction.reason,
            "made_by": sanction.by,
            "at": sanction.at,
            "until": sanction.until,
        }
        await self._connection.execute(insert(sanctions), row)

    async def get(self, sanction_id: str) -> Sanction | None:
        """A sanction by id."""
        row = await self._connection.first(select(sanctions).where(sanctions.c.id == sanction_id))
        return _sanction(row) if row else None

    async def lift(
        self, member_id: str, community: str, kind: SanctionKind | None, now: float, by: str | None = None
    ) -> int:
        """End those in force exactly there, of one kind or of all, made by one or by anybody; answers how many."""
        which = [sanctions.c.member_id == member_id, sanctions.c.community == community, in_force(now)]
        if kind:
            which.append(sanctions.c.kind == kind.value)
        if by:
            which.append(sanctions.c.made_by == by)
        return (await self._connection.execute(update(sanctions).where(*which).values(lifted_at=now))).rowcount

    async def of(self, member_id: str, platform: Platform, community: str) -> list[Sanction]:
        """A member's sanctions that count in a community of a platform, or with '' in private chats there.

        Newest first, lifted and past ones too.
        """
        counting = or_(sanctions.c.community.in_({community, ""}), _of_another_platform(platform.value))
        rows = select(sanctions).where(sanctions.c.member_id == member_id, counting)
        rows = rows.order_by(sanctions.c.at.desc(), sanctions.c.id)
        return [_sanction(row) for row in await self._connection.execute(rows)]

    async def untold(self, platform: Platform, now: float, limit: int) -> list[Sanction]:
        """Sanctions in force in a platform's communities of which their members were not told, oldest first."""
        here = sanctions.c.community.startswith(f"{platform.value}:", autoescape=True)
        rows = select(sanctions).where(sanctions.c.told_at.is_(None), here, in_force(now))
        rows = rows.order_by(sanctions.c.at, sanctions.c.id).limit(limit)
        return [_sanction(row) for row in await self._connection.execute(rows)]

    async def told(self, sanction_id: str, now: float) -> None:
        """The member was told."""
        await self._connection.execute(update(sanctions).where(sanctions.c.id == sanction_id).values(told_at=now))

    async def barred(self, now: float) -> list[Job]:
        """Jobs of banned members that wait, run or are held where the ban counts."""
        same = sanctions.c.community == jobs.c.platform + ":" + community_of_job()
        there = or_(sanctions.c.community == "", same, _of_another_platform(jobs.c.platform))
        ban = sanctions.c.kind == SanctionKind.BAN.value
        rows = (
            select(jobs)
            .where(
                jobs.c.status.in_(_OPEN),
                select(sanctions.c.id)
                .where(sanctions.c.member_id == jobs.c.member_id, ban, in_force(now), there)
                .exists(),
            )
            .order_by(jobs.c.id)
        )
        return [job_from_row(row) for row in await self._connection.execute(rows)]


def _of_another_platform(platform: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a sanction was made elsewhere: nobody escapes one by their account on another platform."""
    return and_(sanctions.c.community != "", not_(sanctions.c.community.startswith(platform + ":")))


def in_force(now: float) -> ColumnElement[bool]:
    """Whether a sanction is neither lifted nor over."""
    return sanctions.c.lifted_at.is_(None) & or_(sanctions.c.until.is_(None), sanctions.c.until > now)


def _strike(row: AnyRow) -> Strike:
    return Strike(row.id, row.member_id, row.community, Category(row.category), row.case_id, row.at, row.lifted_at)


def _sanction(row: AnyRow) -> Sanction:
    return Sanction(
        id=row.id,
        member_id=row.member_id,
        community=row.community,
        kind=SanctionKind(row.kind),
        reason=row.reason,
        by=row.made_by,
        at=row.at,
        until=row.until,
        lifted_at=row.lifted_at,
    )
