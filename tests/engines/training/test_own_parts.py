"""Faces that the library lacks."""

import random

import numpy as np
import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from dataclasses import replace

from engines.training.own_parts import OWN_PARTS
from engines.training.render import take_apart
from engines.training.styles import STYLE_NAMES, draw

ASKED = ("smile", "laugh", "sad", "angry", "surprised", "neutral")


@pytest.mark.parametrize("style", STYLE_NAMES)
def test_every_style_has_every_face_that_people_ask_for(style):
    rng = random.Random(0)
    assert {draw(rng, style).labels["expression"] for _ in range(300)} >= set(ASKED)


@pytest.mark.parametrize("style", OWN_PARTS)
def test_our_own_parts_are_drawn_each_in_its_own_way(style):
    rng = random.Random(1)
    character = draw(rng, style)
    names = [*OWN_PARTS[style]["mouth"], character.options["mouthVariant"]]
    options = [character.options | {"mouthVariant": name} for name in names]
    planes = [take_apart(replace(character, options=one), "seed", 64) for one in options]
    for i, one in enumerate(planes):
        others = [np.abs(one.astype(int) - other).sum() for k, other in enumerate(planes) if names[k] != names[i]]
        assert min(others) > 0
