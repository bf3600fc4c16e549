"""Decisions: the first wins, can be taken back for a while, and turned round for good."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import Conflict, NotAllowed
from bot.domain.identity import Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category
from bot.domain.quota import PICTURE_UNITS
from bot.usecases import account, casework, review
from bot.usecases.casework import LEASE
from bot.usecases.process import process
from bot.usecases.review import GRACE
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
    settle,
    waiting,
)
from tests.bot.usecases.test_report import say
from tests.house import ADA, House


async def undo(home: House, case_id: str, by: str = MO, role: Role = Role.MODERATOR) -> None:
    await review.undo(case_id, by, home.transaction, home.events, home.clock, role=role)


async def test_of_eight_decisions_one_counts(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    for made, grace in ((held_picture, 0.0), (held_picture, GRACE), (held_prompt, 0.0)):
        job, case_id = await made(home)
        acts = [act(home, case_id, f"console:mod{n}", grace=grace) for n in range(4) for act in (approve, reject)]
        answers = await asyncio.gather(*acts, return_exceptions=True)
        assert sum(isinstance(answer, Conflict) for answer in answers) == 7, answers
        home.clock.time += GRACE
        await settle(home)
        decided = await case(home, case_id)
        rejected = decided.status is CaseStatus.REJECTED
        assert ((await home.job(job.id)).status is JobStatus.REJECTED) is rejected
    await delivered(home, inbox)
    news = [(view.job.id, told) for view, told in zip(inbox.views, inbox.told, strict=True)]
    assert len(news) == len(set(news))


async def test_a_decision_is_taken_back_before_it_takes_effect(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    for made, act in ((held_picture, approve), (held_picture, reject), (held_prompt, approve), (held_prompt, reject)):
        job, case_id = await made(home)
        used, told = await home.used(), await delivered(home, inbox)
        view = await act(home, case_id, grace=GRACE)
        assert view.case.decided and view.case.settled_at is None
        home.clock.time += GRACE - 1
        assert await settle(home) == 0
        assert (await home.job(job.id)).status is JobStatus.HELD
        await undo(home, case_id)
        assert case_id in await waiting(home)
        home.clock.time += 2
        assert await settle(home) == 0 and (await home.job(job.id)).status is JobStatus.HELD
        assert await home.used() == used and await delivered(home, inbox) == told
        await approve(home, case_id)


async def test_what_is_not_taken_back_takes_effect_once(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, case_id = await held_picture(home)
    await approve(home, case_id, grace=GRACE)
    home.clock.time += GRACE
    with pytest.raises(Conflict, match="undo-too-late"):
        await undo(home, case_id)
    await asyncio.gather(*(settle(home) for _ in range(4)))
    assert (await home.job(job.id)).status is JobStatus.READY
    assert (await delivered(home, inbox)).count(JobStatus.READY) == 1


async def test_undo_against_the_janitor(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    for late in (-0.5, 0.0, 0.5):
        job, case_id = await held_picture(home)
        await approve(home, case_id, grace=GRACE)
        home.clock.time += GRACE + late
        undone, *_ = await asyncio.gather(undo(home, case_id), settle(home), settle(home), return_exceptions=True)
        await delivered(home, inbox)
        status = (await home.job(job.id)).status
        if undone is None:
            assert status is JobStatus.HELD and case_id in await waiting(home)
        else:
            assert isinstance(undone, Conflict) and status is JobStatus.DELIVERED


async def test_only_who_decided_or_an_owner_takes_back(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, case_id = await held_picture(home)
    with pytest.raises(Conflict, match="case-not-decided"):
        await undo(home, case_id)
    await reject(home, case_id, grace=GRACE)
    with pytest.raises(NotAllowed, match="undo-not-yours"):
        await undo(home, case_id, MAX)
    await undo(home, case_id, MAX, Role.OWNER)
    await approve(home, case_id)
    with pytest.raises(Conflict, match="undo-too-late"):
        await undo(home, case_id)


async def test_what_was_cancelled_meanwhile_is_decided_by_nobody(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job, case_id = await held_prompt(home)
    await approve(home, case_id, grace=GRACE)
    await account.cancel(ADA, job.id, home.transaction, home.events, home.clock)
    home.clock.time += GRACE
    await settle(home)
    assert (await case(home, case_id)).status is CaseStatus.WITHDRAWN
    assert (await home.job(job.id)).status is JobStatus.CANCELLED and await home.used() == 0


async def test_a_case_is_one_moderators_at_a_time(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    _, case_id = await held_picture(home)
    names = [f"console:mod{number}" for number in range(5)]
    claims = (casework.claim(case_id, name, home.transaction, home.clock) for name in names)
    answers = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4
    (winner,) = {answer.claimed_by for answer in answers if not isinstance(answer, BaseException)}
    loser = next(name for name in names if name != winner)
    home.clock.time += LEASE - 1
    await casework.claim(case_id, str(winner), home.transaction, home.clock)
    home.clock.time += LEASE - 1
    with pytest.raises(Conflict, match="case-claimed"):
        await casework.claim(case_id, loser, home.transaction, home.clock)
    with pytest.raises(Conflict, match="case-not-claimed"):
        await casework.unclaim(case_id, loser, home.transaction, home.clock)
    home.clock.time += 1
    assert (await casework.claim(case_id, loser, home.transaction, home.clock)).claimed_by == loser
    assert (await casework.unclaim(case_id, loser, home.transaction, home.clock)).claimed_by is None
    await approve(home, case_id)
    with pytest.raises(Conflict, match="case-already-decided"):
        await casework.claim(case_id, loser, home.transaction, home.clock)


async def test_an_escalated_case_is_an_owners(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    _, case_id = await held_picture(home)
    await casework.escalate(case_id, MO, home.transaction, home.clock)
    with pytest.raises(Conflict, match="case-escalated-already"):
        await casework.escalate(case_id, MAX, home.transaction, home.clock)
    for act in (approve, reject):
        with pytest.raises(NotAllowed, match="case-escalated"):
            await act(home, case_id)
    await approve(home, case_id, role=Role.OWNER)


async def test_who_asks_for_a_second_opinion_does_not_decide(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    _, case_id = await held_picture(home)
    await casework.ask_second(case_id, MO, False, home.transaction, home.clock)
    with pytest.raises(NotAllowed, match="case-second-needed"):
        await approve(home, case_id)
    await casework.add_note(case_id, MO, " not \n sure ", home.transaction, home.clock)
    await approve(home, case_id, MAX)
    (note,) = await casework.notes(case_id, home.transaction)
    assert (note.by, note.text) == (MO, "not sure")
    thought = {(each.by, each.approve) for each in await casework.opinions(case_id, home.transaction)}
    assert thought == {(MO, False), (MAX, True)}


async def test_a_rejection_turned_round_is_delivered_and_paid_back(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job, case_id = await held_picture(home)
    await reject(home, case_id, reason=Category.SEXUAL)
    rejected = await home.job(job.id)
    assert rejected.error and rejected.error.values() == {"category": "sexual"}
    assert await home.used() == PICTURE_UNITS
    assert (await delivered(home, inbox))[-1] is JobStatus.REJECTED
    answers = await asyncio.gather(*(overturn(home, case_id) for _ in range(2)), return_exceptions=True)
    assert sum(not isinstance(answer, BaseException) for answer in answers) >= 1
    if len([a for a in answers if not isinstance(a, BaseException)]) == 2:
        await overturn(home, case_id)  # turned back again at once; turn it round once more
    await delivered(home, inbox)
    after = await home.job(job.id)
    assert after.status is JobStatus.DELIVERED and after.error is None and await home.used() == 0
    assert len(await account.gallery(ADA, home.transaction)) == 1
    async with home.transaction() as tx:
        strikes = await tx.sanctions.strikes(job.member_id, ADA.community)
    assert len(strikes) == 1 and strikes[0].lifted_at is not None


async def test_a_rejected_prompt_turned_round_is_drawn_free_of_charge(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job, case_id = await held_prompt(home)
    await reject(home, case_id)
    home.clock.time += 5000
    await overturn(home, case_id)
    assert (await home.job(job.id)).finished_at is None
    assert await process(await home.claim(), home.bench) is JobStatus.READY
    done = await home.job(job.id)
    assert await home.used() == 0 and done.finished_at and done.started_at and done.finished_at >= done.started_at


async def test_an_approval_turned_round_is_taken_away(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    _, case_id = await held_picture(home)
    await approve(home, case_id)
    await delivered(home, inbox)
    await overturn(home, case_id)
    assert await account.gallery(ADA, home.transaction) == []
    told = await delivered(home, inbox)
    assert told[-2:] == [JobStatus.READY, JobStatus.REJECTED] and inbox.views[-1].artifacts == ()
    assert (await case(home, case_id)).status is CaseStatus.REJECTED and await home.used() == PICTURE_UNITS
    await overturn(home, case_id)
    assert (await delivered(home, inbox))[-1] is JobStatus.READY and await home.used() == 0
    prompt, its_case = await held_prompt(home)
    await approve(home, its_case)
    await overturn(home, its_case)
    assert (await home.job(prompt.id)).status is JobStatus.REJECTED and await home.used() == 0


async def test_what_runs_or_can_be_taken_back_is_not_turned_round(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, case_id = await held_prompt(home)
    with pytest.raises(Conflict, match="case-not-decided"):
        await overturn(home, case_id)
    await approve(home, case_id)
    await home.claim()
    with pytest.raises(Conflict, match="job-moved-on"):
        await overturn(home, case_id)
    _, another = await held_prompt(home)
    await reject(home, another, grace=GRACE)
    with pytest.raises(Conflict, match="case-undo-first"):
        await overturn(home, another)


async def test_a_removed_picture_comes_back(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    job = await drawn(home)
    await delivered(home, inbox)
    reported = await say(home, job)
    assert reported
    await reject(home, reported.id)
    await delivered(home, inbox)
    await overturn(home, reported.id)
    assert await delivered(home, inbox) == [JobStatus.READY, JobStatus.REJECTED, JobStatus.READY]
    assert len(inbox.views[-1].artifacts) == 1 and await home.used() == 0


async def test_what_was_taken_back_is_no_opinion(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, case_id = await held_picture(home)
    await reject(home, case_id, grace=GRACE)
    await undo(home, case_id)
    assert await casework.opinions(case_id, home.transaction) == []
    await approve(home, case_id, grace=GRACE)
    home.clock.time += GRACE
    await settle(home)
    assert [each.approve for each in await casework.opinions(case_id, home.transaction)] == [True]
