"""Vectors of the dual encoder: unit length, the same alone and in a batch, and texts placed by name."""

import math

import pytest
import torch

from engines.contract import Embeddings, FeatureExtraction, ImageFeatureExtraction, InvalidInput
from engines.vision.dual import placed
from engines.vision.embedding import PictureVectors, TextVectors, name_of
from tests.engines.vision.tiny import ATTRIBUTES, dual, png, tower


class Reader:
    """Reads 'red' as red hair and everything else as nothing."""

    def read(self, texts):
        red = torch.tensor([0.9 if "red" in text else 0.0 for text in texts])
        return {"hair_colour": {"red": red, "green": torch.zeros(len(texts))}}


def run(engine, *requests):
    return engine.run(requests, lambda *_: None, lambda _: False)


def test_pictures_have_unit_vectors_that_do_not_depend_on_their_neighbours() -> None:
    made = tower()
    engine = PictureVectors(made, dual(made))
    first, second = png("red"), png("white", spot="black")
    both, broken = run(engine, ImageFeatureExtraction((first, second)), ImageFeatureExtraction((b"x",)))
    assert isinstance(both, Embeddings) and isinstance(broken, InvalidInput)
    (alone,) = run(engine, ImageFeatureExtraction((second,)))
    assert alone.vectors[0] == both.vectors[1] != both.vectors[0]
    assert math.hypot(*both.vectors[0]) == pytest.approx(1, abs=1e-5)


def test_texts_have_vectors_in_the_same_space() -> None:
    made = tower()
    engine = TextVectors(Reader(), dual(made))
    both, wrong = run(engine, FeatureExtraction(("red hair", "hello")), ImageFeatureExtraction((png(),)))
    assert isinstance(wrong, InvalidInput)
    (alone,) = run(engine, FeatureExtraction(("hello",)))
    assert alone.vectors[0] == both.vectors[1] != both.vectors[0] and len(alone.vectors[0]) == 8
    assert math.hypot(*both.vectors[0]) == pytest.approx(1, abs=1e-5)
    assert not any(alone.vectors[0])  # words that name nothing are near nothing


def test_slots_that_learnt_more_or_less_still_speak_to_the_head() -> None:
    half = torch.tensor([0.5])
    read = {"hair_colour": {"green": half, "mauve": half}, "mood": {"odd": half}}
    row = placed(ATTRIBUTES[:2], read, 1)[0]
    assert row.tolist() == [0, 0, 1, 0, 0.5, 0.5]  # cartoon robot unspecified, red green unspecified


def test_a_space_of_other_weights_has_another_name(tmp_path) -> None:
    names = set()
    for tower_bytes, dual_bytes in ((b"a", b"b"), (b"a", b"c"), (b"d", b"b")):
        (tmp_path / "tower.safetensors").write_bytes(tower_bytes)
        (tmp_path / "dual.safetensors").write_bytes(dual_bytes)
        names.add(name_of(tmp_path))
    (tmp_path / "tower.factors.safetensors").write_bytes(b"what was learned since")
    names.add(name_of(tmp_path))
    assert len(names) == 4 and all(name.startswith("huashen-clip-") for name in names)
