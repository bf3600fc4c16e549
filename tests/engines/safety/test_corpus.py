import itertools
import random
import re

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from bot.screening.rules import screen
from engines.safety.head import LABELS
from engines.training.safety.characters import describe
from engines.training.safety.corpus import DATA, HELD_OUT, MILD, Example, expand, read, registers, words
from engines.training.safety.dressing import dress, mangle
from engines.training.safety.text import Recipe, draw

PARTS = ("train", *HELD_OUT)


def texts(part: str, per_line: int = 1) -> list[Example]:
    return [example for folder in registers(part) for example in read(folder, per_line)]


def test_patterns_become_texts() -> None:
    rng = random.Random(1)
    assert {expand("a {b|c} {d|{e|f}}!", rng) for _ in range(200)} == {
        f"a {x} {y}!" for x in "bc" for y in "def"
    }  # fmt: skip
    assert expand("<animal>", rng) in words("animal")
    assert expand("plain", rng) == "plain"


def test_every_file_is_named_after_labels_that_exist() -> None:
    for part in PARTS:
        found = {label for example in texts(part) for label in example.labels}
        assert found == (set() if part == "characters" else set(LABELS))


def test_every_list_that_is_named_exists_and_is_used() -> None:
    named = {
        name
        for path in [*(DATA / "train").rglob("*.txt"), DATA.parent / "dressing.py"]
        for line in path.read_text(encoding="utf-8").splitlines()
        for name in re.findall(r"<([a-z0-9]+)>", "" if line.startswith("#") else line)
    }
    assert named == {path.stem for path in (DATA / "words").glob("*.txt")}


def test_no_pattern_is_left_in_a_text() -> None:
    for part in PARTS:
        for example in texts(part, per_line=3):
            assert not re.search(r"[{}<>]", example.text), example.text


def test_whatever_is_not_for_training_is_held_out() -> None:
    assert {path.name for path in DATA.iterdir()} == {"words", *PARTS}


def test_what_is_held_out_is_never_trained_on() -> None:
    drawn = {example.text for example in draw(Recipe(per_line=3, per_ordinary_line=3, dressed=0, mangled=0), epoch=0)}
    held_out = [{example.text for example in texts(part)} for part in HELD_OUT]
    assert len(drawn) > 1000
    assert not any(one & other for one, other in itertools.combinations([drawn, *held_out], 2))


@pytest.mark.parametrize("part", PARTS)
def test_sexual_texts_speak_of_grown_ups_only(part: str) -> None:
    for example in texts(part, per_line=50):
        if "sexual" in example.labels:
            assert "minors" not in {signal.category for signal in screen(example.text)[1]}, example.text


def test_the_same_seed_gives_the_same_texts_and_what_is_rare_can_be_repeated() -> None:
    assert read("train/prompts", 3, seed=5) == read("train/prompts", 3, seed=5)
    assert read("train/prompts", 3, seed=5) != read("train/prompts", 3, seed=6)
    assert len(read("train/seeds", 3, least=2)) == 2 * len(read("train/seeds", 3))


def test_characters_are_described_anew_and_partly_in_words_that_training_never_uses() -> None:
    first, second = (set(describe(50, random.Random(seed))) for seed in (1, 2))
    assert len(first) > 45 and len(first & second) < 5
    taught = {word for text in describe(400, random.Random(3)) for word in text.lower().split()}
    unseen = [set(text.lower().split()) - taught for text in describe(50, random.Random(1), held_out=1.0)]
    assert sum(map(bool, unseen)) > 40


def test_a_mild_example_is_between_ordinary_and_bad() -> None:
    mild = next(example for example in read("train/prompts") if example.mild)
    assert {mild.target(label) for label in mild.labels} == {MILD}
    assert Example("tea", frozenset()).target("hate") == 0
    assert Example("tea", frozenset({"hate"})).target("hate") == 1


@pytest.mark.parametrize("register", ["prompts", "comments", "zh-prompts", "zh-comment-seeds"])
def test_dressing_keeps_the_text_and_its_labels(register: str) -> None:
    rng = random.Random(3)
    bad = Example("something bad", frozenset({"hate"}), mild=True)
    dressed = [dress(bad, register, rng) for _ in range(50)]
    assert all(example.text != bad.text and bad.text in example.text for example in dressed)
    assert all(example.labels == bad.labels and example.mild for example in dressed)


def test_slips_keep_most_of_the_text() -> None:
    rng = random.Random(3)
    mangled = [mangle(Example("something bad", frozenset({"hate"})), rng) for _ in range(50)]
    assert all(9 <= len(example.text) <= 17 and example.labels == {"hate"} for example in mangled)
    assert any(example.text != "something bad" for example in mangled)
