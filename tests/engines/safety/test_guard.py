"""A guard model from a folder: its labels in our words, one or many a text, and what is refused."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from engines.contract import EngineOptions, ModelUnavailable, Scores, TextClassification
from engines.safety import guard

WORDS = {"[PAD]": 0, "[UNK]": 1, "a": 2, "knight": 3, "gun": 4}


def saved(folder: Path, labels: list[str], problem_type: str | None = None) -> Path:
    """A tiny classifier on disk that answers the same to every text: label i with the logit i."""
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        id2label=dict(enumerate(labels)), label2id={label: index for index, label in enumerate(labels)},
        problem_type=problem_type,
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.arange(len(labels), dtype=torch.float32))
    model.save_pretrained(folder)
    words = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    return folder


def scores(folder: Path, *texts: str) -> list[dict[str, float]]:
    loaded = guard.load(EngineOptions(Path("data"), guard_model=str(folder), device="cpu", dtype="float32"))
    (answer,) = loaded.run([TextClassification(texts)], lambda *_: None, lambda _: False)
    assert isinstance(answer, Scores)
    return list(answer.scores)


def test_names_of_several_models_are_brought_to_ours() -> None:
    assert guard.columns({0: "OK", 1: "S3", 2: "S", 3: "V2", 4: "SH"})["sexual"] == [1, 2]
    assert guard.columns({0: "sexual/minors", 1: "hate/threatening", 2: "Toxic"})["harassment"] == [2]


def test_one_label_a_text_is_a_share_of_all(tmp_path: Path) -> None:
    first, second = scores(saved(tmp_path, ["OK", "violence"]), "a knight", "a knight with a gun")
    assert first == second and first["violence"] == pytest.approx(0.731, abs=0.001) and first["sexual"] == 0.0


def test_many_labels_a_text_stand_for_themselves_and_the_highest_counts(tmp_path: Path) -> None:
    (found,) = scores(saved(tmp_path, ["toxic", "insult", "threat"], "multi_label_classification"), "a gun")
    assert found["harassment"] == pytest.approx(0.731, abs=0.001)
    assert found["violence"] == pytest.approx(0.881, abs=0.001)


@pytest.mark.parametrize("labels", [["positive", "negative"], ["OK", "fine"]])
def test_a_model_that_is_no_guard_is_refused(tmp_path: Path, labels: list[str]) -> None:
    with pytest.raises(ModelUnavailable, match="no guard model"):
        scores(saved(tmp_path, labels), "a knight")


def test_a_folder_without_a_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        guard.load(EngineOptions(Path("data"), guard_model=str(tmp_path), device="cpu"))
