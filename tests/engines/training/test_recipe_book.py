"""The recipe book against the code: every function it names is there, and every curve has its figures."""

import ast
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
BOOK = (DOCS / "recipes.md").read_text(encoding="utf-8")
NAMED = re.findall(r"\[`(\w+)`\]\(([^)]+\.py)\)", BOOK)


def defined(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_every_function_it_names_is_defined_where_it_points():
    assert len(NAMED) > 20
    assert [(name, path) for name, path in NAMED if name not in defined(DOCS / path)] == []


def test_every_link_leads_somewhere():
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", BOOK) if "://" not in target]
    assert [target for target in targets if not (DOCS / target).exists()] == []
    headings = [re.sub(r"[^\w -]", "", line.lstrip("# ").lower()) for line in BOOK.splitlines() if line[:1] == "#"]
    anchors = {heading.strip().replace(" ", "-") for heading in headings}
    assert [anchor for anchor in re.findall(r"\]\(#([^)]+)\)", BOOK) if anchor not in anchors] == []


def test_every_curve_is_drawn_from_figures_that_lie_beside_it():
    from docs.make_curves import PLOTS, read, series

    shown = set(re.findall(r"images/curve-(\w+)\.svg", BOOK))
    assert shown == {path.stem for path in (DOCS / "curves").glob("*.jsonl")}
    for name in shown:
        for panel in PLOTS[name]:
            for figure in panel.figures:
                places, values = series(read(name), figure, panel.over)
                assert len(places) == len(values) >= 3, (name, figure)


def test_it_tells_of_every_recipe_and_of_no_other():
    from engines.training.stages import RECIPES

    table = BOOK.split("| recipe | makes |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(RECIPES)


def test_the_command_names_every_recipe():
    from bot.cli_training import RECIPES as SAID
    from engines.training.stages import RECIPES

    assert SAID.split(", ") == list(RECIPES)


def test_what_a_kill_undid_is_not_drawn():
    from docs.make_curves import series

    reports = [{"time": 0, "step": step, "loss": loss} for step, loss in ((1, 9), (2, 8), (3, 7), (2, 6), (4, 5))]
    assert series(reports, "loss", "step") == ([1, 2, 4], [9, 6, 5])


def test_curves_can_be_drawn(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib", reason="the training extra is not installed")
    from docs import make_curves

    monkeypatch.setattr(make_curves, "IMAGES", tmp_path)
    drawn = make_curves.draw("tone", make_curves.PLOTS["tone"])
    assert drawn.read_text().count("<path") > 10
