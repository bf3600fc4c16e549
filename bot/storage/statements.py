"""What SQLAlchemy writes differently for each database."""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.connection import PatientConnection


def insert_into(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do about a row that is there already."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


@cache
def _if_new(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return insert_into(dialect, table).on_conflict_do_nothing()


async def insert_if_new(connection: PatientConnection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one has its key already; whether it was inserted. Of two that race one wins."""
    return (await connection.execute(_if_new(connection.dialect, table), values)).rowcount == 1
