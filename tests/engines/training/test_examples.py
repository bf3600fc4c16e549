"""The examples that complete prompts: pleasing in most, and something for the rarest wish."""

import random
from collections import Counter

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.forms import FORMS
from engines.training import examples
from engines.training.attributes import ATTRIBUTES

PERSON = {
    "style": "cartoon", "hair": "short", "hair_colour": "brown", "clothes": "blue", "background": "yellow",
    "expression": "smile",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn():
    return examples.draw_examples(800, random.Random(0))


def kept(**other):
    rng = random.Random(0)
    return sum(examples.is_pleasing(PERSON | other, rng) for _ in range(300)) / 300


def test_everything_that_can_be_asked_for_is_there(drawn):
    labels, forms, names = drawn
    for i, values in enumerate(ATTRIBUTES.values()):
        assert set(labels[:, i].tolist()) >= set(range(len(values)))
    assert set(forms.flatten().tolist()) == set(range(len(names)))
    heads = {names[i] for i in forms[:, list(FORMS).index("form_body")].tolist()}
    assert len({name for name in heads if "robot" in name}) > 3  # which the library chooses


def test_a_plain_character_is_kept_and_rare_tastes_are_rare():
    assert kept() == 1
    rare = ({"hair_colour": "green"}, {"hair_colour": "white"}, {"expression": "angry"}, {"glasses": "sunglasses"})
    for one in rare:
        assert kept(**one) == pytest.approx(examples.SELDOM, abs=0.06)
    assert kept(hair_colour="white", age="old") == 1
    assert kept(style="pixel") == pytest.approx(0.5, abs=0.1)


def test_nothing_melts_into_its_background(drawn):
    assert kept(clothes="yellow") == kept(clothes="orange") == kept(hair_colour="blonde") == 0
    names = list(ATTRIBUTES)
    background = drawn[0][:, names.index("background")]
    for inner in ("clothes", "colour", "hat_colour"):  # which is that of horns, for a monster
        assert not (drawn[0][:, names.index(inner)] == background).any()
    monsters = drawn[0][:, 0] == ATTRIBUTES["style"].index("monster")
    assert (drawn[0][monsters, names.index("hat_colour")] < len(ATTRIBUTES["hat_colour"])).all()


def test_friendly_faces_are_the_rule(drawn):
    faces = Counter(drawn[0][:, list(ATTRIBUTES).index("expression")].tolist())
    values = ATTRIBUTES["expression"]
    friendly = sum(
        count for value, count in faces.items() if value < len(values) and values[value] in examples.FRIENDLY
    )
    assert friendly > 0.8 * len(drawn[0])
