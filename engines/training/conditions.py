"""What the denoiser is told about a training sample: the text encoder's tokens for a caption of it, without the text.

The text encoder answers with near-certain probabilities, so training builds its tokens from the labels a caption
mentions instead of running it (which would cost a third of the time), and blurs some of them, as it is not always sure.
"""

from __future__ import annotations

import random

import torch
from torch import Tensor

from engines.avatar.text_encoder import SlotTextConfig, place
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import write

HIDDEN = SlotTextConfig(attributes=tuple(ATTRIBUTES.items())).hidden_size


def draw_mentioned(labels: Labels, rng: random.Random) -> Labels:
    """Labels that a caption mentions: a tenth of the time none, half the time all, else what `captions.write` picks."""
    kind = rng.random()
    if kind < 0.1:
        return {}
    if kind < 0.5:
        return write(labels, rng).mentioned
    return {k: v for k, v in labels.items() if k in ATTRIBUTES and (v != "none" or rng.random() < 0.4)}


def tokens_of(mentioned: list[Labels], rng: random.Random | None = None) -> Tensor:
    """Conditioning tokens (B, attributes, HIDDEN) for mentioned labels; with `rng`, some are blurred."""
    parts = []
    for name, values in ATTRIBUTES.items():
        part = torch.zeros(len(mentioned), len(values) + 1)
        for row, labels in enumerate(mentioned):
            sure = values.index(labels[name]) if name in labels else len(values)
            doubt = rng.uniform(0, 0.3) if rng is not None and rng.random() < 0.15 else 0.0
            part[row, sure] += 1 - doubt
            if rng is not None and doubt:
                part[row, rng.randrange(len(values) + 1)] += doubt
        parts.append(part)
    return place(parts, HIDDEN)
