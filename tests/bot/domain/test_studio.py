"""What can be asked of pictures, what it costs, and what a stored request remembers of them."""

import json

import pytest

from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.errors import InvalidRequest
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import REQUESTS, kind_of
from bot.domain.quota import MIX_UNITS, MORPH_UNITS, PICTURE_UNITS, UPSCALE_UNITS, cost
from bot.domain.requests import (
    IMAGE_LIMIT,
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    Source,
    UpscaleRequest,
    sources,
    with_sources,
)
from bot.storage.mapping import request_from_json, request_to_json

MINE, THINE, SENT = Source("mine"), Source("thine"), Source(image=b"png")
REQUESTED: tuple[tuple[MemberRequest, int], ...] = (
    (AvatarRequest("a fox", count=2), 2 * PICTURE_UNITS),
    (AvatarRequest("a fox", count=2, candidates=5), 5 * PICTURE_UNITS),
    (AvatarRequest("a fox", base="mine", wildness=0.5), PICTURE_UNITS),
    (CaptionRequest("", base="mine"), 1),
    (MixRequest(MINE, THINE, coarse=0.0, fine=1.0, seed=7), MIX_UNITS),
    (MixRequest(SENT, Source(image=b"other")), MIX_UNITS),
    (MorphRequest((MINE, THINE, SENT)), MORPH_UNITS),
    (UpscaleRequest(MINE, 4), UPSCALE_UNITS),
    (RestyleRequest(SENT, style="pixel", prompt="a fox"), PICTURE_UNITS),
    (RestyleRequest(MINE, manner=SENT, strength=0.2), PICTURE_UNITS),
)


@pytest.mark.parametrize(("request_", "units"), REQUESTED)
def test_each_has_its_price_and_comes_back_as_it_was_stored(request_: MemberRequest, units: int) -> None:
    assert cost(request_) == units
    stored = json.loads(json.dumps(request_to_json(request_)))
    assert "png" not in json.dumps(stored)
    again = request_from_json(kind_of(request_), stored)
    assert type(again) is REQUESTS[kind_of(request_)]
    known = [source.artifact_id for source in sources(request_)]
    assert [source.artifact_id for source in sources(again)] == known
    assert with_sources(again, sources(request_)) == request_


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: MixRequest(MINE, MINE), "mix-same"),
        (lambda: MixRequest(MINE, THINE, middle=1.1), "out-of-range"),
        (lambda: MixRequest(MINE, THINE, fine=float("nan")), "out-of-range"),
        (lambda: MorphRequest((MINE,)), "morph-pictures"),
        (lambda: MorphRequest((MINE, THINE) * 3), "morph-pictures"),
        (lambda: UpscaleRequest(MINE, 3), "scale-unknown"),
        (lambda: RestyleRequest(MINE), "restyle-one-of"),
        (lambda: RestyleRequest(MINE, style="pixel", manner=THINE), "restyle-one-of"),
        (lambda: RestyleRequest(MINE, style="pixel", strength=0), "out-of-range"),
        (lambda: RestyleRequest(MINE, style="pixel", prompt="x" * 1001), "prompt-too-long"),
        (lambda: AvatarRequest("a fox", wildness=1.5), "out-of-range"),
        (lambda: AvatarRequest("a fox", candidates=33), "out-of-range"),
        (lambda: CaptionRequest(""), "topic-empty"),
        (lambda: Source(image=b""), "image-empty"),
        (lambda: Source(image=b"x" * (IMAGE_LIMIT + 1)), "image-too-large"),
    ],
)
def test_what_is_unusable_is_refused(build: object, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        build()  # type: ignore[operator]


def test_what_is_sent_goes_before_what_is_there() -> None:
    assert sources(AvatarRequest("a fox", base="mine", image=b"png")) == (SENT,)
    assert sources(AvatarRequest("a fox")) == ()


def test_a_community_s_rules_count_for_all_that_is_made_of_pictures() -> None:
    here = Origin(Platform.DISCORD, "1", "c", community_id="g")
    rules = CommunityRules(styles=frozenset({"robot"}), age_policy=AgePolicy.RESTRICTED)
    for request in (MixRequest(MINE, THINE), MorphRequest((MINE, THINE)), UpscaleRequest(MINE)):
        refusal = rules.refusal(request, here)
        assert refusal and refusal.message == "pictures-restricted-only"
    refusal = rules.refusal(RestyleRequest(MINE, style="pixel"), here)
    assert refusal and refusal.message == "style-not-offered"
    assert rules.refusal(CaptionRequest("", base="mine"), here) is None
