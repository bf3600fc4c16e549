"""Members are told once of a sanction, on the platform where it counts; and what a rejection means is known."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.sanctions import SanctionKind
from bot.usecases import account, appeals, review, sanctions
from tests import house
from tests.bot.usecases.test_review import held
from tests.house import House

OWNER = house.origin("grace", role=Role.OWNER)


async def told(home: House, platform: Platform = Platform.CONSOLE) -> list[tuple[SanctionKind, tuple[str, ...]]]:
    """Who is to be told now of what; and they are."""
    found = await sanctions.untold(platform, home.transaction, home.clock)
    for notice in found:
        await sanctions.told(notice.sanction.id, home.transaction, home.clock)
    return [(notice.sanction.kind, notice.accounts) for notice in found]


async def test_a_sanction_is_told_once_where_it_counts(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    ada = await account.member(house.ADA, home.transaction)
    ports = home.transaction, home.events, home.clock
    await sanctions.sanction(OWNER, ada.id, SanctionKind.MUTE, "", *ports, 3600.0)
    home.clock.time += 1
    await sanctions.sanction(replace(OWNER, community_id="other"), ada.id, SanctionKind.BAN, "", *ports)
    assert await told(home, Platform.DISCORD) == []
    assert await told(home) == [(SanctionKind.MUTE, ("ada",)), (SanctionKind.BAN, ("ada",))]
    assert await told(home) == []


async def test_what_was_lifted_or_is_over_is_no_news(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    ada = await account.member(house.ADA, home.transaction)
    ports = home.transaction, home.events, home.clock
    await sanctions.sanction(OWNER, ada.id, SanctionKind.MUTE, "", *ports, 3600.0)
    await sanctions.lift(OWNER, ada.id, home.transaction, home.clock)
    await sanctions.sanction(OWNER, ada.id, SanctionKind.SUSPEND, "", *ports, 3600.0)
    home.clock.time += 3601
    assert await told(home) == []


async def test_members_know_how_they_stand_with_a_rejection(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    case_id = await held(home)
    job = (await review.show(case_id, home.transaction)).job
    await review.reject(case_id, "console:mo", home.transaction, home.events, home.clock)
    prospects = await appeals.prospects(await home.job(job.id), home.transaction, home.clock)
    assert prospects.struck and prospects.appealable and not prospects.appealed
    assert len((await sanctions.own(job.origin, home.transaction, home.clock)).strikes) == 1
    assert (await appeals.possible(job.origin, job.id, home.transaction, home.clock)).id == job.id
    assert not await appeals.revised(job.id, home.transaction)
    await appeals.appeal(job.origin, job.id, "please", home.transaction, home.clock, home.events)
    prospects = await appeals.prospects(await home.job(job.id), home.transaction, home.clock)
    assert prospects.appealed and not prospects.appealable
    assert await appeals.revised(job.id, home.transaction)


async def test_nobody_elses_rejection_can_be_appealed(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    case_id = await held(home)
    job = (await review.show(case_id, home.transaction)).job
    await review.reject(case_id, "console:mo", home.transaction, home.events, home.clock)
    eve = Origin(Platform.CONSOLE, "eve", "terminal", "home")
    with pytest.raises(NotFound, match="job-not-found"):
        await appeals.possible(eve, job.id, home.transaction, home.clock)
