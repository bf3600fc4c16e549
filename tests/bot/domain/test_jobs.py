"""The transition table and the decisions are what the architecture says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Conflict, InvalidRequest
from bot.domain.jobs import ENDED, TRANSITIONS, JobStatus, check_transition
from bot.domain.moderation import Category, ModerationPolicy, Signal, Threshold, Verdict, decide
from bot.domain.quota import Window
from bot.domain.requests import PROMPT_LIMIT, AvatarRequest, CaptionRequest, clean_text


def test_every_state_can_be_reached_and_only_two_go_on_by_themselves() -> None:
    reachable = {JobStatus.QUEUED, JobStatus.HELD}
    for _ in JobStatus:
        reachable |= {new for old in reachable for new in TRANSITIONS[old]}
    assert reachable == set(JobStatus)
    assert set(JobStatus) - ENDED == {JobStatus.QUEUED, JobStatus.RUNNING}


@given(st.sampled_from(JobStatus), st.sampled_from(JobStatus))
def test_only_the_tables_moves_are_allowed(old: JobStatus, new: JobStatus) -> None:
    if new in TRANSITIONS[old]:
        check_transition(old, new)
    else:
        with pytest.raises(Conflict):
            check_transition(old, new)


signals = st.lists(st.builds(Signal, st.sampled_from(Category), st.floats(0, 1), st.just("test")), max_size=5)
SEVERITY = {Verdict.ALLOW: 0, Verdict.HOLD: 1, Verdict.BLOCK: 2}


@given(signals, signals)
def test_more_signals_never_make_a_verdict_milder(some: list[Signal], more: list[Signal]) -> None:
    policy = ModerationPolicy()
    assert SEVERITY[decide(some + more, policy).verdict] >= SEVERITY[decide(some, policy).verdict]


def test_what_could_not_be_screened_and_what_is_no_number_is_held() -> None:
    policy = ModerationPolicy({Category.UNSCREENED: Threshold(2, 2)})
    assert decide([Signal(Category.UNSCREENED, 1.0, "x")], policy).verdict is Verdict.HOLD
    assert decide([Signal(Category.HATE, math.nan, "x")], policy).verdict is not Verdict.ALLOW


@given(st.text())
def test_cleaning_is_idempotent_and_leaves_no_controls(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not any(ord(c) < 32 or c in "\u202e\u2066" for c in cleaned)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: AvatarRequest(" \u202e\n "), "prompt-empty"),
        (lambda: CaptionRequest(""), "topic-empty"),
        (lambda: AvatarRequest("x" * (PROMPT_LIMIT + 1)), "prompt-too-long"),
        (lambda: AvatarRequest("x", count=0), "out-of-range"),
        (lambda: AvatarRequest("x", seed=-1), "out-of-range"),
        (lambda: AvatarRequest("x", num_inference_steps=10_000), "out-of-range"),
        (lambda: AvatarRequest("x", strength=math.nan), "out-of-range"),
        (lambda: AvatarRequest("x", image=b""), "image-empty"),
        (lambda: AvatarRequest("x", image=b"x" * (11 * 1024 * 1024)), "image-too-large"),
    ],
)
def test_an_invalid_request_cannot_be_made(build: object, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        build()  # type: ignore[operator]


@given(st.floats(0, 4e9))
def test_windows_start_before_now_and_last_their_length(now: float) -> None:
    for window in Window:
        assert 0 <= now - window.start(now) < window.seconds + 1
