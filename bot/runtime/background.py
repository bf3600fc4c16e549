"""Something that runs while something else is done."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any


@asynccontextmanager
async def in_background(loop: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run `loop` during the block and cancel it after; should it die meanwhile, so does the block, with its error."""
    owner = asyncio.current_task()
    task = asyncio.create_task(loop)

    def died(done: asyncio.Task[None]) -> None:
        if not done.cancelled() and done.exception() and owner:
            owner.cancel()

    task.add_done_callback(died)
    try:
        yield
    finally:
        task.remove_done_callback(died)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
