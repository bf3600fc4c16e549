"""What a member may see and do, what everybody in a channel may, and what a moderator may."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import Conflict, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.moderation import CaseStatus
from bot.domain.outcomes import Held
from bot.domain.requests import AvatarRequest
from bot.usecases import account, review
from bot.usecases.process import process
from tests import house
from tests.house import ADA, House

BOB = house.origin("bob")
MODERATOR = house.origin("mod", role=Role.MODERATOR, channel_id="elsewhere")
OUTSIDERS = (
    house.origin("bob", channel_id="elsewhere"),
    house.origin("bob", role=Role.TRUSTED, channel_id="elsewhere"),
    house.origin("bob", community_id="another"),
    house.origin("bob", community_id=None),
    house.origin("bob", platform=Platform.WEB),
    house.origin("mod", role=Role.OWNER, community_id="another"),
    house.origin("mod", role=Role.OWNER, community_id=None),
    house.origin("mod", role=Role.OWNER, platform=Platform.WEB),
)


async def drawn(home: House, origin: Origin = ADA, request: AvatarRequest = house.KNIGHT) -> tuple[Job, Artifact]:
    """A finished job with its picture."""
    job = await home.accepted(request, origin)
    await process(await home.claim(), home.bench)
    async with home.transaction() as tx:
        (picture,) = (await tx.artifacts.of_jobs([job.id]))[job.id]
    return await home.job(job.id), picture


async def sees(home: House, origin: Origin, picture: Artifact) -> bool:
    """Whether somebody sees a picture; that they see its job must not differ."""
    try:
        artifact, job, content = await account.shown_picture(origin, picture.id, home.transaction, home.desk.artifacts)
    except NotFound as error:
        assert error.reason.message == "picture-not-found"
        return False
    assert (artifact, job.id, content[:4]) == (picture, picture.job_id, b"\x89PNG")
    return True


async def sees_job(home: House, origin: Origin, job: Job) -> bool:
    try:
        return (await account.shown(origin, job.id, home.transaction)).job.id == job.id
    except NotFound as error:
        assert error.reason.message == "job-not-found"
        return False


async def test_what_waits_is_listed_newest_first_with_its_place(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await drawn(home)
    made: list[str] = []
    for request in (AvatarRequest("hold me"), AvatarRequest("one"), AvatarRequest("two")):
        home.clock.time += 1
        outcome = await home.submit(request)
        made.append(outcome.job_id)  # type: ignore[union-attr]
        await home.accepted(origin=BOB)
    running = (await home.claim()).id
    while running not in made:
        running = (await home.claim()).id
    found = await account.open_jobs(ADA, home.transaction, home.desk.policy)
    assert [view.job.id for view, _ in found] == made[::-1]
    states = {view.job.id: (view.job.status, place is not None) for view, place in found}
    assert states[made[0]] == (JobStatus.HELD, False)
    assert states[running] == (JobStatus.RUNNING, False)
    assert sum(queued for _, queued in states.values()) == 1


async def test_a_channel_sees_what_was_made_in_it(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job, picture = await drawn(home)
    for origin in (ADA, replace(ADA, channel_id="elsewhere", community_id=None), BOB, MODERATOR):
        assert await sees(home, origin, picture) and await sees_job(home, origin, job)
    for origin in OUTSIDERS:
        assert not await sees(home, origin, picture) and not await sees_job(home, origin, job)


async def test_what_is_private_is_seen_by_its_member_alone(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    for origin, request in (
        (ADA, AvatarRequest("a knight", private=True)),
        (replace(ADA, community_id=None), house.KNIGHT),
    ):
        job, picture = await drawn(home, origin, request)
        assert await sees(home, ADA, picture) and await sees_job(home, ADA, job)
        for other in (BOB, MODERATOR, replace(BOB, community_id=None)):
            assert not await sees(home, other, picture) and not await sees_job(home, other, job)


async def test_what_is_held_rejected_or_deleted_is_not_shown(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, deleted = await drawn(home)
    await account.delete_picture(ADA, deleted.id, home.transaction, home.clock)
    home.moderator.picture_score = 0.7
    held, held_picture = await drawn(home)
    rejected, rejected_picture = await drawn(home)
    cases = {view.job.id: view.case.id for view in await review.cases(home.transaction)}
    await review.reject(cases[rejected.id], "mod", home.transaction, home.events, home.clock)
    for origin in (ADA, BOB, MODERATOR):
        for picture in (deleted, held_picture, rejected_picture):
            assert not await sees(home, origin, picture)
    for job in (held, rejected):
        assert await sees_job(home, ADA, job)
        assert not await sees_job(home, BOB, job) and not await sees_job(home, MODERATOR, job)
        assert (await account.shown(ADA, job.id, home.transaction)).artifacts == ()


async def test_a_moderator_of_the_community_may_stop_and_delete(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, picture = await drawn(home)
    await account.delete_picture(MODERATOR, picture.id, home.transaction, home.clock)
    assert not await sees(home, ADA, picture)
    job = await home.accepted()
    stopped = await account.cancel(MODERATOR, job.id, home.transaction, home.events, home.clock)
    assert stopped is JobStatus.CANCELLED
    assert await home.used() == 4


async def test_nobody_has_to_decide_about_what_was_stopped(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    outcome = await home.submit(AvatarRequest("please hold me"))
    assert isinstance(outcome, Held)
    await account.cancel(ADA, outcome.job_id, home.transaction, home.events, home.clock)
    assert (await review.show(outcome.case_id, home.transaction)).case.status is CaseStatus.WITHDRAWN
    assert await review.cases(home.transaction) == []
    with pytest.raises(Conflict, match="case-already-decided"):
        await review.reject(outcome.case_id, "mod", home.transaction, home.events, home.clock)


@pytest.mark.parametrize("other", [BOB, *OUTSIDERS])
async def test_nobody_else_may(other: Origin, sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, picture = await drawn(home)
    with pytest.raises(NotFound, match="picture-not-found"):
        await account.delete_picture(other, picture.id, home.transaction, home.clock)
    job = await home.accepted()
    with pytest.raises(NotFound, match="job-not-found"):
        await account.cancel(other, job.id, home.transaction, home.events, home.clock)
    assert (await home.job(job.id)).status is JobStatus.QUEUED
