"""The recipe of a community's voice on the tiny model: it learns, is judged by its rule, and continues when killed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engines.contract import EngineOptions, InvalidInput, Request, TextGeneration, Texts
from engines.text.engine import load
from engines.training import tone, tone_evaluation
from engines.training.tone_data import FEWEST, Example, chat, encode, read_examples
from engines.training.tone_evaluation import Figures, copied_share, distinct, reason_against
from tests.engines.text.conftest import tiny as tiny
from tests.engines.text.conftest import tiny_folder as tiny_folder

NOUNS = ["cat", "dog", "sea", "sun", "rum", "map", "gem", "sky", "oar", "fin", "bay", "hat"]
PAIRS = [(f"the {word}", f"Arr, the {word}!") for word in NOUNS]


def examples(folder: Path) -> Path:
    file = folder / "examples.jsonl"
    file.write_text("".join(json.dumps({"topic": topic, "caption": caption}) + "\n" for topic, caption in PAIRS))
    return file


def options(folder: Path, base: Path, *more: str) -> Any:
    given = ["--examples", str(examples(folder)), "--out", str(folder / "run"), "--data-dir", str(folder / "data")]
    given += ["--base", str(base), "--epochs", "4", "--lr", "1e-2", "--rank", "4", "--folds", "2"]
    return tone.parser().parse_args([*given, *more])


def stats(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "run" / "stats.jsonl").read_text().splitlines()]


@pytest.fixture(autouse=True)
def threads() -> Any:
    """A recipe limits torch's threads for the whole process, which other tests share."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone_evaluation, "TOPICS", ("a parrot", "a storm"))
    monkeypatch.setattr(tone, "limit_threads", lambda threads: torch.set_num_threads(threads))


def test_it_learns_and_is_served_as_it_was_judged(tmp_path: Path, tiny_folder: Path) -> None:
    folder = tone.train_tone(options(tmp_path, tiny_folder, "--tone", "discord.1"))
    assert folder.parent == tmp_path / "data" / "tones" / "discord.1"
    card = json.loads((folder / "tone.json").read_text())
    assert card["perplexity"]["adapter"] < 0.5 * card["perplexity"]["plain"]
    assert card["examples"] == len(PAIRS) and set(card["figures"]) == {"plain", "few_shot", "adapter"}
    assert card["offered"] == (card["against"] is None)
    engine = load(EngineOptions(tmp_path / "data", text_model=str(tiny_folder), device="cpu", dtype="float32"))
    name = f"discord.1/{folder.name}"
    asked = TextGeneration(chat("the pig"), temperature=0.01, max_new_tokens=8)
    both: list[Request] = [replace(asked, adapter=name), asked]
    tuned, plain = (engine.run([each], lambda i, p: None, lambda i: False)[0] for each in both)
    assert isinstance(tuned, Texts) and isinstance(plain, Texts)
    assert tuned.texts[0].startswith("A") and not plain.texts[0].startswith("A")


def test_a_killed_run_goes_on_to_the_very_same_adapter(
    tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole = tone.train_tone(options(tmp_path / "whole", tiny_folder))
    epoch, calls = tone.train_epoch, 0

    def killed(*arguments: Any) -> float:
        nonlocal calls
        calls += 1
        if calls in (3, 5):
            raise KeyboardInterrupt
        return epoch(*arguments)

    monkeypatch.setattr(tone, "train_epoch", killed)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            tone.train_tone(options(tmp_path / "killed", tiny_folder))
    again = tone.train_tone(options(tmp_path / "killed", tiny_folder))
    weights = [(folder / "adapter_model.safetensors").read_bytes() for folder in (whole, again)]
    assert weights[0] == weights[1]
    done = [(line.get("part"), line.get("epoch")) for line in stats(tmp_path / "killed")]
    assert len(done) == len(set(done)) == len(stats(tmp_path / "whole"))


def test_a_caption_is_learned_and_not_its_topic(tiny: Any) -> None:
    tokenizer = tiny._prompts._tokenizer
    row = encode(tokenizer, chat("rain"), "Wet.")
    assert tokenizer.decode(row.ids[row.start :]) == "Wet.<|im_end|>"
    assert tokenizer.decode(row.ids[: row.start]).endswith("<|im_start|>user\nrain<|im_end|>\n<|im_start|>assistant\n")


def test_too_few_or_unreadable_examples_are_said(tmp_path: Path) -> None:
    file = examples(tmp_path)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[: FEWEST - 1], lines[0]]))
    with pytest.raises(InvalidInput, match="11 examples are too few"):
        read_examples(file)
    file.write_text("\n".join([*lines, '{"topic": "x"}']))
    with pytest.raises(InvalidInput, match="line 13"):
        read_examples(file)


def test_the_figures_count_what_they_say() -> None:
    assert distinct(["a b a b"], 1) == 0.5 and distinct(["a b a b"], 2) == 2 / 3
    assert copied_share("Arr, the cat be here", "the Cat be fine") == 3 / 5
    assert copied_share("", "x") == 0.0
    assert tone_evaluation.nearest([Example("a dog", "1"), Example("tax law", "2")], Example("a puppy", ""), 1) == [
        Example("a dog", "1")
    ]


def test_the_rule_names_what_speaks_against_an_adapter() -> None:
    def judged(distinct_2: float, copies: float) -> dict[str, Figures]:
        few = Figures(0.5, 0.8, 0.1, 0.2, 0.0, ())
        return {"plain": few, "few_shot": few, "adapter": Figures(0.5, distinct_2, 0.2, 0.2, copies, ())}

    better = {"plain": 50.0, "few_shot": 30.0, "adapter": 20.0}
    assert reason_against(better, judged(0.7, 0.05)) is None
    assert reason_against(better | {"adapter": 31.0}, judged(0.7, 0.05)) == "perplexity"
    assert reason_against(better, judged(0.5, 0.05)) == "distinct"
    assert reason_against(better, judged(0.7, 0.2)) == "copies"
