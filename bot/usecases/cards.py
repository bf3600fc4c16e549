"""Cards: messages in a moderators' channel, one for each case, kept in line with it by whoever runs the platform."""

from dataclasses import dataclass

from bot.domain.identity import Platform
from bot.ports import Clock, Transactions
from bot.usecases.docket import Docket, docket_in


@dataclass(frozen=True, slots=True)
class Card:
    """A case to show in a channel: as a new message, or in the one that is there."""

    docket: Docket
    channel_id: str
    message_id: str | None
    shows: str


async def due(platform: Platform, transactions: Transactions, clock: Clock, limit: int = 20) -> list[Card]:
    """Open cases of communities with a review channel that have no card yet, and cards that tell of an earlier state.

    Oldest first. A card that was put up stays in its channel, also when the owner has chosen another since.
    """
    async with transactions() as tx:
        return [
            Card(await docket_in(tx, card.case, clock.now()), card.channel_id, card.message_id, card.shows)
            for card in await tx.cards.due(platform, clock.now(), limit)
        ]


async def posted(case_id: str, channel_id: str, message_id: str, shows: str, transactions: Transactions) -> None:
    """The card is there, and tells what `due` said."""
    async with transactions() as tx:
        await tx.cards.shown(case_id, channel_id, message_id, shows)
        await tx.commit()


async def lost(case_id: str, channel_id: str, transactions: Transactions) -> None:
    """The channel or the card is gone: this case is shown again only in another channel, and stays in the list."""
    async with transactions() as tx:
        await tx.cards.give_up(case_id, channel_id)
        await tx.commit()
