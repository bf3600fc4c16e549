"""A cancelled task leaves the database as free as it found it."""

import asyncio
import time
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.usecases import account
from tests import house


async def test_a_cancelled_task_holds_no_lock(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await home.accepted()
    cancelled = []
    for attempt in range(60):
        task = asyncio.create_task(account.history(house.ADA, home.transaction))
        await asyncio.sleep(attempt * 0.0004)
        task.cancel()
        await asyncio.wait({task})
        # Kept, as an exception in a log or a debugger is: what it refers to must not hold the lock.
        cancelled.append(task)
        began = time.monotonic()
        async with home.transaction() as tx:
            await tx.members.resolve(house.ADA)
            await tx.commit()
        assert time.monotonic() - began < 10
    assert any(task.cancelled() for task in cancelled)
