"""The rules of the house that no linter knows."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("package", ["bot", "adapters", "engines"])
def test_our_generic_names_are_ours_alone(package: str) -> None:
    """Another distribution with a package `adapters` would merge into ours silently."""
    installed = packages_distributions()
    assert set(installed.get(package, ["huashen"])) == {"huashen"}
    module = __import__(package)
    assert Path(module.__file__ or "").parent == ROOT / package


def test_the_command_line_loads_no_model_library() -> None:
    """`huashen --help` answers at once."""
    code = "import sys, bot.cli; print([m for m in ('torch', 'transformers', 'sqlalchemy') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def test_the_running_bot_loads_no_model_library() -> None:
    """Models live in child processes; the process with the event loop stays small."""
    code = "import sys, bot.serve; print([m for m in ('torch', 'transformers', 'diffusers') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def test_every_level_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_setting_is_documented() -> None:
    """docs/SETTINGS.md is made from bot/settings.py, so that it cannot tell of anything else."""
    from bot.settings import describe

    assert (ROOT / "docs" / "SETTINGS.md").read_text() == describe(), "run: python -m bot.settings > docs/SETTINGS.md"


def test_every_command_is_in_the_readme() -> None:
    from bot.cli import app

    readme = (ROOT / "README.md").read_text()
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [name for name in names if f"huashen {name}" not in readme] == []
