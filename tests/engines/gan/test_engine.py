"""The style-based engine answers its three requests, each by itself."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engines.contract import (
    Animation,
    Cancelled,
    ImageMixing,
    ImageProgress,
    Images,
    InvalidInput,
    Morphing,
    TextToImage,
)
from engines.pictures import to_png


def ignore(index, progress):
    """Report to nobody."""


def run(engine, *requests, report=ignore, is_cancelled=lambda index: False):
    return engine.run(requests, report, is_cancelled)


def pixels(data):
    return np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(float)


@pytest.fixture(scope="session")
def pictures():
    rng = np.random.default_rng(0)
    made = []
    for _ in range(3):
        blocks = Image.fromarray(rng.integers(0, 255, (4, 4, 3), dtype=np.uint8))
        made.append(to_png(blocks.resize((256, 256), Image.Resampling.BILINEAR)))
    return tuple(made)


def test_a_picture_is_the_same_alone_and_in_a_batch(engine):
    red, blue = TextToImage("a red robot", seed=5), TextToImage("blue", seed=6, num_images=2)
    (alone,) = run(engine, red)
    together = run(engine, blue, red, replace(red, seed=7))
    assert isinstance(alone, Images) and alone.images == together[1].images
    assert together[0].seeds == (6, 7) and together[2].images != alone.images
    assert (alone.width, alone.height, alone.num_inference_steps) == (512, 512, 1)
    assert Image.open(BytesIO(alone.images[0])).format == "PNG"


def test_a_seed_of_many_is_that_seed_alone(engine):
    many, one = run(engine, TextToImage("robot", seed=3, num_images=3), TextToImage("robot", seed=5))
    assert many.images[2] == one.images[0]


def test_fully_truncated_only_what_the_prompt_left_open_differs(engine):
    tame, wild = run(engine, *(TextToImage("robot", num_images=12, truncation_psi=psi) for psi in (0.0, 1.0)))
    assert len(set(tame.images)) <= 4 and len(set(wild.images)) == 12


def test_the_prompt_says_what_the_average_is(engine):
    first, second = run(engine, *(TextToImage(prompt, truncation_psi=0.0) for prompt in ("red", "blue")))
    assert first.images != second.images


def test_a_prompt_without_latin_letters_is_not_understood(engine):
    (answer,) = run(engine, TextToImage("机器人"))
    assert answer.understood is False


def test_children_are_the_parents_where_everything_comes_from_one(engine, parts, pictures):
    first, second = run(
        engine, *(ImageMixing(*pictures[:2], coarse=s, middle=s, fine=s, num_images=1) for s in (0.0, 1.0))
    )
    for child, parent in ((first, pictures[0]), (second, pictures[1])):
        (through,) = parts.draw([parts.read_picture(parent)])
        assert np.abs(pixels(child.images[0]) - np.asarray(through)).max() <= 1


def test_a_family_varies_and_does_not_depend_on_its_size(engine, pictures):
    nine, third = run(engine, ImageMixing(*pictures[:2], seed=4), ImageMixing(*pictures[:2], seed=6, num_images=1))
    assert len(nine.images) == len(set(nine.images)) == 9
    assert nine.seeds == tuple(range(4, 13)) and nine.images[2] == third.images[0]


def test_a_morph_is_a_loop_of_the_frames_asked_for(engine, pictures):
    seen = []
    request = Morphing(pictures, frames=24, frames_per_second=15)
    (answer,) = run(engine, request, report=lambda index, progress: seen.append(progress))
    assert isinstance(answer, Animation) and answer.media_type == "image/webp"
    film = Image.open(BytesIO(answer.data))
    assert (film.format, film.n_frames, film.info["loop"]) == ("WEBP", 24, 0) and film.size == (256, 256)
    assert seen[-1] == ImageProgress(24, 24)
    durations = []
    for frame in range(24):
        film.seek(frame)
        film.load()
        durations.append(film.info["duration"])
    assert sum(durations) == 1600


def test_nobody_waits_for_a_cancelled_request(engine, pictures):
    answers = run(engine, TextToImage("robot"), Morphing(pictures[:2]), is_cancelled=lambda index: index == 1)
    assert isinstance(answers[0], Images) and isinstance(answers[1], Cancelled)


@pytest.mark.parametrize(
    "request_",
    [
        TextToImage("robot", truncation_psi=1.5),
        TextToImage("robot", truncation_psi=float("nan")),
        TextToImage("robot", image=b"picture"),
        TextToImage("robot", width=256),
        TextToImage("robot", lora="bold"),
        TextToImage("robot", num_images=0),
        ImageMixing(b"", b"", coarse=-0.1),
        Morphing((b"",)),
        Morphing((b"",) * 6),
        Morphing((b"", b""), frames=1000),
    ],
)
def test_what_cannot_be_served_is_refused_before_it_is_queued(engine, request_):
    with pytest.raises(InvalidInput):
        engine.batch_key(request_)


def test_an_unreadable_parent_fails_its_own_request_alone(engine, pictures):
    broken, fine = run(engine, ImageMixing(b"text", pictures[0]), ImageMixing(*pictures[:2], num_images=1))
    assert isinstance(broken, InvalidInput) and isinstance(fine, Images)
