"""The text screen: the lower layers of a multilingual encoder, bent, and a head (engines/assets/safety/README.md)."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from engines.contract import (
    EngineOptions,
    ModelUnavailable,
)
from engines.safety.encoder import Encoder
from engines.safety.head import LABELS, Head
from engines.safety.texts import ScoresTexts
from engines.sentence_encoder import by_length

WEIGHTS = Path(__file__).parents[1] / "assets" / "safety" / "screen.safetensors"
BATCH = 8
"""Texts read at once: what a core keeps close by. More are slower."""


class Network(nn.Module):
    """Encoder and head: texts to one logit a label."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.head = Head(dropout)

    def logits(self, texts: Sequence[str]) -> Tensor:
        """(len(texts), labels): a text is as bad as its worst window."""
        windows = self.encoder.windows(texts)
        rows = self.head(*self.encoder(windows.ids, windows.mask), windows.mask)  # (windows, labels)
        worst = torch.full((len(texts), len(LABELS)), -torch.inf)
        owner = torch.tensor(windows.owner).unsqueeze(1).expand_as(rows)
        return worst.scatter_reduce(0, owner, rows, "amax")


class TextScreen(ScoresTexts):
    """Scores texts by label."""

    name = "embedded"

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._network = Network()
        try:
            self._network.load_state_dict({name: value.float() for name, value in load_file(weights).items()})
        except (OSError, RuntimeError, SafetensorError) as error:
            raise ModelUnavailable(f"{weights} is missing or damaged; restore it with git checkout: {error}") from error
        self._network.requires_grad_(False).eval()
        self._network.encoder.fold()

    @torch.inference_mode()
    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Label -> probability for each text, in order."""
        scores: list[dict[str, float]] = [{} for _ in texts]
        for indices in by_length(texts, BATCH):
            rows = self._network.logits([texts[index] for index in indices]).sigmoid()
            for index, row in zip(indices, rows.tolist(), strict=True):
                scores[index] = dict(zip(LABELS, row, strict=True))
        return scores


def load(options: EngineOptions) -> TextScreen:
    """Load the embedded text screen; always on the CPU, one thread of which serves a hundred texts a second."""
    return TextScreen()
