"""The shipped weights: a render is described, found by its words, and its prompt reads back as what was seen."""

import json
import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

import numpy as np
from PIL import Image

from engines.contract import EngineOptions, FeatureExtraction, ImageFeatureExtraction, ImageToText
from engines.pictures import to_png
from engines.training.attributes import ATTRIBUTES
from engines.training.render import draw_colours, take_apart, tint
from engines.training.styles import draw
from engines.vision import embedding, engine, slots
from engines.vision.assets import ASSETS
from engines.vision.prompts import prompt_of


@pytest.fixture(scope="module")
def pictures():
    rng, made = random.Random(11), []
    while len(made) < 6:
        one = draw(rng, ("cartoon", "robot", "monster")[len(made) % 3])
        labels, colours = draw_colours(one.labels, tuple(name for name, _ in one.slots), rng)
        pixels = tint(take_apart(one, str(len(made)), 128), colours)
        shown = {name: value for name, value in labels.items() if name in ATTRIBUTES}
        made.append((to_png(Image.fromarray((pixels * 255).astype(np.uint8))), shown))
    return made


def answers(model, requests):
    return model.run(requests, lambda *_: None, lambda _: False)


def test_renders_are_described(pictures) -> None:
    told = answers(engine.load(EngineOptions(ASSETS)), [ImageToText(data) for data, _ in pictures])
    assert [one.kind for one in told] == ["avatar"] * 6
    for one, (_, labels) in zip(told, pictures, strict=True):
        right = [one.attributes.get(name) == value for name, value in labels.items() if name not in ("gender", "age")]
        assert np.mean(right) > 0.8, (one, labels)
        assert f"{labels['background']} background" in one.text


def test_a_picture_is_nearer_to_its_words_than_to_anothers(pictures) -> None:
    eye, ear = embedding.load_pictures(EngineOptions(ASSETS)), embedding.load_texts(EngineOptions(ASSETS))
    (seen,) = answers(eye, [ImageFeatureExtraction(tuple(data for data, _ in pictures))])
    (read,) = answers(ear, [FeatureExtraction(tuple(prompt_of(labels) for _, labels in pictures))])
    near = torch.tensor(read.vectors) @ torch.tensor(seen.vectors).T
    assert near.argmax(1).tolist() == list(range(6))


def test_prompts_read_back_as_the_attributes_they_were_made_of(pictures) -> None:
    reader, right = slots.load(), []
    values = dict(json.loads((ASSETS / "tower.json").read_text())["attributes"])
    for _, labels in pictures:
        read = reader.read([prompt_of(labels)])
        for name in set(labels) - {"age", "glasses", "facial_hair"}:
            right.append(max(values[name], key=lambda value, name=name: float(read[name][value])) == labels[name])
    assert np.mean(right) > 0.9
