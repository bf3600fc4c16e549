"""Requests checked against what a model can do."""

from dataclasses import replace

import pytest

from engines.contract import InvalidInput, TextToImage
from engines.diffusion.plan import MAX_STEPS, Facts, Plan, make_plan

FACTS = Facts("m", 256, 256, 16, 128, 512, num_inference_steps=8, guidance_scale=3.0)


def test_defaults_come_from_the_model() -> None:
    assert make_plan(TextToImage("a"), FACTS, frozenset()) == Plan(256, 256, 8, 3.0, None, None, False)


def test_everything_can_be_asked_for() -> None:
    request = TextToImage("a", "b", 1, 2, 20, 0.0, width=128, height=512, image=b"x", strength=0.5, lora="bold")
    assert make_plan(request, FACTS, frozenset({"bold"})) == Plan(128, 512, 20, 0.0, 0.5, "bold", True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"num_inference_steps": 0}, "steps has to be between 1 and 150"),
        ({"num_inference_steps": 10_000}, "steps has to be"),
        ({"guidance_scale": -1.0}, "guidance scale has to be"),
        ({"guidance_scale": float("nan")}, "guidance scale has to be"),
        ({"num_images": 0}, "number of pictures has to be between 1 and 64"),
        ({"seed": -1}, "seed has to be"),
        ({"seed": 2**63 - 1, "num_images": 2}, "seed has to be"),
        ({"width": 250}, "width has to be a multiple of 16 between 128 and 512 pixels"),
        ({"height": 1024}, "height has to be a multiple of 16 between 128 and 512 pixels"),
        ({"image": b"x", "strength": 1.5}, "strength has to be between 0 and 1"),
        ({"lora": "bald"}, "no LoRA named 'bald'. Known: bold"),
    ],
)
def test_what_is_refused_and_how(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        make_plan(replace(TextToImage("a"), **change), FACTS, frozenset({"bold"}))


def test_the_least_strength_still_makes_one_step() -> None:
    for steps in range(1, MAX_STEPS + 1):
        request = TextToImage("a", num_inference_steps=steps, image=b"x", strength=0.0)
        plan = make_plan(request, FACTS, frozenset())
        assert plan.strength is not None and int(steps * plan.strength) == 1


SQUARES = replace(FACTS, width=512, height=512, min_size=256, drawn=256, image_steps=6, negative_guidance=2.0)


def test_squares_are_drawn_at_one_size_and_either_side_says_both() -> None:
    assert make_plan(TextToImage("a"), SQUARES, frozenset()) == Plan(512, 512, 8, 3.0, None, None, False, 256)
    for request in (TextToImage("a", width=384), TextToImage("a", height=384)):
        plan = make_plan(request, SQUARES, frozenset())
        assert (plan.width, plan.height, plan.drawn) == (384, 384, 256)
    with pytest.raises(InvalidInput, match="have to be equal"):
        make_plan(TextToImage("a", width=256, height=512), SQUARES, frozenset())


def test_a_picture_to_start_from_and_a_negative_prompt_have_defaults_of_their_own() -> None:
    started = TextToImage("a", image=b"x", strength=0.5)
    assert make_plan(started, SQUARES, frozenset()).num_inference_steps == 6
    assert make_plan(replace(started, num_inference_steps=9), SQUARES, frozenset()).num_inference_steps == 9
    negative = TextToImage("a", "b")
    assert make_plan(negative, SQUARES, frozenset()).guidance_scale == 2.0
    assert make_plan(replace(negative, guidance_scale=1.0), SQUARES, frozenset()).guidance_scale == 1.0
