"""Each recipe's stages: their modules understand what they are told, and read what an earlier one has written."""

import argparse
import importlib
import sys
from pathlib import Path

import pytest

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training.stages import EMBEDDED, RECIPES, Order


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
        written = {str(data), str(EMBEDDED / "vae"), str(EMBEDDED / "text_encoder")}
        for stage in stages_of(order):
            told = dict(zip(stage.arguments, stage.arguments[1:], strict=False))
            reads = [
                told[n] for n in ("--data", "--codec", "--tower", "--drawings", "--weights", "--unet") if n in told
            ]
            lacking = [path for path in reads if not any(Path(path).is_relative_to(one) for one in written)]
            assert not lacking, (recipe, stage)
            written |= {told[name] for name in ("--out", "--target", "--export") if name in told}


def test_only_characters_of_ours_are_completed_and_learned_from_without_a_teacher(tmp_path):
    for data in (None, tmp_path):
        modules = [(stage.module, *stage.arguments) for stage in RECIPES["distil"](Order(tmp_path / "run", data))]
        assert any("--straight" in one for one in modules) == (data is None)
        assert any(one[0] == "examples" for one in modules) == (data is None)
        assert any(one[:2] == ("distil", "teach") for one in modules) == (data is not None)
