"""Cards: messages in a moderators' channel, one for each case, kept in line with it by whoever runs the platform."""

from dataclasses import dataclass

from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus
from bot.ports import Transactions
from bot.usecases.review import CaseView, view_in


@dataclass(frozen=True, slots=True)
class Card:
    """A case to show in a channel: as a new message, or in the one that is there."""

    view: CaseView
    channel_id: str
    message_id: str | None


async def due(platform: Platform, transactions: Transactions, limit: int = 20) -> list[Card]:
    """Open cases of communities with a review channel that have no card yet, and cards that tell of an earlier status.

    Oldest first. A card that was put up stays in its channel, also when the owner has chosen another since.
    """
    async with transactions() as tx:
        return [
            Card(await view_in(tx, card.case), card.channel_id, card.message_id)
            for card in await tx.cards.due(platform, limit)
        ]


async def posted(
    case_id: str, channel_id: str, message_id: str, status: CaseStatus, transactions: Transactions
) -> None:
    """The card is there, and tells of this status."""
    async with transactions() as tx:
        await tx.cards.shown(case_id, channel_id, message_id, status)
        await tx.commit()


async def lost(case_id: str, channel_id: str, transactions: Transactions) -> None:
    """The channel or the card is gone: this case is shown again only in another channel, and stays in the list."""
    async with transactions() as tx:
        await tx.cards.give_up(case_id, channel_id)
        await tx.commit()
