"""What crashes and time leave behind is put right, once."""

import os
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import CommunityPolicy
from bot.domain.jobs import JobStatus
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest, MixRequest, Source
from bot.usecases import account, recover
from bot.usecases.process import process
from tests import house
from tests.fakes import png
from tests.house import POLICY, House


async def jobs(home: House) -> int:
    return await recover.jobs(home.transaction, home.events, home.clock, POLICY)


async def test_a_lost_lease_returns_the_job_until_it_died_too_often(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await home.accepted()
    for attempt in range(1, POLICY.max_attempts + 1):
        assert (await home.claim()).attempts == attempt
        assert await jobs(home) == 0
        home.clock.time += POLICY.lease + 1
        assert await jobs(home) == 1
    assert (await home.job(job.id)).status is JobStatus.FAILED
    assert await home.used() == 0


async def test_a_passed_deadline_ends_a_waiting_job_free_of_charge(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await home.accepted()
    home.clock.time += POLICY.deadline + 1
    assert await jobs(home) == 1 and await jobs(home) == 0
    ended = await home.job(job.id)
    assert ended.error and ended.error.message == "deadline-passed"
    assert await home.used() == 0


async def test_a_case_nobody_decided_expires_and_the_units_come_back(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.accepted()
    home.moderator.picture_score = 0.7
    job = await home.claim()
    await process(job, home.bench)
    used = await home.used()
    home.clock.time += CommunityPolicy().case_lifetime + 1
    assert await recover.cases(home.transaction, home.events, home.clock) == 1
    assert (await home.job(job.id)).status is JobStatus.EXPIRED
    home.clock.time -= CommunityPolicy().case_lifetime + 1
    assert used == PICTURE_UNITS and await home.used() == 0


async def test_only_orphaned_files_are_swept(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    store = home.desk.artifacts
    orphan = await store.put(png("black"), ".png")
    waiting = await home.accepted(AvatarRequest("like this", image=png("white")))
    await home.accepted()
    home.clock.time += 1
    first = await home.claim()
    await process(first, home.bench)
    for path in tmp_path.glob("??/*"):
        os.utime(path, (0, 0))
    assert await recover.files(home.transaction, store, home.clock) == (1 if not first.uploads else 2)
    assert orphan.name not in await store.names_older_than(home.clock.now())
    for picture, _ in await account.gallery(house.ADA, home.transaction):
        assert await store.get(picture.name)
    if first.id != waiting.id and waiting.uploads:
        assert await store.get(waiting.uploads[0])


async def test_a_picture_that_others_are_to_be_made_of_stays_until_they_are(
    database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(database, tmp_path)
    await home.accepted()
    await process(await home.claim(), home.bench)
    ((parent, _),) = await account.gallery(house.ADA, home.transaction)
    job = await home.accepted(MixRequest(Source(parent.id), Source(image=png("white"))))
    await account.delete_picture(house.ADA, parent.id, home.transaction, home.clock)
    for path in tmp_path.glob("??/*"):
        os.utime(path, (0, 0))
    assert await recover.files(home.transaction, home.desk.artifacts, home.clock) == 0
    assert await process(await home.claim(), home.bench) is JobStatus.READY
    assert await recover.files(home.transaction, home.desk.artifacts, home.clock) == len(job.uploads) == 2
