"""How a community's moderation went, for its owner."""

from bot.domain.identity import Platform
from bot.domain.weekly import WEEK, WeeklyReport, report
from bot.ports import Transactions


async def weekly(
    platform: Platform, community_id: str | None, until: float, transactions: Transactions
) -> WeeklyReport:
    """The seven days before `until`; None is a platform's private chats."""
    since = until - WEEK
    async with transactions() as tx:
        screenings = await tx.screenings.within(platform, community_id, since, until)
        cases = await tx.reviews.within(platform, community_id, since, until)
        opinions = await tx.casework.opinions([case.id for case in cases])
    return report(screenings, cases, opinions, since, until)
