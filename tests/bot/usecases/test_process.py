"""From a claimed job to its end: result, units, delivery and case commit together."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import Reason
from bot.domain.identity import Platform
from bot.domain.jobs import Job, JobStatus, JobView, Settlement
from bot.domain.moderation import CaseStatus
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest, CaptionRequest
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import account, review
from bot.usecases.deliver import deliver_next
from bot.usecases.process import process
from engines.contract import Cancelled, EngineUnreachable, InvalidInput, ModelUnavailable, OutOfMemory
from tests import house
from tests.house import House


class Inbox:
    """A platform that remembers what it was sent, and may refuse."""

    platform = Platform.CONSOLE

    def __init__(self) -> None:
        self.sent: list[tuple[str, JobView]] = []
        self.error: Exception | None = None

    async def deliver(self, delivery: object, view: JobView) -> None:
        if self.error:
            raise self.error
        self.sent.append((delivery.id, view))  # type: ignore[attr-defined]


async def deliver(home: House, inbox: Inbox) -> bool:
    return await deliver_next({Platform.CONSOLE: inbox}, home.transaction, home.clock)


async def test_a_member_hears_what_the_model_could_not_draw(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    told = {
        "a castle": (Reason.of("avatar-not-understood"),),
        "a robot with a beard": (Reason.of("avatar-left-out", words="beard"),),
        "a knight": (),
    }
    for prompt, notes in told.items():
        await home.accepted(AvatarRequest(prompt))
        job = await home.claim()
        assert await process(job, home.bench) is JobStatus.READY
        result = (await home.job(job.id)).result
        assert result and result.notes == notes


async def test_a_picture_is_drawn_kept_charged_and_delivered_once(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    await home.accepted(AvatarRequest("a knight", seed=7, count=2))
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.READY
    assert (await home.job(job.id)).settlement is Settlement.SETTLED
    assert await deliver(home, inbox)
    assert not await deliver(home, inbox)
    ((_, view),) = inbox.sent
    assert [picture.seed for picture in view.artifacts] == [7, 8]
    assert (await home.job(job.id)).status is JobStatus.DELIVERED
    pictures = await account.gallery(house.ADA, home.transaction)
    assert len(pictures) == 2
    assert (await account.picture(house.ADA, pictures[0][0].id, home.transaction, home.desk.artifacts))[
        :4
    ] == b"\x89PNG"
    assert await home.used() == 2 * PICTURE_UNITS


async def test_captions_are_written(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.accepted(CaptionRequest("a sunset hike with friends", count=2))
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.READY
    result = (await home.job(job.id)).result
    assert result and 1 <= len(result.texts) <= 2 and result.model == "fake"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (InvalidInput("not a picture"), "engine-invalid-input"),
        (ModelUnavailable("weights missing"), "model-unavailable"),
        (OutOfMemory("too large"), "out-of-memory"),
        (Cancelled("deadline"), "deadline-passed"),
    ],
)
async def test_an_engine_error_fails_the_job_and_costs_nothing(
    sqlite_database: AsyncEngine, tmp_path: Path, error: Exception, message: str
) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    await home.accepted()
    home.engine.error = error  # type: ignore[assignment]
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.FAILED
    failed = await home.job(job.id)
    assert failed.error and failed.error.message == message
    assert await home.used() == 0
    assert await deliver(home, inbox)


async def test_a_dead_engine_means_another_try_and_then_the_end(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.accepted()
    home.engine.error = EngineUnreachable("killed")
    for _ in range(house.POLICY.max_attempts - 1):
        assert await process(await home.claim(), home.bench) is JobStatus.QUEUED
        assert await home.used() == PICTURE_UNITS
    assert await process(await home.claim(), home.bench) is JobStatus.FAILED
    assert await home.used() == 0


async def test_a_worker_that_lost_its_lease_changes_nothing(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    await home.accepted()
    slow = await home.claim("slow")
    async with home.transaction() as tx:
        assert await tx.jobs.move(slow, JobStatus.QUEUED, now=home.clock.now())
        await tx.commit()
    quick = await home.claim("quick")
    assert await process(quick, home.bench) is JobStatus.READY
    assert await process(slow, home.bench) is None
    assert await deliver(home, inbox) and not await deliver(home, inbox)
    assert len((inbox.sent[0][1]).artifacts) == 1


async def held(home: House) -> Job:
    await home.accepted()
    home.moderator.picture_score = 0.7
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.HELD
    return job


async def test_a_held_picture_is_hidden_until_approved(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    job = await held(home)
    assert await account.gallery(house.ADA, home.transaction) == []
    assert (await account.history(house.ADA, home.transaction))[0].artifacts == ()
    case = (await review.cases(home.transaction))[0].case
    await review.approve(case.id[:6], "mod", home.transaction, home.events, home.clock, house.POLICY)
    while await deliver(home, inbox):
        pass
    assert [view.job.status for _, view in inbox.sent] == [JobStatus.READY]
    assert len(await account.gallery(house.ADA, home.transaction)) == 1
    with pytest.raises(Exception, match="case-already-decided"):
        await review.reject(case.id, "other", home.transaction, home.events, home.clock)
    assert (await home.job(job.id)).status is JobStatus.DELIVERED


async def test_a_rejected_picture_stays_charged_and_unseen(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await held(home)
    case = (await review.cases(home.transaction))[0].case
    await review.reject(case.id, "mod", home.transaction, home.events, home.clock, "not here")
    assert (await home.job(job.id)).status is JobStatus.REJECTED
    assert await home.used() == PICTURE_UNITS
    assert (await review.cases(home.transaction, CaseStatus.REJECTED))[0].case.note == "not here"


async def test_an_approved_prompt_is_worked_on(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.submit(AvatarRequest("please hold me"))
    case = (await review.cases(home.transaction))[0].case
    home.clock.time += house.POLICY.deadline * 2
    await review.approve(case.id, "mod", home.transaction, home.events, home.clock, house.POLICY)
    job = await home.claim()
    assert job.approved and await process(job, home.bench) is JobStatus.READY


async def test_a_rejected_prompt_costs_nothing(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.submit(AvatarRequest("please hold me"))
    case = (await review.cases(home.transaction))[0].case
    await review.reject(case.id, "mod", home.transaction, home.events, home.clock)
    assert await home.used() == 0


async def test_a_blocked_picture_is_neither_kept_nor_shown(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.accepted()
    home.moderator.picture_score = 0.99
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.BLOCKED
    assert (await account.view(house.ADA, job.id, home.transaction)).artifacts == ()
    assert await home.used() == PICTURE_UNITS


async def test_a_busy_platform_gets_it_later_and_a_gone_one_never(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    await home.accepted()
    job = await home.claim()
    await process(job, home.bench)
    inbox.error = PlatformBusy(7)
    assert await deliver(home, inbox)
    inbox.error = None
    assert not await deliver(home, inbox)
    home.clock.time += 8
    inbox.error = AddresseeGone()
    assert await deliver(home, inbox)
    inbox.error = None
    home.clock.time += 1000
    assert not await deliver(home, inbox)
    assert len(await account.gallery(house.ADA, home.transaction)) == 1


async def test_cancelling_a_waiting_job_gives_the_units_back(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted()
    await account.cancel(house.ADA, job.id, home.transaction, home.events, home.clock)
    assert await home.used() == 0
    with pytest.raises(Exception, match="job-moved-on"):
        await account.cancel(house.ADA, job.id, home.transaction, home.events, home.clock)


async def test_nobody_sees_or_stops_another_members_job(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted()
    eve = replace(house.ADA, user_id="eve")
    with pytest.raises(Exception, match="job-not-found"):
        await account.cancel(eve, job.id, home.transaction, home.events, home.clock)
    await process(await home.claim(), home.bench)
    picture = (await account.gallery(house.ADA, home.transaction))[0][0]
    with pytest.raises(Exception, match="picture-not-found"):
        await account.picture(eve, picture.id, home.transaction, home.desk.artifacts)
