"""Accepted, refused or held: in one transaction, and once for each message."""

import asyncio
from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs import JobStatus
from bot.domain.outcomes import Accepted, Held, Refused
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest
from tests import house
from tests.fakes import png


async def test_accepting_reserves_and_says_what_is_left(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    first = await home.submit()
    home.clock.time += 1
    second = await home.submit()
    assert isinstance(first, Accepted) and isinstance(second, Accepted)
    assert (first.place.position, second.place.position) == (0, 1)
    assert second.quota.remaining == 100 - 2 * PICTURE_UNITS
    assert second.quota.resets_at > home.clock.now()


async def test_a_seed_is_chosen_so_that_a_second_attempt_draws_the_same(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted(AvatarRequest("a knight"))
    assert job.request.seed is not None


async def test_a_replayed_message_makes_no_second_job(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    message = replace(house.ADA, token="message-1")
    outcomes = await asyncio.gather(*(home.submit(origin=message) for _ in range(5)))
    assert len({outcome.job_id for outcome in outcomes if isinstance(outcome, Accepted)}) == 1
    assert await home.in_status(JobStatus.QUEUED) == 1
    assert await home.used() == PICTURE_UNITS


async def test_a_blocked_prompt_is_refused_and_free(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    outcome = await home.submit(AvatarRequest("please block me"))
    assert isinstance(outcome, Refused) and outcome.reason.message == "blocked"
    assert await home.used() == 0 and await home.in_status(JobStatus.QUEUED) == 0


async def test_a_doubtful_prompt_is_held_with_its_units(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    outcome = await home.submit(AvatarRequest("please hold me"))
    assert isinstance(outcome, Held)
    assert await home.used() == PICTURE_UNITS and await home.in_status(JobStatus.HELD) == 1


async def test_a_broken_screen_holds(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    home.moderator.broken = True
    outcome = await home.submit()
    assert isinstance(outcome, Held)
    assert dict(outcome.reason.arguments)["category"] == "unscreened"


async def test_an_upload_is_screened_and_kept_out_of_the_row(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted(AvatarRequest("like this", image=png()))
    assert isinstance(job.request, AvatarRequest) and job.request.image is None
    assert job.uploads and await home.desk.artifacts.get(job.uploads[0]) == png()
    home.moderator.picture_score = 0.95
    assert isinstance(await home.submit(AvatarRequest("like this", image=png())), Refused)


async def test_a_full_queue_refuses(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path, replace(house.POLICY, queue_limit=1))
    await home.accepted()
    outcome = await home.submit()
    assert isinstance(outcome, Refused) and outcome.reason.message == "queue-full"
    assert await home.used() == PICTURE_UNITS


async def test_nobody_hogs_the_queue(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    for _ in range(3):
        await home.accepted()
        home.clock.time += 1
    bob = await home.accepted(origin=house.origin("bob"))
    home.clock.time += 1
    assert (await home.claim()).origin.user_id == "ada"
    home.clock.time += 1
    assert (await home.claim()).id == bob.id
