"""The text screen: MiniLM's lower layers and a head of our own, for English (engines/assets/safety/README.md)."""

from collections.abc import Hashable, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from engines.contract import (
    EngineError,
    EngineOptions,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
    Scores,
    TextClassification,
)
from engines.safety.head import LABELS, LAYERS, Head
from engines.sentence_encoder import SentenceEncoder, by_length

WEIGHTS = Path(__file__).parents[1] / "assets" / "safety" / "head.safetensors"
BATCH = 32
"""Texts read at once: more gains nothing on a CPU, and this bounds what a cancelled request still costs."""


class TextScreen:
    """Scores texts by label; a text is as bad as its worst window."""

    name = "embedded"
    max_batch = 4
    """Requests read together. Company saves little on a CPU, and of sixteen at once the first should not wait for the
    last: while the next are read, the database takes these."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._encoder = SentenceEncoder(LAYERS)
        self._head = Head()
        try:
            self._head.load_state_dict(load_file(weights))
        except (OSError, RuntimeError, SafetensorError) as error:
            raise ModelUnavailable(f"{weights} is missing or damaged; restore it with git checkout: {error}") from error
        self._head.requires_grad_(False).eval()

    def batch_key(self, request: Request) -> Hashable:
        """All texts may share a batch: padding is masked."""
        return "text-classification"

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Score the texts of all requests together."""
        wanted = [request.texts if isinstance(request, TextClassification) else () for request in batch]
        scores = iter(self.score([text for texts in wanted for text in texts]))
        return [
            Scores(tuple(next(scores) for _ in texts), self.name)
            if isinstance(request, TextClassification)
            else InvalidInput("This model classifies texts.")
            for request, texts in zip(batch, wanted, strict=True)
        ]

    @torch.inference_mode()
    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Label -> probability for each text, in order."""
        scores: list[dict[str, float]] = [{} for _ in texts]
        for indices in by_length(texts, BATCH):
            states = self._encoder.states([texts[index] for index in indices])
            rows = self._head(states.low, states.high, states.mask).sigmoid()  # (windows, labels)
            for owner, row in zip(states.owner.tolist(), rows.tolist(), strict=True):
                known = scores[indices[owner]]
                for label, score in zip(LABELS, row, strict=True):
                    known[label] = max(score, known.get(label, 0.0))
        return scores


def load(options: EngineOptions) -> TextScreen:
    """Load the embedded text screen; always on the CPU, one thread of which serves a hundred texts a second."""
    return TextScreen()
