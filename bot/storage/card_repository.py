"""Where a platform's moderators see a case, kept in the case's own row."""

from sqlalchemy import and_, case, or_, select, update

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, DueCard
from bot.storage.connection import PatientConnection
from bot.storage.mapping import case_from_row
from bot.storage.places import review_channel
from bot.storage.review_repository import community_of_job
from bot.storage.tables import cases, communities, jobs

_GIVEN_UP = "given-up"
"""A card's status when its channel does not take it; it has no message then."""


class SqlCards:
    """Review cards in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def due(self, platform: Platform, limit: int) -> list[DueCard]:
        """Cases whose card is missing, or tells of an earlier status; oldest first."""
        in_charge = review_channel()
        missing = and_(
            cases.c.card_message.is_(None),
            cases.c.status == CaseStatus.OPEN.value,
            in_charge.is_not(None),
            or_(cases.c.card_channel.is_(None), cases.c.card_channel != in_charge),
        )
        outdated = and_(cases.c.card_message.is_not(None), cases.c.card_status != cases.c.status)
        here = and_(communities.c.platform == jobs.c.platform, communities.c.community_id == community_of_job())
        # A card stays in the channel where it was put, also when the owner has chosen another since.
        channel = case((cases.c.card_message.is_(None), in_charge), else_=cases.c.card_channel)
        rows = await self._connection.execute(
            select(cases, channel.label("channel"))
            .join(jobs, jobs.c.id == cases.c.job_id)
            .outerjoin(communities, here)
            .where(jobs.c.platform == platform.value, or_(missing, outdated))
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return [DueCard(case_from_row(row), row.channel, row.card_message) for row in rows]

    async def shown(self, case_id: str, channel_id: str, message_id: str, status: CaseStatus) -> None:
        """The card is there, and tells of this status."""
        await self._record(case_id, channel_id, message_id, status.value)

    async def give_up(self, case_id: str, channel_id: str) -> None:
        """The card is due again only when the community has another channel for it."""
        await self._record(case_id, channel_id, None, _GIVEN_UP)

    async def _record(self, case_id: str, channel: str | None, message: str | None, status: str) -> None:
        await self._connection.execute(
            update(cases)
            .where(cases.c.id == case_id)
            .values(card_channel=channel, card_message=message, card_status=status)
        )
