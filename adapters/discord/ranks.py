"""What somebody may do in a server, asked of Discord where no interaction tells it: on the web page."""

from adapters.discord.outlet import Outlet
from adapters.discord.parsing import ranked, role_of
from bot.domain.identity import Platform, Role
from bot.ports import Transactions


class DiscordRanks:
    """The port `Ranks`. Raises PlatformBusy while Discord cannot be asked."""

    def __init__(self, outlet: Outlet, transactions: Transactions) -> None:
        self._outlet = outlet
        self._transactions = transactions

    async def rank(self, platform: Platform, community_id: str, user_id: str) -> Role:
        """Their role by Discord's permissions and the community's rules; MEMBER for who is not there."""
        member = await self._outlet.member(int(community_id), int(user_id))
        if member is None:
            return Role.MEMBER
        role = role_of(member.guild_permissions)
        if member.is_timed_out():
            # Discord leaves no permission but an administrator's to who is timed out; neither do the community's roles.
            return role
        async with self._transactions() as tx:
            rules = await tx.communities.get(platform, community_id)
        return ranked(role, [str(given.id) for given in member.roles], rules)
