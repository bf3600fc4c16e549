"""Strikes lead to sanctions, sanctions keep members from asking, and they stay through linking and leaving."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import DAY, StrikePolicy
from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category
from bot.domain.outcomes import Accepted, Refused
from bot.domain.quota import PICTURE_UNITS
from bot.domain.sanctions import Sanction, SanctionKind
from bot.usecases import account, link, policy, sanctions
from bot.usecases.process import process
from tests import house
from tests.bot.usecases.moderating import (
    MODERATOR,
    OWNER,
    Inbox,
    approve,
    case,
    delivered,
    held_picture,
    held_prompt,
    overturn,
    reject,
    set_policy,
)
from tests.house import ADA, House

MUTE, SUSPEND, BAN = SanctionKind


async def member_id(home: House, origin: Origin = ADA) -> str:
    return (await account.member(origin, home.transaction)).id


async def sanction(
    home: House, kind: SanctionKind, by: Origin = OWNER, seconds: float | None = None, of: Origin = ADA
) -> Sanction:
    ports = home.transaction, home.events, home.clock
    return await sanctions.sanction(by, await member_id(home, of), kind, "because", *ports, seconds=seconds)


async def refused(home: House, origin: Origin = ADA) -> str | None:
    outcome = await home.submit(origin=origin)
    return outcome.reason.message if isinstance(outcome, Refused) else None


async def test_a_muted_member_is_refused_for_a_while_and_here_alone(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await sanction(home, MUTE, MODERATOR, 7200)
    outcome = await home.submit()
    assert isinstance(outcome, Refused)
    assert (outcome.reason.message, outcome.reason.values()["hours"]) == ("muted", 2)
    assert await refused(home, replace(ADA, community_id="other")) is None
    assert await refused(home, replace(ADA, community_id=None)) is None
    home.clock.time += 7200
    assert await refused(home) is None


async def test_moderators_mute_owners_ban_and_nobody_themselves(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    wrong = (
        (BAN, MODERATOR, None, ADA, NotAllowed, "owners-only"),
        (MUTE, ADA, 3600, ADA, NotAllowed, "moderators-only"),
        (MUTE, replace(MODERATOR, community_id=None), 3600, ADA, NotAllowed, "moderators-only"),
        (MUTE, MODERATOR, None, ADA, InvalidRequest, "out-of-range"),
        (MUTE, MODERATOR, 1e12, ADA, InvalidRequest, "out-of-range"),
        (MUTE, MODERATOR, 3600, MODERATOR, NotAllowed, "sanction-self"),
    )
    for kind, by, seconds, of, error, message in wrong:
        with pytest.raises(error, match=message):
            await sanction(home, kind, by, seconds, of)
    with pytest.raises(NotFound, match="member-not-found"):
        await sanctions.sanction(OWNER, "nobody", BAN, "", home.transaction, home.events, home.clock)
    await sanction(home, BAN)
    assert await refused(home) == "banned"
    ada = await member_id(home)
    with pytest.raises(NotAllowed, match="owners-only"):
        await sanctions.lift(MODERATOR, ada, home.transaction, home.clock)
    elsewhere = replace(OWNER, community_id="other")
    assert await sanctions.lift(elsewhere, ada, home.transaction, home.clock) == 0
    assert await sanctions.lift(OWNER, ada, home.transaction, home.clock) == 1
    assert await refused(home) is None


async def test_strikes_lead_to_a_mute_and_a_suspension(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await set_policy(home, strikes=StrikePolicy(mute_after=2, mute=3600, suspend_after=3, suspend=DAY, decay=DAY))
    cases = [(await held_prompt(home))[1] for _ in range(4)]
    await reject(home, cases[0])
    assert await refused(home) is None
    await reject(home, cases[1], strike=False)
    assert await refused(home) is None
    await reject(home, cases[2])
    assert await refused(home) == "muted"
    await reject(home, cases[3])
    assert await refused(home) == "suspended"
    standing = await sanctions.of_member(MODERATOR, await member_id(home), home.transaction, home.clock)
    assert len(standing.strikes) == 3 and standing.sanction and standing.sanction.by == "policy"
    home.clock.time += DAY
    standing = await sanctions.of_member(MODERATOR, await member_id(home), home.transaction, home.clock)
    assert standing.strikes == () and standing.sanction is None and await refused(home) is None


async def test_help_is_needed_there_and_no_punishment(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    home.moderator.category = Category.SELF_HARM
    _, case_id = await held_prompt(home)
    await reject(home, case_id)
    home.moderator.broken = True
    _, unscreened = await held_prompt(home)
    await reject(home, unscreened)
    home.moderator.broken = False
    standing = await sanctions.of_member(MODERATOR, await member_id(home), home.transaction, home.clock)
    assert standing.strikes == ()


async def test_an_overturned_rejection_counts_no_more(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    _, case_id = await held_picture(home)
    await reject(home, case_id)
    await overturn(home, case_id)
    standing = await sanctions.of_member(MODERATOR, await member_id(home), home.transaction, home.clock)
    assert standing.strikes == ()


async def test_what_followed_from_an_overturned_rejection_ends(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await set_policy(home, strikes=StrikePolicy(mute_after=2))
    cases = [(await held_picture(home))[1] for _ in range(3)]
    for case_id in cases:
        await reject(home, case_id)
    await overturn(home, cases[0])
    assert await refused(home) == "muted", "two are enough"
    await overturn(home, cases[1])
    assert await refused(home) is None
    await sanction(home, MUTE, MODERATOR, 3600)
    await overturn(home, cases[2])
    assert await refused(home) == "muted", "what a moderator decided stays"


async def test_a_ban_cancels_what_waits_and_what_is_held(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    held, case_id = await held_picture(home)
    prompt, _ = await held_prompt(home)
    queued = await home.accepted()
    elsewhere = await home.accepted(origin=replace(ADA, community_id="other"))
    other = await home.accepted(origin=house.origin("ben"))
    await sanction(home, BAN)
    for job in (held, prompt, queued):
        assert (await home.job(job.id)).status is JobStatus.CANCELLED
    for job in (elsewhere, other):
        assert (await home.job(job.id)).status is JobStatus.QUEUED
    assert (await case(home, case_id)).status is CaseStatus.WITHDRAWN
    # What was drawn stays charged, what was not comes back.
    assert await home.used() == 2 * PICTURE_UNITS
    assert await refused(home) == "banned"


async def test_a_ban_while_a_job_runs_keeps_its_result_away(database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(database, tmp_path), Inbox()
    await home.accepted()
    job = await home.claim()
    home.engine.gate.clear()
    running = asyncio.create_task(process(job, home.bench))
    await asyncio.sleep(0.05)
    await sanction(home, BAN)
    assert (await home.job(job.id)).cancel_requested
    home.engine.gate.set()
    assert await running is JobStatus.CANCELLED
    assert await delivered(home, inbox) == [] and await account.gallery(ADA, home.transaction) == []
    async with home.transaction() as tx:
        assert await tx.artifacts.of_jobs([job.id]) == {}


async def test_a_ban_and_a_request_at_once(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await member_id(home)
    asked = [home.submit() for _ in range(6)]
    answers = await asyncio.gather(*asked[:3], sanction(home, BAN), *asked[3:])
    jobs = [answer.job_id for answer in answers if isinstance(answer, Accepted)]
    assert {(await home.job(job)).status for job in jobs} <= {JobStatus.CANCELLED}
    assert await home.used() == 0 and await home.in_status(JobStatus.QUEUED) == 0


async def test_a_ban_that_a_crash_interrupted_is_enforced_later(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await set_policy(home, strikes=StrikePolicy(ban_after=1))
    queued = await home.accepted()
    _, case_id = await held_prompt(home)
    await reject(home, case_id)
    assert await refused(home) == "banned"
    assert (await home.job(queued.id)).status is JobStatus.QUEUED
    assert await sanctions.enforce(home.transaction, home.events, home.clock) == 1
    assert (await home.job(queued.id)).status is JobStatus.CANCELLED


async def test_linking_and_leaving_are_no_way_out(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    discord = house.origin("1", platform=Platform.DISCORD)
    telegram = house.origin("2", platform=Platform.TELEGRAM)
    async with home.transaction() as tx:
        member = await tx.members.resolve(discord)
        for number, place in enumerate((discord.community, "")):
            made = Sanction(f"s{number}", member.id, place, BAN, "", "me", home.clock.now())
            await tx.sanctions.add(made)
        await tx.commit()
    for _ in range(2):
        code = (await link.issue(discord, home.transaction, home.clock)).code
        await link.redeem(telegram, code, home.transaction, home.clock)
        for origin in (discord, telegram):
            assert await refused(home, origin) == "banned"
        await link.unlink(telegram, home.transaction, home.clock)
        for origin in (discord, telegram):
            assert await refused(home, origin) == "banned"
    code = (await link.issue(discord, home.transaction, home.clock)).code
    await link.redeem(telegram, code, home.transaction, home.clock)
    async with home.transaction() as tx:
        assert (
            len(await tx.sanctions.of((await tx.members.resolve(discord)).id, discord.platform, discord.community)) == 2
        )
        assert await tx.sanctions.lift((await tx.members.resolve(discord)).id, "", None, home.clock.now()) == 1
        await tx.commit()
    # What is left was made on Discord, and holds for the same person on Telegram.
    assert await refused(home, telegram) == await refused(home, discord) == "banned"


async def test_a_ban_reaches_the_persons_other_platforms(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    discord = house.origin("1", platform=Platform.DISCORD)
    there = house.origin("1", platform=Platform.DISCORD, community_id="elsewhere")
    telegram = house.origin("2", platform=Platform.TELEGRAM, community_id=None)
    code = (await link.issue(discord, home.transaction, home.clock)).code
    await link.redeem(telegram, code, home.transaction, home.clock)
    waiting, besides = await home.accepted(origin=telegram), await home.accepted(origin=there)
    async with home.transaction() as tx:
        member = await tx.members.resolve(discord)
        await tx.sanctions.add(Sanction("s", member.id, discord.community, BAN, "", "me", home.clock.now()))
        await tx.commit()
    assert [await refused(home, origin) for origin in (discord, telegram, there)] == ["banned", "banned", None]
    assert await sanctions.enforce(home.transaction, home.events, home.clock) == 1
    assert (await home.job(waiting.id)).status is JobStatus.CANCELLED
    assert (await home.job(besides.id)).status is JobStatus.QUEUED


async def test_who_is_sanctioned_may_still_be_decided_about(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, inbox = house.build(sqlite_database, tmp_path), Inbox()
    job, case_id = await held_picture(home)
    await sanction(home, SUSPEND, MODERATOR, DAY)
    await approve(home, case_id)
    assert (await delivered(home, inbox))[-1] is JobStatus.READY
    assert (await policy.current(ADA, home.transaction)).version == 0
    assert (await home.job(job.id)).status is JobStatus.DELIVERED
