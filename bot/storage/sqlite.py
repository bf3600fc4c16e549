"""SQLite in a thread of its own, visited once a statement.

SQLAlchemy goes there four times for each: to open a cursor, execute, fetch and close. A visit is two changes of
thread, and on busy cores these took most of the time that a job spent in the house.
"""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

import aiosqlite


async def connect(path: str, **options: Any) -> aiosqlite.Connection:
    """An open connection whose cursors do everything in one visit."""
    return await _Connection(partial(sqlite3.connect, path, **options), iter_chunk_size=64)


class _Connection(aiosqlite.Connection):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._thread.daemon = True  # whoever forgets to close it can still leave

    def cursor(self) -> "_Cursor":  # type: ignore[override]  # it is only what SQLAlchemy uses of one
        return _Cursor(self)


class _Cursor:
    """A statement's whole life: its rows are fetched, and SQLite's cursor is closed, before the thread is left."""

    description: Sequence[Any] | None = None
    rowcount = -1
    lastrowid: int | None = None

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        return await self._go(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        return await self._go(sqlite3.Cursor.executemany, sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None: ...

    async def _go(self, execute: Any, sql: str, parameters: Any) -> Self:
        await self._connection._execute(self._visit, execute, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    def _visit(self, execute: Any, sql: str, parameters: Any) -> None:
        cursor = self._connection._conn.cursor()
        try:
            execute(cursor, sql, parameters)
            self._rows, self.description = cursor.fetchall(), cursor.description
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
