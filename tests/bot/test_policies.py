"""A policy survives its file, and whatever is wrong with a file is one sentence that says where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.community_policy import PRESETS, ChannelKind, CommunityPolicy, StrikePolicy
from bot.domain.errors import InvalidRequest
from bot.domain.moderation import NEVER, Category, ModerationPolicy, Signal, Stage, Threshold, Verdict, decide
from bot.domain.requests import clean_text
from bot.i18n import translator
from bot.policies import from_dict, from_toml, to_dict, to_toml

scores = st.floats(0, 1) | st.just(NEVER)
thresholds = st.dictionaries(st.sampled_from(Category), st.builds(Threshold, scores, scores, scores), max_size=4)
moderation = st.builds(ModerationPolicy, thresholds, st.dictionaries(st.sampled_from(Stage), thresholds, max_size=2))
terms = st.text(min_size=1, max_size=20).map(clean_text).filter(bool)
seconds = st.floats(3600, 366 * 86_400)
counts = st.integers(0, 20)
strikes = st.builds(StrikePolicy, seconds, counts, seconds, counts, seconds, counts)
policies = st.builds(
    CommunityPolicy,
    version=st.just(0),
    preset=st.sampled_from(list(PRESETS)),
    kinds=st.fixed_dictionaries(dict.fromkeys(ChannelKind, moderation)),
    own_terms=st.lists(terms, max_size=4).map(tuple),
    case_lifetime=seconds,
    unjudged_previews=st.booleans(),
    strikes=strikes,
)


@given(policies)
def test_a_policy_survives_its_file(policy: CommunityPolicy) -> None:
    assert from_toml(to_toml(policy)) == policy
    assert from_dict(to_dict(policy), version=7).version == 7


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_a_file_of_its_name_alone_says(name: str) -> None:
    assert from_toml(f'preset = "{name}"') == PRESETS[name] == from_toml(to_toml(PRESETS[name]))


def test_what_a_file_leaves_out_is_the_presets() -> None:
    text = """
        preset = "family"
        own_terms = ["spoiler"]
        [strikes]
        ban_after = 9
        [kinds.private.thresholds]
        violence = { hold = 0.5, block = "never" }
        [kinds.private.picture]
        sexual = { blur = 0.1, hold = 0.4, block = 0.8 }
    """
    policy, family = from_toml(text), PRESETS["family"]
    assert policy.own_terms == ("spoiler",) and policy.strikes.ban_after == 9
    assert policy.strikes.mute_after == family.strikes.mute_after
    assert policy.at(ChannelKind.GENERAL) == family.at(ChannelKind.GENERAL)
    private = policy.at(ChannelKind.PRIVATE)
    assert private.threshold(Category.VIOLENCE) == Threshold(0.5, NEVER)
    assert private.threshold(Category.SEXUAL, Stage.PICTURE).blur == 0.1
    assert private.threshold(Category.SEXUAL) == Threshold(0.6, 0.9)


@pytest.mark.parametrize(
    ("text", "message", "named"),
    [
        ("preset = \n", "policy-not-toml", "line 1"),
        ("\n\nown_terms = [1 2]", "policy-not-toml", "line 3"),
        ('preset = "strict"', "policy-wrong-value", "preset"),
        ("preset = 3", "policy-wrong-value", "preset"),
        ("colour = 1", "policy-unknown-key", "colour"),
        ("own_terms = 'one'", "policy-wrong-value", "own_terms"),
        ("own_terms = ['a', '']", "policy-wrong-value", "own_terms[1]"),
        ("own_terms = ['a', 3]", "policy-wrong-value", "own_terms[1]"),
        (f"own_terms = [{'1,' * 600}]", "policy-wrong-value", "own_terms"),
        ("case_lifetime = 60", "policy-wrong-value", "case_lifetime"),
        ("case_lifetime = true", "policy-wrong-value", "case_lifetime"),
        ("case_lifetime = nan", "policy-wrong-value", "case_lifetime"),
        ("unjudged_previews = 1", "policy-wrong-value", "unjudged_previews"),
        ("strikes = 1", "policy-wrong-value", "strikes"),
        ("strikes.decay = 1", "policy-wrong-value", "strikes.decay"),
        ("strikes.ban_after = -1", "policy-wrong-value", "strikes.ban_after"),
        ("strikes.ban_after = 1.5", "policy-wrong-value", "strikes.ban_after"),
        ("strikes.kick_after = 1", "policy-unknown-key", "strikes.kick_after"),
        ("kinds = []", "policy-wrong-value", "kinds"),
        ("kinds.public = {}", "policy-unknown-key", "kinds.public"),
        ("kinds.general.sexual = {}", "policy-unknown-key", "kinds.general.sexual"),
        ("kinds.general.thresholds.rude = {}", "policy-unknown-key", "kinds.general.thresholds.rude"),
        ("kinds.general.thresholds.hate = 0.5", "policy-wrong-value", "kinds.general.thresholds.hate"),
        ("kinds.general.thresholds.hate = {hold = 0.5}", "policy-wrong-value", "thresholds.hate.block"),
        ("kinds.general.picture.hate = {hold = 2, block = 1}", "policy-wrong-value", "picture.hate.hold"),
        ("kinds.general.picture.hate = {hold = 'no', block = 1}", "policy-wrong-value", "picture.hate.hold"),
        ("kinds.general.picture.hate = {hold = 0, block = 1, hide = 1}", "policy-unknown-key", "picture.hate.hide"),
        ("a = " + "[" * 5000, "policy-not-toml", ""),
        ("#" * 200_001, "policy-too-long", "200"),
    ],
)
def test_a_bad_file_is_one_sentence_that_names_the_place(text: str, message: str, named: str) -> None:
    with pytest.raises(InvalidRequest, match=message) as refused:
        from_toml(text)
    assert named in translator("en").text(refused.value.reason)


@given(policies, st.sampled_from(ChannelKind), st.sampled_from(Stage), st.floats(0.5, 1))
def test_no_policy_lets_minors_pass(policy: CommunityPolicy, kind: ChannelKind, stage: Stage, score: float) -> None:
    signal = Signal(Category.MINORS, score, "rules:en", "the words")
    assert decide([signal], policy.at(kind), stage).verdict is Verdict.BLOCK
    assert signal.evidence == ""


def test_adults_are_freer_only_where_they_are_among_themselves() -> None:
    bold = [Signal(Category.SEXUAL, 0.8, "x")]
    adults = PRESETS["adults"]
    assert decide(bold, adults.at(ChannelKind.GENERAL), Stage.PICTURE).verdict is Verdict.HOLD
    assert decide(bold, adults.at(ChannelKind.PRIVATE), Stage.PICTURE).verdict is Verdict.HOLD
    assert decide(bold, adults.at(ChannelKind.AGE_RESTRICTED), Stage.PICTURE).verdict is Verdict.BLUR
