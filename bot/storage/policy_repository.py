"""Communities' policies in the database, every one that ever was."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from bot.domain.community_policy import CommunityPolicy, PolicyVersion
from bot.domain.identity import Platform
from bot.policies import from_dict, to_dict
from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_if_new
from bot.storage.tables import policies

_ALL = (
    select(policies)
    .where(policies.c.platform == bindparam("platform"), policies.c.community_id == bindparam("community_id"))
    .order_by(policies.c.version.desc())
)
_CURRENT = _ALL.limit(1)
_VERSION = _ALL.where(policies.c.version == bindparam("version"))


class SqlPolicies:
    """Policies in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def current(self, platform: Platform, community_id: str | None) -> CommunityPolicy | None:
        """The newest; None where nobody made any."""
        return await self._one(_CURRENT, _place(platform, community_id))

    async def version(self, platform: Platform, community_id: str | None, version: int) -> CommunityPolicy | None:
        """One of them by its number."""
        return await self._one(_VERSION, _place(platform, community_id) | {"version": version})

    async def versions(self, platform: Platform, community_id: str | None) -> list[PolicyVersion]:
        """All of them, newest first."""
        rows = await self._connection.execute(_ALL, _place(platform, community_id))
        return [PolicyVersion(_policy(row), row.created_at, row.created_by, row.note) for row in rows]

    async def add(
        self, platform: Platform, community_id: str | None, policy: CommunityPolicy, by: str, note: str, now: float
    ) -> bool:
        """Append it under the version it carries; False when somebody else took that number."""
        row = {"version": policy.version, "policy": to_dict(policy), "created_at": now, "created_by": by, "note": note}
        return await insert_if_new(self._connection, policies, _place(platform, community_id) | row)

    async def _one(self, which: Select[Any], values: dict[str, Any]) -> CommunityPolicy | None:
        row = await self._connection.first(which, values)
        return _policy(row) if row else None


def _place(platform: Platform, community_id: str | None) -> dict[str, Any]:
    return {"platform": platform.value, "community_id": community_id or ""}


def _policy(row: Row[Any]) -> CommunityPolicy:
    return from_dict(row.policy, version=row.version)
