"""`huashen train` and `huashen evaluate`, as one who makes a model uses them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

pytest.importorskip("dicebear", reason="the training extra is not installed")
pytest.importorskip("sacrebleu", reason="the training extra is not installed")

from bot.cli import app
from bot.evaluating import left_out, show

ROOT = Path(__file__).parents[2]
CODEC = ROOT / "engines" / "assets" / "avatar" / "vae"
TINY = ["--channels", "32", "32", "--batch", "2", "--round", "0", "--every", "0.2"]


def huashen(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())", *map(str, arguments)]


def stats(run: Path) -> list[dict]:
    path = run / "stats.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_own_pictures_are_trained_on_and_a_killed_run_goes_on_where_it_was(tmp_path):
    """Folder -> latents -> denoiser -> weights and card; kill -9 in between loses what came after the last report."""
    folder, run = tmp_path / "mine", tmp_path / "run"
    folder.mkdir()
    for index in range(12):
        Image.linear_gradient("L").rotate(index * 30).convert("RGB").save(folder / f"{index}.png")
        (folder / f"{index}.txt").write_text("a blue robot with horns")
    command = huashen("train", "diffusion", "--data", folder, "--out", run, "--codec", CODEC, *TINY)
    with subprocess.Popen([*command, "--minutes", "5"], cwd=ROOT, stdout=subprocess.DEVNULL) as first:
        ends = time.monotonic() + 120
        while len(stats(run)) < 3 and first.poll() is None and time.monotonic() < ends:
            time.sleep(0.05)
        os.kill(first.pid, signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    before = stats(run)
    again = subprocess.run([*command, "--minutes", "0.03"], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("is there already") == 2  # pictures and latents
    after = stats(run)[len(before) :]
    assert [line["step"] for line in before] == sorted({line["step"] for line in before})
    assert after and after[0]["step"] > before[-1]["step"] and after[0]["seen"] == 2 * after[0]["step"]
    assert json.loads((run / "options.json").read_text())["batch"] == 2
    assert list((run / "samples").glob("*.png")) and list(run.glob("events.out.tfevents.*"))
    assert (run / "weights" / "unet" / "diffusion_pytorch_model.safetensors").is_file()
    assert f"HUASHEN_PICTURE__MODEL={run}/models/huashen-avatar-" in again.stdout
    card = (run / "README.md").read_text()
    assert f"| loss | {before[0]['loss']:g} | {after[-1]['loss']:g} |" in card
    assert "--minutes 0.03" in card and "engines.training.folder --data" in card and "| batch | 2 |" in card


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "sorcery", "--out", "x"], "There is no recipe 'sorcery'"),
        (["train", "codec", "--out", "x", "--until", "noon"], "'noon' is neither a time of day"),
        (["train", "codec", "--out", "x", "--until", "12:00", "--minutes", "3"], "not both"),
        (["train", "codec", "--out", "x", "--minutes", "-1"], "neither a time of day"),
        (["train", "codec", "--out", "x", "--minutes", "1", "--data", "nowhere"], "nowhere is not a folder."),
        (["train", "judge", "--out", "x", "--data", "."], "'judge' does not learn from a folder"),
        (["evaluate", "--only", "smell"], "--only is one of pictures, gan, vision, text"),
        (["evaluate", "--pictures", "."], "--pictures and --reference belong together"),
        (["evaluate", "--pictures", ".", "--reference", "."], "holds 0 pictures; at least 2"),
        (["evaluate", "--model", "."], "is no run of 'huashen train diffusion'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr and result.stderr.count("\n") <= 2


def test_a_folder_of_pictures_is_measured_against_another(tmp_path):
    for name, shift in (("a", 0), ("b", 90)):
        (tmp_path / name).mkdir()
        for index in range(4):
            picture = Image.linear_gradient("L").rotate(shift + index * 10).convert("RGB")
            picture.save(tmp_path / name / f"{index}.png")

    def measured(first, second):
        arguments = ["--pictures", tmp_path / first, "--reference", tmp_path / second, "--work", tmp_path, "--json"]
        return json.loads(CliRunner().invoke(app, ["evaluate", *map(str, arguments)]).stdout)

    same, other = measured("a", "a"), measured("a", "b")
    assert same["FID"] == pytest.approx(0, abs=1e-2) and same["precision"] == same["recall"] == 1
    assert other["FID"] > 1 and other["pictures"] == other["reference"] == 4


def test_the_text_model_never_sees_the_caption_that_it_is_measured_by():
    asked = list(left_out())
    assert len(asked) > 30
    for request, reference in asked:
        assert reference not in [message.content for message in request.messages]


def test_figures_are_printed_for_eyes(capsys):
    tables = {"accuracy": {"style": 0.91}, "ceiling": {"style": 1.0, "hair": 0.8}}
    show("pictures", {"count": 3, "FID": 412.3456, "real": {"FID": 240.7}, **tables}, as_json=False)
    out = capsys.readouterr().out
    assert "412.3   (other renders: 240.7)" in out
    assert [line.split() for line in out.splitlines()[-2:]] == [["style", "0.91", "1"], ["hair", "-", "0.8"]]
