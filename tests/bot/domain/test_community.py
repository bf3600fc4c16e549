"""A community's rules, and the ranks that they speak of."""

from dataclasses import replace

import pytest

from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.identity import Origin, Platform, Role
from bot.domain.requests import AvatarRequest, CaptionRequest, MemberRequest
from tests.house import POLICY

HERE = Origin(Platform.DISCORD, "ada", "general", community_id="guild")
KNIGHT, RAIN = AvatarRequest("a knight"), CaptionRequest("rain")


def test_ranks_are_ordered() -> None:
    assert Role.OWNER.at_least(Role.MODERATOR) and Role.MODERATOR.at_least(Role.MODERATOR)
    assert not Role.TRUSTED.at_least(Role.MODERATOR) and not Role.MEMBER.at_least(Role.TRUSTED)


def test_without_rules_everything_is_open() -> None:
    rules = CommunityRules()
    assert rules.offers_style("pixel") and rules.offers_tone("hype") and rules.offers_model("sdxl")
    for request in (KNIGHT, RAIN, replace(KNIGHT, style="pixel", model="sdxl")):
        assert rules.refusal(request, HERE) is None
    assert rules.quota(POLICY.quota) == POLICY.quota


@pytest.mark.parametrize(
    ("rules", "request_", "message"),
    [
        (CommunityRules(channels=frozenset({"art"})), RAIN, "channel-not-allowed"),
        (CommunityRules(styles=frozenset({"anime"})), replace(KNIGHT, style="pixel"), "style-not-offered"),
        (CommunityRules(tones=frozenset({"hype"}), default_tone="hype"), RAIN, "tone-not-offered"),
        (CommunityRules(models=frozenset({"own"})), replace(KNIGHT, model="sdxl"), "model-not-offered"),
        (CommunityRules(models=frozenset({"own"})), replace(RAIN, model="sdxl"), "model-not-offered"),
        (CommunityRules(age_policy=AgePolicy.RESTRICTED), KNIGHT, "pictures-restricted-only"),
    ],
)
def test_what_the_owner_closed_is_refused(rules: CommunityRules, request_: MemberRequest, message: str) -> None:
    reason = rules.refusal(request_, HERE)
    assert reason and reason.message == message


def test_what_the_owner_left_open_is_not() -> None:
    assert CommunityRules(styles=frozenset({"anime"})).refusal(KNIGHT, HERE) is None
    assert CommunityRules(models=frozenset({"own"})).refusal(KNIGHT, HERE) is None
    restricted = CommunityRules(age_policy=AgePolicy.RESTRICTED)
    assert restricted.refusal(RAIN, HERE) is None
    assert restricted.refusal(KNIGHT, replace(HERE, age_restricted=True)) is None
    assert CommunityRules(age_policy=AgePolicy.SPOILER).refusal(KNIGHT, HERE) is None


def test_a_thread_is_as_free_as_its_channel() -> None:
    rules = CommunityRules(channels=frozenset({"art"}))
    assert rules.allows(replace(HERE, channel_id="art")) is None
    assert rules.allows(replace(HERE, channel_id="thread", parent_channel_id="art")) is None
    assert rules.allows(replace(HERE, channel_id="thread", parent_channel_id="general")) is not None


def test_a_community_never_grants_more_than_the_machine() -> None:
    quota = CommunityRules(member_day={Role.MEMBER: 8, Role.OWNER: 10_000}).quota(POLICY.quota)
    assert (quota.member_day[Role.MEMBER], quota.member_day[Role.OWNER]) == (8, 100)
    assert quota.member_minute == POLICY.quota.member_minute
