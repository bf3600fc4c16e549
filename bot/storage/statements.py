"""What SQLAlchemy writes differently for each database."""

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Base


async def insert_if_new(session: AsyncSession, table: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless one has its key already; whether it was inserted. Of two that race one wins."""
    into = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    inserted = await session.execute(into(table).values(**values).on_conflict_do_nothing())
    return isinstance(inserted, CursorResult) and inserted.rowcount == 1
