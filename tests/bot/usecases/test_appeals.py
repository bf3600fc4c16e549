"""An appeal is another moderator's: upheld, the picture is delivered and paid back; and it is made once."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import Conflict, HuashenError, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Stage
from bot.domain.quota import PICTURE_UNITS
from bot.usecases import account, appeals, link, recover, review
from bot.usecases.appeals import WINDOW
from tests import house
from tests.bot.usecases.moderating import (
    MAX,
    MO,
    Inbox,
    approve,
    case,
    delivered,
    drawn,
    held_picture,
    held_prompt,
    overturn,
    reject,
    waiting,
)
from tests.bot.usecases.test_report import say
from tests.house import ADA, House

BEN = house.origin("ben")
ME = "console:me"


async def appeal(home: House, job_id: str, words: str = "it is a vase", origin: Origin = ADA) -> ReviewCase:
    return await appeals.appeal(origin, job_id, words, home.transaction, home.clock, home.events)


async def test_an_upheld_appeal_delivers_and_pays_back(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, first = await held_picture(home)
    await reject(home, first, reason=Category.SEXUAL)
    assert await home.used() == PICTURE_UNITS
    made = await appeal(home, job.id, " it is\n a vase ")
    assert (made.stage, made.first_case_id, made.cause.evidence) == (Stage.APPEAL, first, "it is a vase")
    assert len((await review.show(made.id, home.transaction)).pictures) == 1
    with pytest.raises(NotAllowed, match="appeal-other-moderator"):
        await approve(home, made.id, MO)
    assert await account.gallery(ADA, home.transaction) == [] and await waiting(home) == [made.id]
    await approve(home, made.id, MAX)
    assert (await delivered(home, inbox))[-1] is JobStatus.READY
    assert await home.used() == 0 and len(await account.gallery(ADA, home.transaction)) == 1
    assert (await case(home, first)).overturned_at is not None
    async with home.transaction() as tx:
        assert [strike.lifted_at is None for strike in await tx.sanctions.strikes(job.member_id, ADA.community)] == [
            False
        ]


async def test_a_removed_picture_is_shown_again(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job = await drawn(home)
    await delivered(home, inbox)
    reported = await say(home, job)
    assert reported
    await reject(home, reported.id)
    await delivered(home, inbox)
    made = await appeal(home, job.id)
    await approve(home, made.id, MAX)
    assert await delivered(home, inbox) == [JobStatus.READY, JobStatus.REJECTED, JobStatus.READY]
    assert (await home.job(job.id)).status is JobStatus.DELIVERED and await home.used() == 0


async def test_a_denied_appeal_is_told_and_final(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, first = await held_picture(home)
    await reject(home, first)
    await delivered(home, inbox)
    made = await appeal(home, job.id)
    await reject(home, made.id, MAX)
    assert (await delivered(home, inbox))[-1] is JobStatus.REJECTED and len(inbox.told) == 2
    error = (await home.job(job.id)).error
    assert error and error.message == "appeal-denied" and await home.used() == PICTURE_UNITS
    async with home.transaction() as tx:
        assert len(await tx.sanctions.strikes(job.member_id, ADA.community)) == 1
    with pytest.raises(Conflict, match="appeal-once"):
        await appeal(home, job.id)
    await overturn(home, made.id, "console:third")
    assert (await delivered(home, inbox))[-1] is JobStatus.READY and await home.used() == 0


async def test_a_rejected_prompt_is_drawn_after_all(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job, first = await held_prompt(home)
    await reject(home, first)
    await approve(home, (await appeal(home, job.id)).id, MAX)
    assert (await home.job(job.id)).status is JobStatus.QUEUED and await home.used() == 0


async def test_of_many_appeals_at_once_one_is_made(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job, first = await held_picture(home)
    await reject(home, first)
    answers = await asyncio.gather(*(appeal(home, job.id) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(answer, ReviewCase) for answer in answers) == 1, answers
    assert sum(isinstance(answer, Conflict) for answer in answers) == 5


async def test_who_cannot_appeal_hears_why(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job, first = await held_picture(home)
    errors: list[tuple[type[HuashenError], str, str, Origin]] = [
        (Conflict, "appeal-nothing", "please", ADA),
        (NotFound, "job-not-found", "please", BEN),
        (InvalidRequest, "appeal-empty", " \u202e ", ADA),
    ]
    for kind, message, words, origin in errors:
        with pytest.raises(kind, match=message):
            await appeal(home, job.id, words, origin)
    await reject(home, first)
    home.clock.time += WINDOW
    with pytest.raises(Conflict, match="appeal-too-late"):
        await appeal(home, job.id)


async def test_nobody_decides_about_themselves(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    moderator = house.origin("7", platform=Platform.DISCORD)
    other_self = house.origin("8", platform=Platform.TELEGRAM)
    code = (await link.issue(moderator, home.transaction, home.clock)).code
    await link.redeem(other_self, code, home.transaction, home.clock)
    job, first = await held_picture(home)
    await reject(home, first, moderator.asker)
    made = await appeal(home, job.id)
    for too_near in (moderator.asker, other_self.asker, ADA.asker):
        for act in (approve, reject):
            with pytest.raises(NotAllowed, match="appeal-other-moderator"):
                await act(home, made.id, too_near)
    await approve(home, made.id, MO)


async def test_where_nobody_else_decides_the_machines_owner_may(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job, first = await held_picture(home)
    await reject(home, first, ME)
    await approve(home, (await appeal(home, job.id)).id, ME, Role.OWNER)
    job, first = await held_picture(home)
    await reject(home, first, MO)
    job, first = await held_picture(home)
    await reject(home, first, ME)
    with pytest.raises(NotAllowed, match="appeal-other-moderator"):
        await approve(home, (await appeal(home, job.id)).id, ME, Role.OWNER)


async def test_an_appeal_of_another_community_is_not_theirs(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job, first = await held_picture(home)
    await reject(home, first)
    made = await appeal(home, job.id)
    stranger = house.origin("max", role=Role.OWNER, community_id="other")
    with pytest.raises(NotAllowed, match="moderators-only"):
        await review.for_moderator(made.id, stranger, home.transaction)
    here = replace(stranger, community_id="home")
    assert (await review.for_moderator(made.id, here, home.transaction)).case.id == made.id


async def test_an_appeal_that_nobody_looks_at_is_paid_back(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, first = await held_picture(home)
    await reject(home, first)
    made = await appeal(home, job.id)
    home.clock.time += CommunityPolicy().case_lifetime + 1
    assert await recover.cases(home.transaction, home.events, home.clock) == 1
    assert (await case(home, made.id)).status is CaseStatus.EXPIRED
    after = await home.job(job.id)
    assert after.status is JobStatus.REJECTED and after.error and after.error.message == "appeal-expired"
    assert (await delivered(home, inbox))[-1] is JobStatus.REJECTED and await home.used() == 0


async def test_what_was_rejected_is_kept_as_long_as_it_can_be_appealed(
    database: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = house.build(database, tmp_path)
    monkeypatch.setattr(recover, "ORPHAN_AGE", -1e12)
    _, kept = await held_picture(home)
    await approve(home, kept)
    home.clock.time += 60
    job, first = await held_picture(home, house.origin("ben"))
    await reject(home, first)
    home.clock.time += WINDOW - 1
    assert await recover.files(home.transaction, home.desk.artifacts, home.clock) == 0
    made = await appeal(home, job.id, origin=house.origin("ben"))
    home.clock.time += WINDOW
    assert await recover.files(home.transaction, home.desk.artifacts, home.clock) == 0, "somebody still has to see it"
    await reject(home, made.id, MAX)
    home.clock.time += WINDOW
    (name,) = (await review.show(first, home.transaction)).pictures
    assert await recover.files(home.transaction, home.desk.artifacts, home.clock) in (0, 1)
    shared = (await review.show(kept, home.transaction)).pictures == (name,)
    if not shared:
        with pytest.raises(NotFound):
            await home.desk.artifacts.get(name)


async def test_what_is_turned_round_needs_no_appeal_any_more(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, first = await held_picture(home)
    await reject(home, first)
    made = await appeal(home, job.id)
    await overturn(home, first)
    assert (await case(home, made.id)).status is CaseStatus.WITHDRAWN and await waiting(home) == []
    assert (await delivered(home, inbox))[-1] is JobStatus.READY
    home.clock.time += 2 * WINDOW
    await overturn(home, first, MAX)
    again = (await home.job(job.id)).error
    assert again and again.message == "job-overturned"
    with pytest.raises(Conflict, match="appeal-once"):
        await appeal(home, job.id)


async def test_the_week_begins_when_an_approval_is_turned_round(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job, first = await held_picture(home)
    await approve(home, first)
    home.clock.time += 2 * WINDOW
    await overturn(home, first)
    assert (await appeal(home, job.id)).first_case_id == first
