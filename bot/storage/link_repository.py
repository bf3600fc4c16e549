"""Codes that link accounts, by their hash, in the database."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, tuple_, update

from bot.domain.identity import Platform
from bot.domain.link import Account
from bot.storage.connection import PatientConnection
from bot.storage.tables import link_codes, link_tries


class SqlLinks:
    """Codes and wrong tries in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, hashed: str, account: Account, now: float, expires_at: float) -> None:
        """Remember a code that an account shows."""
        platform, user_id = account
        row = {"hash": hashed, "platform": platform.value, "user_id": user_id}
        await self._connection.execute(insert(link_codes), row | {"created_at": now, "expires_at": expires_at})

    async def shown_by(self, hashed: str) -> Account | None:
        """Whose code this is, or was."""
        row = await self._connection.first(select(link_codes).where(link_codes.c.hash == hashed))
        return (Platform(row.platform), row.user_id) if row else None

    async def use(self, hashed: str, now: float) -> bool:
        """Use a code; False when it has ended or was never there."""
        used = await self._connection.execute(
            update(link_codes)
            .where(link_codes.c.hash == hashed, link_codes.c.ended_at.is_(None), link_codes.c.expires_at > now)
            .values(ended_at=now)
        )
        return used.rowcount == 1

    async def issued(self, accounts: Sequence[Account], since: float) -> int:
        """How many codes these accounts were given since then."""
        theirs = tuple_(link_codes.c.platform, link_codes.c.user_id).in_(_keys(accounts))
        return await self._connection.scalar(select(func.count()).where(theirs, link_codes.c.created_at > since)) or 0

    async def end(self, accounts: Sequence[Account], now: float) -> None:
        """No code of these accounts can be used any more."""
        theirs = tuple_(link_codes.c.platform, link_codes.c.user_id).in_(_keys(accounts))
        still_open = link_codes.c.ended_at.is_(None)
        await self._connection.execute(update(link_codes).where(theirs, still_open).values(ended_at=now))

    async def failed(self, account: Account, now: float) -> None:
        """Remember that an account typed a wrong code."""
        platform, user_id = account
        row = {"id": uuid4().hex, "platform": platform.value, "user_id": user_id, "tried_at": now}
        await self._connection.execute(insert(link_tries), row)

    async def failures(self, account: Account, since: float) -> int:
        """How many wrong codes an account typed since then."""
        platform, user_id = account
        theirs = select(func.count()).select_from(link_tries).filter_by(platform=platform.value, user_id=user_id)
        return await self._connection.scalar(theirs.where(link_tries.c.tried_at > since)) or 0

    async def forget_before(self, moment: float) -> None:
        """Forget codes and tries that limit nobody any more."""
        await self._connection.execute(delete(link_codes).where(link_codes.c.created_at < moment))
        await self._connection.execute(delete(link_tries).where(link_tries.c.tried_at < moment))


def _keys(accounts: Sequence[Account]) -> list[tuple[str, str]]:
    return [(platform.value, user_id) for platform, user_id in accounts]
