"""Moderators of a community see its cases, and no others."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.outcomes import Held
from bot.domain.requests import AvatarRequest
from bot.usecases import review
from tests import house
from tests.house import House

MODERATOR = house.origin("grace", role=Role.MODERATOR)
ELSEWHERE = (
    replace(house.ADA, community_id="other"),
    replace(house.ADA, platform=Platform.TELEGRAM),
    replace(house.ADA, community_id=None),
)


async def held(home: House, origin: Origin = house.ADA) -> str:
    outcome = await home.submit(AvatarRequest("please hold me"), origin)
    assert isinstance(outcome, Held)
    home.clock.time += 1
    return outcome.case_id


async def test_a_community_lists_its_own_cases(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    for origin in ELSEWHERE:
        await held(home, origin)
    mine = [await held(home), await held(home)]
    views = await review.cases(home.transaction, community=(Platform.CONSOLE, "home"))
    assert [view.case.id for view in views] == mine
    assert len(await review.cases(home.transaction, community=(Platform.CONSOLE, "home"), limit=1)) == 1
    assert len(await review.cases(home.transaction)) == 5
    assert await review.cases(home.transaction, community=(Platform.DISCORD, "home")) == []


async def test_a_moderator_sees_a_case_of_their_own_community(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    case_id = await held(home)
    for role in (Role.MODERATOR, Role.OWNER):
        view = await review.for_moderator(case_id, replace(MODERATOR, role=role), home.transaction)
        assert view.case.id == case_id
    with pytest.raises(NotFound, match="case-not-found"):
        await review.for_moderator("no-such-case", MODERATOR, home.transaction)
    strangers = (
        replace(MODERATOR, role=Role.TRUSTED),
        replace(MODERATOR, community_id="other"),
        replace(MODERATOR, community_id=None),
        replace(MODERATOR, platform=Platform.DISCORD),
    )
    for stranger in strangers:
        with pytest.raises(NotAllowed, match="moderators-only"):
            await review.for_moderator(case_id, stranger, home.transaction)


async def test_a_private_chats_case_is_no_communitys(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    case_id = await held(home, replace(house.ADA, community_id=None))
    for community in ("home", None):
        with pytest.raises(NotAllowed, match="moderators-only"):
            await review.for_moderator(case_id, replace(MODERATOR, community_id=community), home.transaction)
