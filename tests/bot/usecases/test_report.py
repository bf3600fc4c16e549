"""A reported picture stays until a moderator decides, and a rejected one leaves every place it was shown in."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import Conflict, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Delivery, Job, JobStatus, JobView
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Stage
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import MemberRequest
from bot.usecases import account, casework, recover, review
from bot.usecases.deliver import deliver_next
from bot.usecases.process import process
from bot.usecases.report import DAY_LIMIT, report
from tests import house
from tests.house import KNIGHT, POLICY, House

BOB = house.origin("bob")


class Inbox:
    """A messenger that remembers what it showed."""

    platform = Platform.CONSOLE

    def __init__(self) -> None:
        self.shown: list[tuple[JobStatus, int]] = []

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        self.shown.append((delivery.told, len(view.artifacts)))


async def made(home: House, request: MemberRequest = KNIGHT, origin: Origin = house.ADA) -> Job:
    await home.accepted(request, origin)
    job = await home.claim()
    assert await process(job, home.bench) is JobStatus.READY
    return job


async def delivered(home: House, inbox: Inbox) -> list[tuple[JobStatus, int]]:
    while await deliver_next({Platform.CONSOLE: inbox}, home.transaction, home.clock):
        pass
    return inbox.shown


async def say(home: House, job: Job, origin: Origin = BOB, note: str = "not nice") -> ReviewCase | None:
    return await report(origin, job.id, note, home.transaction, home.clock, home.events)


async def approve(home: House, case: ReviewCase) -> None:
    await review.approve(case.id, "mod", home.transaction, home.events, home.clock, POLICY)


async def reject(home: House, case: ReviewCase) -> None:
    await review.reject(case.id, "mod", home.transaction, home.events, home.clock)


async def test_a_report_opens_one_case_for_all(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await made(home)
    case = await say(home, job, note="  not\n\u202enice " + "x" * 900)
    assert case and (case.stage, case.status) == (Stage.REPORT, CaseStatus.OPEN)
    assert case.cause.category is Category.REPORTED and case.cause.source == "member"
    assert case.cause.evidence.startswith("not nice") and len(case.cause.evidence) == 200
    assert await say(home, job, house.origin("carol")) is None
    assert [view.case for view in await review.cases(home.transaction)] == [case]
    assert (await home.job(job.id)).status is JobStatus.READY


async def test_many_reports_at_once_open_one_case(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await made(home)
    cases = await asyncio.gather(*(say(home, job, house.origin(f"member-{number}")) for number in range(6)))
    assert len([case for case in cases if case]) == 1
    assert len(await review.cases(home.transaction)) == 1


async def test_nobody_reports_the_same_twice(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await made(home)
    answers = await asyncio.gather(*(say(home, job) for _ in range(4)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 3 and "already-reported" in str(refused[0])
    assert len(await review.cases(home.transaction)) == 1


async def test_only_what_a_member_can_see_can_be_reported(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await made(home)
    elsewhere = (
        replace(BOB, community_id="other"),
        replace(BOB, community_id=None),
        replace(BOB, platform=Platform.TELEGRAM),
    )
    for origin in elsewhere:
        with pytest.raises(NotFound, match="report-nothing"):
            await say(home, job, origin)
    private = await made(home, replace(KNIGHT, private=True))
    chat = await made(home, origin=replace(house.ADA, community_id=None))
    waiting = await home.accepted()
    deleted = await made(home, origin=house.origin("carol"))
    for picture, _ in await account.gallery(house.origin("carol"), home.transaction):
        await account.delete_picture(house.origin("carol"), picture.id, home.transaction, home.clock)
    for hidden in (private, chat, waiting, deleted, replace(job, id="no-such-job")):
        for origin in (BOB, replace(BOB, community_id=None)):
            with pytest.raises(NotFound, match="report-nothing"):
                await say(home, hidden, origin)
    assert await say(home, private, house.ADA) and await say(home, chat, house.ADA)


async def test_ten_a_day_are_enough(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    jobs = []
    for number in range(DAY_LIMIT + 1):
        jobs.append(await made(home, origin=house.origin(f"painter-{number}")))
    for job in jobs[:DAY_LIMIT]:
        assert await say(home, job)
    with pytest.raises(NotAllowed, match="report-limit"):
        await say(home, jobs[-1])
    assert len(await review.cases(home.transaction)) == DAY_LIMIT
    home.clock.time += 86_401
    assert await say(home, jobs[-1])


async def test_an_approved_picture_stays_where_it_is(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job = await made(home)
    await delivered(home, inbox)
    case = await say(home, job)
    assert case
    await approve(home, case)
    assert (await home.job(job.id)).status is JobStatus.DELIVERED
    assert await delivered(home, inbox) == [(JobStatus.READY, 1)]
    assert len(await account.gallery(house.ADA, home.transaction)) == 1
    assert await say(home, job, house.origin("carol")), "another member may bring it up again"


async def test_a_rejected_picture_leaves_the_message_and_the_gallery(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job = await made(home)
    await delivered(home, inbox)
    case = await say(home, job)
    assert case
    await reject(home, case)
    after = await home.job(job.id)
    assert after.status is JobStatus.REJECTED and after.error and after.error.message == "job-removed"
    assert await delivered(home, inbox) == [(JobStatus.READY, 1), (JobStatus.REJECTED, 0)]
    assert await account.gallery(house.ADA, home.transaction) == []
    assert (await account.view(house.ADA, job.id, home.transaction)).artifacts == ()
    # Whoever decides an appeal has to see it; nobody else does.
    assert len((await review.show(case.id, home.transaction)).artifacts) == 1
    assert await home.used() == PICTURE_UNITS
    with pytest.raises(NotFound, match="report-nothing"):
        await say(home, job, house.origin("carol"))


async def test_a_picture_rejected_on_its_way_is_never_shown(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    case = await say(home, await made(home))
    assert case
    await reject(home, case)
    assert await delivered(home, inbox) == [(JobStatus.REJECTED, 0)]


async def test_a_picture_rejected_while_it_is_handed_over_is_taken_back(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    case = await say(home, await made(home))
    assert case

    class Slow(Inbox):
        async def deliver(self, delivery: Delivery, view: JobView) -> None:
            if delivery.told is JobStatus.READY and case:
                await reject(home, case)
            await super().deliver(delivery, view)

    assert await delivered(home, Slow()) == [(JobStatus.READY, 1), (JobStatus.REJECTED, 0)]
    assert (await home.job(case.job_id)).status is JobStatus.REJECTED


async def test_of_two_moderators_one_decides(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job = await made(home)
    case = await say(home, job)
    assert case
    deciding = [approve(home, case), reject(home, case), approve(home, case), reject(home, case)]
    answers = await asyncio.gather(*deciding, delivered(home, inbox), return_exceptions=True)
    assert answers[:4].count(None) == 1
    assert all(isinstance(answer, Conflict) for answer in answers[:4] if answer is not None)
    decided = (await review.show(case.id, home.transaction)).case.status
    shown = await delivered(home, inbox)
    status = (await home.job(job.id)).status
    if decided is CaseStatus.APPROVED:
        assert status is JobStatus.DELIVERED and shown == [(JobStatus.READY, 1)]
    else:
        assert status is JobStatus.REJECTED and shown[-1] == (JobStatus.REJECTED, 0)


async def test_a_report_that_nobody_answers_changes_nothing(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    job = await made(home)
    await delivered(home, inbox)
    assert await say(home, job)
    home.clock.time += CommunityPolicy().case_lifetime + 1
    assert await recover.cases(home.transaction, home.events, home.clock) == 1
    assert (await home.job(job.id)).status is JobStatus.DELIVERED
    assert len(await account.gallery(house.ADA, home.transaction)) == 1


async def test_who_mostly_cries_wolf_needs_a_second_voice(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    for number in range(3):
        case = await say(home, await made(home, origin=house.origin(f"painter-{number}")))
        assert case
        await approve(home, case)
    job = await made(home)
    assert await say(home, job) is None
    assert await review.cases(home.transaction) == []
    home.clock.time += 1
    case = await say(home, job, house.origin("carol"), "really not nice")
    assert case and case.cause.evidence == "really not nice"
    said = await casework.reports(case.id, home.transaction)
    assert [report.note for report in said] == ["not nice", "really not nice"]
    for number in range(3):
        another = await made(home, origin=house.origin(f"artist-{number}"))
        await say(home, another, house.origin("dave"))
        waiting = await say(home, another)
        assert waiting is None
        (view,) = [each for each in await review.cases(home.transaction) if each.job.id == another.id]
        await reject(home, view.case)
    assert await say(home, await made(home, origin=house.origin("eve"))), "being right is remembered, too"
