"""Where a platform's moderators see a case, kept in the case's own row."""

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus, DueCard
from bot.storage.mapping import case_from_row
from bot.storage.models import CaseRow, CommunityRow, JobRow
from bot.storage.review_repository import community_of_job

_GIVEN_UP = "given-up"
"""A card's status when its channel does not take it; it has no message then."""


class SqlCards:
    """Review cards in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def due(self, platform: Platform, limit: int) -> list[DueCard]:
        """Cases whose card is missing, or tells of an earlier status; oldest first."""
        review_channel = CommunityRow.rules["review_channel"].as_string()
        missing = and_(
            CaseRow.card_message.is_(None),
            CaseRow.status == CaseStatus.OPEN.value,
            review_channel.is_not(None),
            or_(CaseRow.card_channel.is_(None), CaseRow.card_channel != review_channel),
        )
        outdated = and_(CaseRow.card_message.is_not(None), CaseRow.card_status != CaseRow.status)
        here = and_(CommunityRow.platform == JobRow.platform, CommunityRow.community_id == community_of_job())
        # A card stays in the channel where it was put, also when the owner has chosen another since.
        channel = case((CaseRow.card_message.is_(None), review_channel), else_=CaseRow.card_channel)
        rows = await self._session.execute(
            select(CaseRow, channel)
            .join(JobRow, JobRow.id == CaseRow.job_id)
            .outerjoin(CommunityRow, here)
            .where(JobRow.platform == platform.value, or_(missing, outdated))
            .order_by(CaseRow.opened_at, CaseRow.id)
            .limit(limit)
        )
        return [DueCard(case_from_row(row), channel, row.card_message) for row, channel in rows]

    async def shown(self, case_id: str, channel_id: str, message_id: str, status: CaseStatus) -> None:
        """The card is there, and tells of this status."""
        await self._record(case_id, channel_id, message_id, status.value)

    async def give_up(self, case_id: str, channel_id: str) -> None:
        """The card is due again only when the community has another channel for it."""
        await self._record(case_id, channel_id, None, _GIVEN_UP)

    async def _record(self, case_id: str, channel: str | None, message: str | None, status: str) -> None:
        await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(card_channel=channel, card_message=message, card_status=status)
            .execution_options(synchronize_session=False)
        )
