"""A connection that finishes what it has begun, also when its task is cancelled meanwhile.

Cancelling a statement midway makes SQLAlchemy close the connection with a cursor still open. SQLite keeps such a
connection, and the write lock of its transaction, until the garbage collector finds the cursor: for half a minute
everybody else hears 'database is locked'. Tasks are cancelled whenever a browser leaves or a member stops a job.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
Values = Mapping[str, Any]


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """The answer of `work`; a cancellation is obeyed after it."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            # Taken, so that nobody warns of an error that no one is left to hear.
            task.exception()
        raise


class PatientConnection:
    """One transaction, which begins with its first statement; everything that talks to the database, to its end.

    Core and not a Session: the ORM's bookkeeping took most of the time that a job spent in the house.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.dialect = engine.dialect.name
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """The result, all of which is here already."""
        return await _to_the_end(self._execute(statement, values))

    async def first(self, statement: Executable, values: Values | None = None) -> AnyRow | None:
        """The first row."""
        return (await self.execute(statement, values)).first()

    async def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        """The first column of the first row; None where there is no row."""
        return (await self.execute(statement, values)).scalar()

    async def commit(self) -> None:
        """Make it so, and give the connection back."""
        if self._connection is not None:
            await _to_the_end(self._end(self._connection, commit=True))

    async def close(self) -> None:
        """Roll back what was not committed, and give the connection back."""
        if self._connection is not None:
            await _to_the_end(self._end(self._connection, commit=False))

    async def _execute(
        self, statement: Executable, values: Values | Sequence[Values] | None
    ) -> CursorResult[*tuple[Any, ...]]:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return await self._connection.execute(statement, values)

    async def _end(self, connection: AsyncConnection, *, commit: bool) -> None:
        self._connection = None
        try:
            if commit:
                await connection.commit()
        finally:
            await connection.close()
