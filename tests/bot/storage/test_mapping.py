"""What is stored as JSON comes back as it went, also when an older version stored it."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.identity import Role
from bot.domain.requests import CaptionRequest, Length
from bot.storage.mapping import origin_from_json, request_to_json, rules_from_json, rules_to_json
from tests import house
from tests.house import ADA


def test_an_origin_stored_before_it_knew_its_message_still_loads() -> None:
    old = asdict(ADA)
    for name in ("message_id", "age_restricted", "parent_channel_id"):
        del old[name]
    assert origin_from_json(json.loads(json.dumps(old))) == ADA


def test_rules_come_back_as_they_went() -> None:
    rules = CommunityRules(
        styles=frozenset({"anime", "pixel"}),
        default_style="pixel",
        member_day={Role.MEMBER: 8, Role.TRUSTED: 0},
        moderator_roles=frozenset({"42"}),
        review_channel="7",
        age_policy=AgePolicy.SPOILER,
        language="pt_BR",
    )
    for some in (rules, CommunityRules()):
        assert rules_from_json(json.loads(json.dumps(rules_to_json(some)))) == some


async def test_a_captions_length_is_kept_and_may_be_missing(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await home.accepted(CaptionRequest("rain", seed=7, length=Length.SHORT))
    assert job.request == CaptionRequest("rain", seed=7, length=Length.SHORT)
    assert job.request.length is Length.SHORT  # type: ignore[union-attr]
    earlier = request_to_json(job.request)
    del earlier["length"]
    async with database.begin() as connection:
        await connection.execute(text("UPDATE jobs SET request = :request"), {"request": json.dumps(earlier)})
    assert (await home.job(job.id)).request == replace(job.request, length=Length.NORMAL)
