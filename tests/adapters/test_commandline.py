"""From a typed line to a valid request, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.commandline import CommandLine, Offer, build, options_of, parse, picture_names
from bot.domain.errors import InvalidRequest
from bot.domain.jobs import kind_of
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    Length,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    Source,
    UpscaleRequest,
    prompt_of,
    sources,
)

OFFER = Offer(["pixel", "robot"], ["plain", "funny"])


def line_of(request: MemberRequest) -> str:
    """The line that would ask for the same again; pictures that were sent are not part of a line."""
    command = kind_of(request)
    named = () if command in ("avatar", "caption") else tuple(s.artifact_id for s in sources(request) if s.artifact_id)
    given = " ".join(f"--{name} {value}" for name, value in options_of(request).items())
    return " ".join(part for part in (f"/{command}", *named, prompt_of(request), given) if part)


@pytest.mark.parametrize(
    ("line", "name", "text", "options"),
    [
        ("/avatar a knight", "avatar", "a knight", {}),
        ("  /AVATAR   a knight ", "avatar", "a knight", {}),
        ("/avatar@HuashenBot a knight", "avatar", "a knight", {}),
        ("a knight", "", "a knight", {}),
        ("/gallery", "gallery", "", {}),
        ("/avatar a knight --style pixel --seed 7", "avatar", "a knight", {"style": "pixel", "seed": "7"}),
        ("/avatar --seed=7 a knight", "avatar", "a knight", {"seed": "7"}),
        ("/avatar a --seed 7 knight", "avatar", "a knight", {"seed": "7"}),
        ("/avatar a knight \u2014seed 7 \u2013count 2", "avatar", "a knight", {"seed": "7", "count": "2"}),
        ("/avatar a -- dash -- and well-made armour", "avatar", "a -- dash -- and well-made armour", {}),
        ("/avatar a knight's squire --seed 1", "avatar", "a knight's squire", {"seed": "1"}),
        (
            "/avatar a fox --negative hat, scarf --seed 3",
            "avatar",
            "a fox",
            {"negative": "hat, scarf", "seed": "3"},
        ),
        ('/avatar --negative "hat, scarf" a fox', "avatar", "a fox", {"negative": "hat, scarf"}),
        ("/avatar a fox --seed", "avatar", "a fox", {"seed": ""}),
        ("/caption 第一场雪 --tone funny", "caption", "第一场雪", {"tone": "funny"}),
        ("", "", "", {}),
    ],
)
def test_a_line_is_taken_apart(line: str, name: str, text: str, options: dict[str, str]) -> None:
    assert parse(line) == CommandLine(name, text, options)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/dance", "command-unknown"),
        ("/", "command-unknown"),
        ("/avatar a fox --speed 9", "option-unknown"),
        ("/avatar a fox --seed seven", "not-a-number"),
        ("/avatar a fox --strength much", "not-a-number"),
        ("/avatar a fox --seed -1", "out-of-range"),
        ("/avatar a fox --seed 99999999999", "out-of-range"),
        ("/avatar a fox --count 9", "out-of-range"),
        ("/avatar a fox --count 9999999999999999999999", "out-of-range"),
        ("/avatar a fox --strength nan", "out-of-range"),
        ("/avatar a fox --guidance inf", "out-of-range"),
        ("/avatar a fox --style cubist", "style-unknown"),
        ("/caption rain --tone angry", "tone-unknown"),
        ("/caption rain --length endless", "length-unknown"),
        ("/avatar a fox --length short", "option-elsewhere"),
        ("/caption rain --style pixel", "option-elsewhere"),
        ("/avatar --seed 3", "prompt-empty"),
        ("/caption \u202e \x00", "topic-empty"),
        ("/avatar " + "x" * 1001, "prompt-too-long"),
    ],
)
def test_what_is_not_understood_is_named(line: str, reason: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parsed = parse(line)
        build(parsed.name, parsed.text, parsed.options, OFFER)
    assert caught.value.reason.message == reason


def test_options_reach_the_request() -> None:
    line = parse(
        "/avatar a fox --style pixel --count 2 --seed 7 --steps 9 --guidance 2,5 --strength 0.3 --negative hat"
    )
    assert build(line.name, line.text, line.options, OFFER, b"image") == AvatarRequest(
        "a fox",
        negative_prompt="hat",
        style="pixel",
        seed=7,
        count=2,
        num_inference_steps=9,
        guidance_scale=2.5,
        strength=0.3,
        image=b"image",
    )


def test_a_caption_with_a_picture_needs_no_topic() -> None:
    assert build("caption", "", {}, OFFER, b"image") == CaptionRequest("", image=b"image")


def test_values_left_empty_are_not_given() -> None:
    assert build("avatar", "a fox", {"seed": "", "style": "", "tone": ""}, OFFER) == AvatarRequest("a fox")


@pytest.mark.parametrize(
    "request_",
    [
        AvatarRequest("a fox"),
        AvatarRequest("a fox", "hat, scarf", "pixel", seed=7, count=3, num_inference_steps=4, strength=0.2),
        CaptionRequest("rain", "funny", count=2, seed=0),
        CaptionRequest("rain", length=Length.LONG),
    ],
)
def test_a_request_can_be_typed_again(request_: AvatarRequest | CaptionRequest) -> None:
    line = parse(line_of(request_))
    assert build(line.name, line.text, line.options, OFFER) == request_
    assert not options_of(type(request_)("x"))


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (MixRequest(Source("a1"), Source("b2"), coarse=0.2), "/mix a1 b2 --coarse 0.2"),
        (MorphRequest((Source("a1"), Source("b2"), Source("c3"))), "/morph a1 b2 c3"),
        (UpscaleRequest(Source("a1"), 4), "/upscale a1 --scale 4"),
        (RestyleRequest(Source("a1"), style="pixel", prompt="a fox"), "/restyle a1 a fox --style pixel"),
        (RestyleRequest(Source("a1"), manner=Source("b2"), strength=0.3), "/restyle a1 b2 --strength 0.3"),
        (AvatarRequest("a fox", model="gan", wildness=0.9), "/avatar a fox --model gan --wildness 0.9"),
        (AvatarRequest("a fox", base="a1", candidates=4), "/avatar a fox --candidates 4"),
    ],
)
def test_what_begins_from_pictures_is_a_line_that_names_them(request_: MemberRequest, line: str) -> None:
    assert line_of(request_) == line
    parsed = parse(line)
    names, text = picture_names(parsed)
    offer = Offer(["pixel"], [], {"avatar": ("gan",)})
    again = build(parsed.name, text, parsed.options, offer, pictures=[Source(name) for name in names])
    assert again == (replace(request_, base=None) if isinstance(request_, AvatarRequest) else request_)


@given(st.text(max_size=200))
def test_no_line_breaks_the_parser(text: str) -> None:
    try:
        line = parse("/avatar " + text)
        build(line.name, line.text, line.options, OFFER)
    except InvalidRequest:
        pass
