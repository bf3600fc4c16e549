"""What is stored as JSON comes back as it went, also when an older version stored it."""

import json
from dataclasses import asdict

from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.identity import Role
from bot.storage.mapping import origin_from_json, rules_from_json, rules_to_json
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
