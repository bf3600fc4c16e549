"""What somebody may do in a group, asked of Telegram where no message tells it: on the web page."""

from adapters.telegram.place import Place
from adapters.telegram.ranks import Ranks
from bot.domain.identity import Platform, Role
from bot.ports import Transactions


class TelegramRanks:
    """The port `Ranks`. Raises PlatformBusy while Telegram cannot be asked."""

    def __init__(self, ranks: Ranks, transactions: Transactions) -> None:
        self._ranks = ranks
        self._transactions = transactions

    async def rank(self, platform: Platform, community_id: str, user_id: str) -> Role:
        """An administrator's role by their rights; whoever is in the moderators' chat moderates, as on cards there."""
        role = await self._ranks.of(int(community_id), int(user_id), freshly=True)
        if role.at_least(Role.MODERATOR):
            return role
        async with self._transactions() as tx:
            chat = (await tx.communities.get(platform, community_id)).review_channel
        moderates = chat is not None and await self._ranks.belongs(Place.of(chat).chat_id, int(user_id))
        return Role.MODERATOR if moderates else role
