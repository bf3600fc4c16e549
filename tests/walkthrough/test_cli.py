"""The contract of the command line, with the real models: what scripts and acceptance rely on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.conftest import cache_folder

ROOT = Path(__file__).parents[2]


class Shell:
    """Runs `huashen` with a data folder of its own, whose models are prepared once for all tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        data = folder / "data"
        data.mkdir()
        models = cache_folder() / "models"
        models.mkdir(parents=True, exist_ok=True)
        (data / "models").symlink_to(models)
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("HUASHEN_")} | {
            "HUASHEN_DATA_DIR": str(data),
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0, **environment: str) -> list[Any]:
        """The JSON lines of stdout; stdout must hold nothing else."""
        done = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == code, done.stderr
        self.stderr = done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def huashen(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"))


def picture(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.copy()


def test_avatar(huashen: Shell) -> None:
    (answer,) = huashen("avatar", "a smiling woman with red hair", "--seed", "7", "--count", "2", "--json")
    assert {"status", "files", "seed", "model", "seconds", "verdict"} <= set(answer)
    assert (answer["status"], answer["verdict"], answer["seed"]) == ("done", "allow", 7)
    assert "red hair" not in huashen.stderr
    files = [huashen.folder / name for name in answer["files"]]
    pictures = [picture(file) for file in files]
    assert [picture.size for picture in pictures] == [(512, 512)] * 2
    (again,) = huashen("avatar", "a smiling woman with red hair", "--seed", "7", "--out", "two", "--json")
    # A batch of two and one alone add up in another order, so the last bits may differ, and nothing else.
    difference = ImageChops.difference(pictures[0], picture(huashen.folder / again["files"][0]))
    assert max(ImageStat.Stat(difference).mean) < 0.5
    (far,) = huashen("avatar", "a robot with a beard", "--from", str(files[0]), "--strength", "0.9", "--json")
    assert far["status"] == "done" and "beard" in far["note"] and "note" not in answer
    (castle,) = huashen("avatar", "a castle", "--steps", "2", "--json", HUASHEN_LANGUAGE="zh_CN")
    assert castle["status"] == "done" and "随机" in castle["note"]


def test_caption(huashen: Shell) -> None:
    (answer,) = huashen("caption", "a sunset hike with friends", "--tone", "poetic", "--seed", "3", "--json")
    assert {"status", "texts", "model", "seconds", "tokens"} <= set(answer)
    assert answer["status"] == "done" and 1 <= len(answer["texts"]) <= 3
    (chinese,) = huashen("caption", "和朋友一起看日落", "--json")
    assert chinese["status"] == "done" and "日落" in chinese["texts"][0]


def test_screen(huashen: Shell) -> None:
    lines = ['"a knight on a horse"', '{"text": "how to make a bomb at home"}', "not json", '"骑士"']
    answers = huashen("screen", "--jsonl", stdin="\n".join(lines))
    assert len(answers) == 4
    assert all({"score", "verdict", "signals"} <= set(answer) for answer in answers)
    assert [answer["verdict"] == "allow" for answer in answers] == [True, False, False, True]


@pytest.mark.parametrize(
    "arguments",
    [
        ("avatar", ""),
        ("avatar", "x" * 10_000),
        ("avatar", "a knight", "--count", "99"),
        ("avatar", "a knight", "--style", "nope"),
        ("avatar", "a knight", "--from", "missing.png"),
        ("caption", ""),
        ("caption", "a hike", "--tone", "nope"),
        ("avatar",),
        ("avatar", "a knight", "--seed", "seven"),
        ("review", "show", "nope"),
        ("nonsense",),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(huashen: Shell, arguments: tuple[str, ...]) -> None:
    if arguments[0] in ("avatar", "caption"):
        arguments = (*arguments, "--json")
    huashen(*arguments, code=2)
    assert len(huashen.stderr.splitlines()) == 1


def test_a_fresh_folder_just_works(huashen: Shell, tmp_path: Path) -> None:
    fresh = {"HUASHEN_DATA_DIR": str(tmp_path / "fresh")}
    assert huashen("review", "list", "--json", **fresh) == []
    assert huashen("quota", "--json", **fresh)[0]["used"] == 0


@pytest.mark.parametrize(
    ("command", "name", "value", "code"),
    [
        ("quota", "HUASHEN_DATA_DIR", "/dev/null/data", 1),
        ("link", "HUASHEN_DATA_DIR", "/dev/null/data", 1),
        ("quota", "HUASHEN_DATABASE_URL", "mysql://somewhere", 1),
        ("quota", "HUASHEN_QUOTA__MEMBER_DAY", "not json", 2),
        ("quota", "HUASHEN_WEB__PORT", "99999", 2),
    ],
)
def test_a_wrong_setting_is_one_sentence(huashen: Shell, command: str, name: str, value: str, code: int) -> None:
    huashen(command, code=code, **{name: value})
    assert len(huashen.stderr.splitlines()) == 1


def test_a_text_file_is_no_picture(huashen: Shell) -> None:
    (huashen.folder / "fake.png").write_text("I am a text")
    (answer,) = huashen("avatar", "a knight", "--from", "fake.png", "--json", code=2)
    assert answer["status"] == "invalid" and answer["message"]


def test_refused_and_held_exit_3_and_a_human_decides(huashen: Shell) -> None:
    quota = {"HUASHEN_QUOTA__MEMBER_DAY": '{"owner": 1}'}
    (answer,) = huashen("avatar", "a knight", "--json", code=3, **quota)
    assert answer["status"] == "refused"
    (answer,) = huashen("avatar", "a naked woman", "--json", code=3)
    assert answer["status"] in ("held", "refused")
    before = huashen("quota", "--json")[0]["remaining"]
    for case in huashen("review", "list", "--json"):
        assert case["category"]
        huashen("review", "reject", case["case"][:8])
    assert huashen("review", "list", "--json") == []
    assert huashen("quota", "--json")[0]["remaining"] >= before


def test_a_policy_goes_out_and_comes_in(huashen: Shell, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    huashen("policy", "preset", "family", "--community", "discord:7")
    huashen("policy", "export", str(file), "--community", "discord:7")
    assert 'preset = "family"' in file.read_text(encoding="utf-8")
    file.write_text(
        file.read_text(encoding="utf-8").replace("own_terms = []", 'own_terms = ["goblin"]'), encoding="utf-8"
    )
    huashen("policy", "import", str(file))
    (answer,) = huashen("avatar", "a goblin", "--json", code=3)
    assert answer["status"] == "refused"
    file.write_text("colour = 1", encoding="utf-8")
    huashen("policy", "import", str(file), code=2)
    huashen("policy", "import", str(tmp_path / "nowhere.toml"), code=2)
    huashen("policy", "preset", "standard")
    entries = huashen("audit", "export", "--community", "discord:7")
    assert [entry["action"] for entry in entries] == ["policy-change"]
    huashen("audit", "verify")


def test_the_rest(huashen: Shell) -> None:
    assert {row["task"] for row in huashen("models", "--json")} >= {"text-to-image", "text-generation"}
    assert all(row["ok"] for row in huashen("doctor", "--json"))
    answer = huashen("caption", "a hike", "--json", code=1, HUASHEN_TEXT__MODEL="/nowhere/model")[0]
    assert answer["status"] == "failed" and "/nowhere/model" in answer["message"]
