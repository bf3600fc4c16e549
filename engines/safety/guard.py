"""A guard model of the owner's choice: any sequence classifier that transformers loads, by folder or hub name.

Guard models name what they see in words of their own ('sexual/minors', 'S3', 'toxic'); MEANINGS brings those to the
labels of the embedded screen. Other labels are left out, and a model with none that are known is refused.
"""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from engines import hub
from engines.contract import (
    EngineOptions,
    ModelUnavailable,
)
from engines.device import choose_device, choose_dtype
from engines.safety.head import LABELS
from engines.safety.texts import ScoresTexts

BATCH = 32
"""Texts read at once."""
LENGTH = 512
"""Tokens of a text that are read at most; a prompt has a few hundred."""
MEANINGS = {
    "sexual": ("sexual", "s", "s3", "obscene", "nsfw", "porn"),
    "violence": ("violence", "v", "v2", "threat", "gore", "graphic"),
    "hate": ("hate", "h", "h2", "identity_hate", "identity_attack", "hateful", "hatespeech"),
    "harassment": ("harassment", "hr", "toxic", "toxicity", "severe_toxic", "severe_toxicity", "insult", "offensive"),
    "self-harm": ("self-harm", "self_harm", "sh", "suicide"),
    "illegal": ("illegal", "illicit", "crime", "criminal", "drugs", "weapons"),
}
"""Our label -> the names that guard models have for it; the part before a slash counts."""


class Guard(ScoresTexts):
    """Scores texts by label; several names for one thing count as their highest."""

    def __init__(self, name: str, tokenizer: Any, model: Any) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._model = model.eval()
        self._columns = columns(model.config.id2label)
        if not any(self._columns.values()):
            raise ModelUnavailable(f"'{name}' is no guard model: none of its labels is known.")
        # One label a text (softmax) or any number of them (sigmoid), as the model says of itself.
        self._several = model.config.problem_type == "multi_label_classification"

    @torch.inference_mode()
    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Label -> probability for each text, in order."""
        found: list[dict[str, float]] = []
        for start in range(0, len(texts), BATCH):
            read = self._tokenizer(
                list(texts[start : start + BATCH]),
                padding=True,
                truncation=True,
                max_length=LENGTH,
                return_tensors="pt",
            ).to(self._model.device)
            logits = self._model(**read).logits.float()  # (texts, the model's labels)
            rows = logits.sigmoid() if self._several else logits.softmax(-1)
            found += [
                {label: max((row[index] for index in indices), default=0.0) for label, indices in self._columns.items()}
                for row in rows.tolist()
            ]
        return found


def columns(names: dict[int, str]) -> dict[str, list[int]]:
    """Our labels with the columns of the model that mean them."""
    plain = {index: name.split("/")[0].strip().lower().replace(" ", "_") for index, name in names.items()}
    return {label: [index for index, name in plain.items() if name in MEANINGS[label]] for label in LABELS}


def load(options: EngineOptions) -> Guard:
    """Load the guard of the options, on the device that they choose."""
    where = hub.locate(options.guard_model)
    device = choose_device(options)
    dtype = choose_dtype(options, device)

    def read(local_files_only: bool) -> tuple[Any, Any]:
        how: dict[str, Any] = {"local_files_only": local_files_only, "trust_remote_code": False}
        tokenizer = AutoTokenizer.from_pretrained(where, **how)
        return tokenizer, AutoModelForSequenceClassification.from_pretrained(
            where, dtype=dtype, use_safetensors=True, **how
        )

    try:
        tokenizer, model = hub.read_model(where, read)
    except ModelUnavailable:
        raise
    except Exception as error:  # transformers, safetensors and the hub each raise their own kinds
        hint = "Check the name or path, and that its files are complete."
        raise ModelUnavailable(f"The guard model {where} cannot be loaded ({type(error).__name__}). {hint}") from error
    return Guard(options.guard_model, tokenizer, model.to(device))
