"""A session that finishes what it has begun, also when its task is cancelled meanwhile.

Cancelling a statement midway makes SQLAlchemy close the connection with a cursor still open. SQLite keeps such a
connection, and the write lock of its transaction, until the garbage collector finds the cursor: for half a minute
everybody else hears 'database is locked'. Tasks are cancelled whenever a browser leaves or a member stops a job.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


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


class PatientSession(AsyncSession):
    """Everything that talks to the database, to its end."""

    async def execute(self, *args: Any, **options: Any) -> Any:
        """See AsyncSession; `scalars` comes by here too."""
        return await _to_the_end(super().execute(*args, **options))

    async def scalar(self, *args: Any, **options: Any) -> Any:
        """See AsyncSession."""
        return await _to_the_end(super().scalar(*args, **options))

    async def get(self, *args: Any, **options: Any) -> Any:
        """See AsyncSession."""
        return await _to_the_end(super().get(*args, **options))

    async def flush(self, *args: Any, **options: Any) -> None:
        """See AsyncSession."""
        await _to_the_end(super().flush(*args, **options))

    async def commit(self) -> None:
        """See AsyncSession."""
        await _to_the_end(super().commit())

    async def close(self) -> None:
        """See AsyncSession."""
        await _to_the_end(super().close())
