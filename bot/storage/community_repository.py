"""What owners decided for their communities, in the database."""

from sqlalchemy import bindparam, select, update

from bot.domain.community import CommunityRules
from bot.domain.identity import Platform
from bot.storage.connection import PatientConnection
from bot.storage.mapping import rules_from_json, rules_to_json
from bot.storage.places import move, review_channel
from bot.storage.statements import insert_if_new
from bot.storage.tables import communities

_RULES = select(communities.c.rules).where(
    communities.c.platform == bindparam("platform"), communities.c.community_id == bindparam("community_id")
)


class SqlCommunities:
    """Communities' rules in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def get(self, platform: Platform, community_id: str, *, to_change: bool = False) -> CommunityRules:
        """A community's rules, the defaults where nobody made any."""
        if to_change:
            # There must be a row to lock: two owners who change different things shall both be heard.
            await self._begin(platform, community_id)
        rules = _RULES.with_for_update() if to_change else _RULES
        found = await self._connection.scalar(rules, {"platform": platform.value, "community_id": community_id})
        return rules_from_json(found) if found else CommunityRules()

    async def put(self, platform: Platform, community_id: str, rules: CommunityRules, by: str, now: float) -> None:
        """Replace them."""
        await self._begin(platform, community_id)
        await self._connection.execute(
            update(communities)
            .filter_by(platform=platform.value, community_id=community_id)
            .values(rules=rules_to_json(rules), updated_at=now, updated_by=by)
        )

    async def move(self, platform: Platform, old_id: str, new_id: str) -> None:
        """A community has another id now: its rules, and whatever names it as a place, follow."""
        await move(self._connection, platform, old_id, new_id)

    async def reviewed_in(self, platform: Platform, channel_id: str) -> list[str]:
        """The communities whose moderators see their cases in this channel."""
        rows = (
            select(communities.c.community_id)
            .where(communities.c.platform == platform.value, review_channel() == channel_id)
            .order_by(communities.c.community_id)
        )
        return [row.community_id for row in await self._connection.execute(rows)]

    async def _begin(self, platform: Platform, community_id: str) -> None:
        key = {"platform": platform.value, "community_id": community_id}
        defaults = rules_to_json(CommunityRules())
        await insert_if_new(
            self._connection, communities, key | {"rules": defaults, "updated_at": 0.0, "updated_by": ""}
        )
