"""Which form each part of a drawn character has, those included that the library chooses."""

import json
import random
import sys

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.forms import FORMS
from engines.training import data, forms
from engines.training.attributes import ATTRIBUTES
from engines.training.render import draw_colours
from engines.training.styles import draw


def test_every_style_s_shapes_have_forms_and_a_seed_names_them():
    rng = random.Random(0)
    for style in ("cartoon", "pixel", "robot", "monster"):
        for i in range(20):
            character = draw(rng, style)
            named = forms.forms_of(character, f"seed-{i}")
            assert named.keys() <= FORMS.keys() and {"form_mouth", "form_eyes"} <= named.keys()
            assert named == forms.forms_of(character, f"seed-{i}")
            drawn = {part: value for part, value in named.items() if part != "form_accent"}
            assert all(value.startswith(f"{part} {style} ") for part, value in drawn.items())
            # Frames have a colour here; that of a monster's horns is drawn with its other colours.
            assert ("form_accent" in named) == ("form_glasses" in named and style == "cartoon")
            assert ("form_body" in named) == (style in ("robot", "monster"))
    robot = draw(random.Random(1), "robot")
    assert len({forms.forms_of(robot, str(i))["form_body"] for i in range(40)}) > 3


def test_horns_have_a_colour_of_their_own():
    rng = random.Random(3)
    character = draw(rng, "monster")
    seen = {draw_colours(character.labels, ("colour", "accent"), rng)[0]["form_accent"] for _ in range(60)}
    assert seen == {f"form_accent {name}" for name in ATTRIBUTES["colour"]}


def test_characters_rendered_without_forms_get_those_of_their_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "CHUNK", 4)
    data.render_chunk(tmp_path, 0, 32, 5)
    path = tmp_path / "0000.json"
    whole = json.loads(path.read_text())
    bare = [one | {"labels": {k: v for k, v in one["labels"].items() if k not in FORMS}} for one in whole]
    assert bare != whole
    path.write_text(json.dumps(bare))
    monkeypatch.setattr(sys, "argv", ["forms", "--data", str(tmp_path), "--seed", "5"])
    forms.main()
    assert json.loads(path.read_text()) == whole
