"""Requests that are being put together, in the database."""

from sqlalchemy import Select, delete, insert, select, update

from bot.domain.draft import Draft
from bot.domain.identity import Platform
from bot.storage.connection import AnyRow, PatientConnection
from bot.storage.mapping import draft_from_row, draft_to_row
from bot.storage.tables import drafts


class SqlDrafts:
    """Drafts in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def add(self, draft: Draft) -> None:
        """Store a new draft."""
        await self._connection.execute(insert(drafts), draft_to_row(draft))

    async def get(self, draft_id: str) -> Draft | None:
        """A draft by id."""
        return await self._newest(select(drafts).where(drafts.c.id == draft_id))

    async def put(self, draft: Draft) -> None:
        """Replace it; one that is gone stays gone."""
        await self._connection.execute(update(drafts).where(drafts.c.id == draft.id).values(draft_to_row(draft)))

    async def asked_in(self, platform: Platform, asked_in: str) -> Draft | None:
        """The draft whose words are asked for in a message."""
        return await self._newest(select(drafts).filter_by(platform=platform.value, asked_in=asked_in))

    async def latest(self, platform: Platform, user_id: str, since: float) -> Draft | None:
        """Somebody's newest draft that still has no words, of those begun since then."""
        theirs = select(drafts).filter_by(platform=platform.value, user_id=user_id, text="")
        return await self._newest(theirs.where(drafts.c.created_at >= since))

    async def delete(self, draft_id: str) -> None:
        """Forget it."""
        await self._connection.execute(delete(drafts).where(drafts.c.id == draft_id))

    async def forget_before(self, moment: float) -> None:
        """Forget what nobody came back to."""
        await self._connection.execute(delete(drafts).where(drafts.c.created_at < moment))

    async def _newest(self, rows: Select[AnyRow]) -> Draft | None:
        row = await self._connection.first(rows.order_by(drafts.c.created_at.desc(), drafts.c.id).limit(1))
        return draft_from_row(row) if row else None
