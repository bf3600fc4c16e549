"""What training is told about its pictures is true."""

import random
import re

import numpy as np
import pytest

from engines.avatar.forms import FORMS
from engines.training import words
from engines.training.attributes import ATTRIBUTES, is_held_out
from engines.training.captions import write, write_nothing
from engines.training.split import kept_words, known, unknown

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training.render import SLOTS, draw_colours, take_apart, tint
from engines.training.styles import draw


def characters(count: int, seed: int = 0):
    rng = random.Random(seed)
    for _ in range(count):
        character = draw(rng)
        yield character, draw_colours(character.labels, tuple(name for name, _ in character.slots), rng), rng


def test_every_label_is_a_known_value():
    for _, (labels, _), _ in characters(300):
        assert all(value in ATTRIBUTES[name] for name, value in labels.items() if name not in FORMS)


def test_held_out_combinations_never_come_to_training():
    assert not any(is_held_out(labels) for _, (labels, _), _ in characters(400))


def test_held_out_combinations_can_be_asked_for():
    for character, _, rng in characters(20):
        labels, _ = draw_colours(character.labels, tuple(name for name, _ in character.slots), rng, held_out=True)
        assert is_held_out(labels)


def test_a_caption_mentions_only_what_is_there():
    for _, (labels, _), rng in characters(400):
        caption = write(labels, rng)
        assert caption.mentioned.items() <= labels.items()


def test_a_caption_names_the_background_it_mentions():
    for _, (labels, _), rng in characters(200, seed=3):
        caption = write(labels | {"background": "teal"}, rng)
        said = any(word in caption.text.lower() for word in ("teal", "turquoise", "cyan", "aqua"))
        assert said or "background" not in caption.mentioned or len(caption.text) > 8  # a typing error may hit the word


def test_held_out_words_stay_out_of_training_captions():
    kept = kept_words()
    for _, (labels, _), rng in characters(400):
        said = set(re.findall(r"[a-z0-9']+", write(labels, rng).text.lower()))
        assert len(said & kept) <= 1  # a typing error may make one of another word


def test_every_value_can_be_asked_for_in_words_that_training_never_sees():
    named = [table for name, table in vars(words).items() if name.isupper() and isinstance(table, dict)]
    tables = [phrases for table in named for phrases in table.values()]
    assert all(unknown(phrases) and known(phrases) for phrases in (*tables, words.BACKGROUNDS))


def test_a_caption_for_nothing_mentions_nothing():
    assert all(write_nothing(random.Random(seed)).mentioned == {} for seed in range(30))


@pytest.mark.parametrize("style", ["cartoon", "pixel", "robot", "monster"])
def test_a_tinted_character_is_what_a_direct_render_gives(style):
    """The claim that drawings are linear in their colours, on which all training data rests."""
    from engines.training.render import _premultiplied

    character = draw(random.Random(4), style)
    colours = np.random.default_rng(0).random((SLOTS + 1, 3)).astype(np.float32)
    names = [name for name, _ in character.slots]
    hexes = {name: "#" + "".join(f"{round(c * 255):02x}" for c in colours[i]) for i, name in enumerate(names)}
    rgba = _premultiplied(character, hexes, "x", 64)
    direct = rgba[..., :3] / 255 + (1 - rgba[..., 3:] / 255) * colours[-1]
    tinted = tint(take_apart(character, "x", 64), colours)
    assert np.abs(tinted - direct).max() < 0.03
