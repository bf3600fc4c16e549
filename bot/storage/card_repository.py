"""Where a platform's moderators see a case, kept in the case's own row."""

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, or_, select, update

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, DueCard
from bot.storage.connection import PatientConnection
from bot.storage.mapping import case_from_row
from bot.storage.places import review_channel
from bot.storage.review_repository import community_of_job
from bot.storage.sanction_repository import in_force
from bot.storage.tables import cases, communities, jobs, notes, opinions, sanctions

_GIVEN_UP = "given-up"
"""A card's status when its channel does not take it; it has no message then."""


class SqlCards:
    """Review cards in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def due(self, platform: Platform, now: float, limit: int) -> list[DueCard]:
        """Cases whose card is missing, or tells of an earlier state; oldest first."""
        in_charge, shows = review_channel(), _shows(now)
        missing = and_(
            cases.c.card_message.is_(None),
            cases.c.status == CaseStatus.OPEN.value,
            in_charge.is_not(None),
            or_(cases.c.card_channel.is_(None), cases.c.card_channel != in_charge),
        )
        outdated = and_(cases.c.card_message.is_not(None), cases.c.card_status != shows)
        here = and_(communities.c.platform == jobs.c.platform, communities.c.community_id == community_of_job())
        # A card stays in the channel where it was put, also when the owner has chosen another since.
        channel = case((cases.c.card_message.is_(None), in_charge), else_=cases.c.card_channel)
        rows = await self._connection.execute(
            select(cases, channel.label("channel"), shows.label("shows"))
            .join(jobs, jobs.c.id == cases.c.job_id)
            .outerjoin(communities, here)
            .where(jobs.c.platform == platform.value, or_(missing, outdated))
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return [DueCard(case_from_row(row), row.channel, row.card_message, row.shows) for row in rows]

    async def shown(self, case_id: str, channel_id: str, message_id: str, shows: str) -> None:
        """The card is there, and tells what a DueCard's `shows` named."""
        await self._record(case_id, channel_id, message_id, shows)

    async def give_up(self, case_id: str, channel_id: str) -> None:
        """The card is due again only when the community has another channel for it."""
        await self._record(case_id, channel_id, None, _GIVEN_UP)

    async def _record(self, case_id: str, channel: str | None, message: str | None, status: str) -> None:
        await self._connection.execute(
            update(cases)
            .where(cases.c.id == case_id)
            .values(card_channel=channel, card_message=message, card_status=status)
        )


def _shows(now: float) -> ColumnElement[str]:
    """What a card tells beside what never changes: the status, and while it is open who is at work, what was said, and
    whether its member is sanctioned. All that is looked up for open cases alone, which are few.
    """
    said = select(func.count()).select_from(notes).where(notes.c.case_id == cases.c.id).scalar_subquery()
    thought = select(func.count()).select_from(opinions).where(opinions.c.case_id == cases.c.id).scalar_subquery()
    barred = select(func.count()).select_from(sanctions).where(sanctions.c.member_id == jobs.c.member_id, in_force(now))
    taken = and_(cases.c.claimed_by.is_not(None), cases.c.claimed_until > now)
    work = _where(taken, literal(" claimed ") + func.coalesce(cases.c.claimed_by, ""))
    passed_on = _where(cases.c.escalated_at.is_not(None), literal(" escalated"))
    words = _where(said + thought > 0, literal(" said ") + cast(said, Text) + " " + cast(thought, Text))
    standing = barred.scalar_subquery()
    in_work = work + passed_on + words + _where(standing > 0, literal(" sanctioned ") + cast(standing, Text))
    reversible = _where(and_(cases.c.settles_at.is_not(None), cases.c.settled_at.is_(None)), literal(" reversible"))
    return cases.c.status + case((cases.c.status == CaseStatus.OPEN.value, in_work), else_=reversible)


def _where(condition: ColumnElement[bool], words: ColumnElement[str]) -> ColumnElement[str]:
    return case((condition, words), else_=literal(""))
