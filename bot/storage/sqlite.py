"""SQLite in a thread of its own, visited once a statement.

SQLAlchemy goes there four times for each: to open a cursor, execute, fetch and close; and once more to begin a
transaction, and to roll one back that is over. A visit is two changes of thread, and on busy cores these took most of
the time that a job spent in the house.
"""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

_SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;  -- FULL syncs at every commit; this loses nothing to kill -9, only to a power cut
PRAGMA foreign_keys = ON;
"""


async def connect(path: str) -> aiosqlite.Connection:
    """An open connection whose cursors do everything in one visit."""
    # The driver's own transaction handling begins too late: we begin ourselves, below.
    connection = await _Connection(partial(sqlite3.connect, path, timeout=30, isolation_level=None), iter_chunk_size=64)
    try:
        await connection.executescript(_SETTINGS)
    except sqlite3.Error:
        await connection.close()
        raise
    return connection


class _Connection(aiosqlite.Connection):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._thread.daemon = True  # whoever forgets to close it can still leave

    def cursor(self) -> "_Cursor":  # type: ignore[override]  # it is only what SQLAlchemy uses of one
        return _Cursor(self)

    async def rollback(self) -> None:
        if self.in_transaction:
            await super().rollback()


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
        connection = self._connection._conn
        if not connection.in_transaction:
            # A deferred transaction that reads first and writes later fails with 'database is locked' as soon as
            # another writer slipped in between, without waiting: take the write lock at the start instead.
            connection.execute("BEGIN IMMEDIATE")
        cursor = connection.cursor()
        try:
            execute(cursor, sql, parameters)
            self._rows, self.description = cursor.fetchall(), cursor.description
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
