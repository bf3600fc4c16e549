"""An owner's rules are obeyed by submit and shown in the quota, and only an owner makes them."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import captions, prompting
from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.errors import HuashenError
from bot.domain.identity import Role
from bot.domain.jobs import JobStatus
from bot.domain.outcomes import Accepted, Refused
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest
from bot.usecases import account, community
from tests import house
from tests.house import POLICY, House

OWNER = house.origin("grace", role=Role.OWNER)
STYLE, OTHER = list(prompting.styles())[:2]
TONE = next(key for key in captions.tones() if key != "plain")


async def change(home: House, **changes: Any) -> CommunityRules:
    return await community.change(OWNER, home.transaction, home.clock, languages=("en", "de"), **changes)


async def test_rules_are_a_communitys_own_and_are_reset(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    assert await community.rules(house.ADA, home.transaction) == CommunityRules()
    changed = await change(home, styles=frozenset({STYLE}), default_style=STYLE, language="de")
    assert await community.rules(house.ADA, home.transaction) == changed
    assert (await change(home, review_channel="7")).styles == {STYLE}
    for elsewhere in (replace(house.ADA, community_id="other"), replace(house.ADA, community_id=None)):
        assert await community.rules(elsewhere, home.transaction) == CommunityRules()
    await community.reset(OWNER, home.transaction, home.clock)
    assert await community.rules(house.ADA, home.transaction) == CommunityRules()


async def test_two_changes_at_once_are_both_kept(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    changes: list[dict[str, Any]] = [
        {"styles": frozenset({STYLE})},
        {"review_channel": "7"},
        {"channels": frozenset({"art"})},
        {"age_policy": AgePolicy.SPOILER},
    ]
    await asyncio.gather(*(change(home, **one) for one in changes))
    rules = await community.rules(OWNER, home.transaction)
    assert (rules.styles, rules.review_channel, rules.channels) == ({STYLE}, "7", {"art"})
    assert rules.age_policy is AgePolicy.SPOILER


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"styles": frozenset({"no-such-style"})}, "style-unknown"),
        ({"default_style": "no-such-style"}, "style-unknown"),
        ({"styles": frozenset({STYLE}), "default_style": OTHER}, "default-style-not-offered"),
        ({"tones": frozenset({"no-such-tone"})}, "tone-unknown"),
        ({"tones": frozenset({TONE})}, "default-tone-not-offered"),
        ({"member_day": {Role.MEMBER: -1}}, "out-of-range"),
        ({"member_day": {Role.MEMBER: 1_000_001}}, "out-of-range"),
        ({"language": "tlh"}, "language-unknown"),
    ],
)
async def test_what_cannot_be_is_refused(
    sqlite_database: AsyncEngine, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    home = house.build(sqlite_database, tmp_path)
    with pytest.raises(HuashenError, match=message):
        await change(home, **changes)
    assert await community.rules(OWNER, home.transaction) == CommunityRules()


async def test_only_an_owner_decides_and_only_for_a_community(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    for origin, message in (
        (replace(OWNER, role=Role.MODERATOR), "owners-only"),
        (replace(OWNER, community_id=None), "community-needed"),
    ):
        with pytest.raises(HuashenError, match=message):
            await community.change(origin, home.transaction, home.clock, review_channel="7")
        with pytest.raises(HuashenError, match=message):
            await community.reset(origin, home.transaction, home.clock)


async def test_a_refusal_by_the_rules_is_free_and_asks_no_screen(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await change(home, channels=frozenset({"art"}))
    outcome = await home.submit(AvatarRequest("please block me"))
    assert isinstance(outcome, Refused) and outcome.reason.message == "channel-not-allowed"
    assert await home.used() == 0 and await home.in_status(JobStatus.QUEUED) == 0
    assert isinstance(await home.submit(origin=replace(house.ADA, parent_channel_id="art")), Accepted)
    assert isinstance(await home.submit(origin=replace(house.ADA, community_id=None)), Accepted)


async def test_a_replay_answers_as_the_first_did_whatever_the_rules_say_now(
    database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(database, tmp_path)
    message = replace(house.ADA, token="message-1")
    first = await home.submit(origin=message)
    await change(home, channels=frozenset({"art"}), member_day={Role.MEMBER: 0})
    again = await home.submit(origin=message)
    assert isinstance(first, Accepted) and isinstance(again, Accepted) and again.job_id == first.job_id
    assert await home.used() == PICTURE_UNITS


async def test_a_communitys_quota_is_obeyed_and_shown(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await change(home, member_day={Role.MEMBER: PICTURE_UNITS, Role.TRUSTED: 10_000})

    async def limit(origin: house.Origin) -> int:
        return (await account.quota(origin, home.transaction, home.clock, POLICY)).limit

    first = await home.submit()
    assert isinstance(first, Accepted) and (first.quota.limit, first.quota.remaining) == (PICTURE_UNITS, 0)
    second = await home.submit()
    assert isinstance(second, Refused) and second.reason.message == "quota-day"
    assert await limit(house.ADA) == PICTURE_UNITS
    assert await limit(replace(house.ADA, role=Role.TRUSTED)) == 100
    assert await limit(replace(house.ADA, community_id=None)) == 100
    assert isinstance(await home.submit(origin=replace(house.ADA, community_id=None)), Accepted)
