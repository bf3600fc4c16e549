"""Running a recipe: what is done once stays done, and what is wrong is one sentence."""

import sys
import types

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import recipes
from engines.training.recipes import run_stage
from engines.training.stages import RECIPES, Order, Stage, Unusable


@pytest.fixture
def counting(monkeypatch):
    """A module that counts how often it was run."""
    runs = []
    module = types.SimpleNamespace(main=lambda: runs.append(sys.argv[1:]))
    monkeypatch.setattr(recipes.importlib, "import_module", lambda _: module)
    return runs


def test_what_is_done_is_not_done_again_because_less_time_is_left(tmp_path, counting):
    for until in ("+9", "+3"):
        run_stage(tmp_path, Stage("codec", (), "decoder"), ["--data", "a", "--until", until], "1/1")
    assert counting == [["--data", "a", "--until", "+9"]]


def test_other_data_make_it_another_stage(tmp_path, counting):
    for data in ("a", "b"):
        run_stage(tmp_path, Stage("codec", (), "decoder"), ["--data", data], "1/1")
    assert len(counting) == 2


def test_the_recipes_own_stage_and_its_weights_are_made_each_time(tmp_path, counting):
    for _ in range(2):
        run_stage(tmp_path, Stage("codec", ()), [], "1/2")
        run_stage(tmp_path, Stage("assemble", (), "weights", once=False), [], "2/2")
    assert len(counting) == 4


def test_a_stage_that_fails_is_not_done(tmp_path, monkeypatch):
    def fail():
        raise ValueError("no")

    monkeypatch.setattr(recipes.importlib, "import_module", lambda _: types.SimpleNamespace(main=fail))
    before = sys.argv
    with pytest.raises(ValueError, match="no"):
        run_stage(tmp_path, Stage("codec", (), "decoder"), [], "1/1")
    assert sys.argv is before and list(tmp_path.iterdir()) == []


def test_a_tone_needs_its_examples(tmp_path):
    with pytest.raises(Unusable, match="--data FILE"):
        RECIPES["tone"](Order(tmp_path))
