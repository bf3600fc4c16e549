"""Each recipe's stages: that their modules understand what they are told, and what is done once stays done."""

import argparse
import importlib
import sys
import types
from pathlib import Path

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import recipes
from engines.training.recipes import RECIPES, Order, Stage, Unusable, run_stage


class Parsed(Exception):
    """A module has understood its arguments, and is stopped before it works."""


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("own", [False, True])
def test_every_stage_is_told_what_its_module_understands(tmp_path, monkeypatch, recipe, own):
    data = tmp_path / "examples.jsonl"
    data.write_text("{}")
    order = Order(tmp_path / "run", data if own or recipe == "tone" else None, "+9", codec=None)
    parse = argparse.ArgumentParser.parse_args

    def parse_and_stop(self, args=None, namespace=None):
        parse(self, args, namespace)
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse_and_stop)
    stages = RECIPES[recipe](order)
    assert [stage.name for stage in stages].count("") == 1
    named = [stage.name for stage in stages if stage.name]
    assert len(named) == len({*named})
    for stage in stages:
        monkeypatch.setattr(sys, "argv", [stage.module, *stage.arguments])
        with pytest.raises(Parsed):
            importlib.import_module(f"engines.training.{stage.module}").main()


def test_what_a_stage_reads_an_earlier_one_has_written(tmp_path):
    data = tmp_path / "examples.jsonl"
    data.write_text("{}")
    for recipe, stages_of in RECIPES.items():
        order = Order(tmp_path / "run", data if recipe == "tone" else None)
        written = {str(data), str(recipes.EMBEDDED / "vae"), str(recipes.EMBEDDED / "text_encoder")}
        for stage in stages_of(order):
            told = dict(zip(stage.arguments, stage.arguments[1:], strict=False))
            reads = [
                told[n] for n in ("--data", "--codec", "--tower", "--drawings", "--weights", "--unet") if n in told
            ]
            lacking = [path for path in reads if not any(Path(path).is_relative_to(one) for one in written)]
            assert not lacking, (recipe, stage)
            written |= {told[name] for name in ("--out", "--target", "--export") if name in told}


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
