"""The worker keeps its leases, obeys cancellation, and gives back what it holds when it is stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs import JobStatus
from bot.domain.quota import PICTURE_UNITS
from bot.runtime.background import in_background
from bot.runtime.worker import Worker
from bot.usecases import account
from tests import house
from tests.house import House


@asynccontextmanager
async def at_work(home: House) -> AsyncIterator[None]:
    async with in_background(Worker(home.bench).run()):
        yield


async def until(home: House, status: JobStatus, count: int = 1) -> None:
    async with asyncio.timeout(20):
        while await home.in_status(status) < count:
            await asyncio.sleep(0.02)


def quick(database: AsyncEngine, folder: Path) -> House:
    return house.build(database, folder, replace(house.POLICY, lease=1.0, workers=2))


async def test_jobs_are_done_as_they_come(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = quick(sqlite_database, tmp_path)
    async with at_work(home):
        for index in range(5):
            await home.accepted(origin=house.origin(f"member-{index}"))
        await until(home, JobStatus.READY, 5)


async def test_a_running_job_stops_when_its_member_says_so(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = quick(sqlite_database, tmp_path)
    home.engine.gate.clear()
    job = await home.accepted()
    async with at_work(home):
        await until(home, JobStatus.RUNNING)
        assert await account.cancel(house.ADA, job.id, home.transaction, home.events, home.clock) is JobStatus.RUNNING
        await until(home, JobStatus.CANCELLED)
        # The slot is free again.
        home.engine.gate.set()
        await home.accepted()
        await until(home, JobStatus.READY)
    assert await home.used() == 2 * PICTURE_UNITS


async def test_an_orderly_stop_gives_the_jobs_back(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = quick(sqlite_database, tmp_path)
    home.engine.gate.clear()
    await home.accepted()
    async with at_work(home):
        await until(home, JobStatus.RUNNING)
    assert await home.in_status(JobStatus.QUEUED) == 1
    home.engine.gate.set()
    async with at_work(home):
        await until(home, JobStatus.READY)


async def test_a_job_taken_away_is_dropped(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = quick(sqlite_database, tmp_path)
    home.engine.gate.clear()
    job = await home.accepted()
    async with at_work(home):
        await until(home, JobStatus.RUNNING)
        running = await home.job(job.id)
        async with home.transaction() as tx:
            assert await tx.jobs.move(running, JobStatus.FAILED, now=home.clock.now())
            await tx.commit()
        await asyncio.sleep(0.3)
        home.engine.gate.set()
        await home.accepted()
        await until(home, JobStatus.READY)
    assert (await home.job(job.id)).status is JobStatus.FAILED
