"""What a generator is told about a training sample: the text encoder's tokens for a caption of it, without the text.

The text encoder answers with near-certain probabilities, so training builds its tokens from the labels a caption
mentions instead of running it (which would cost a third of the time), and blurs some of them, as it is not always sure.
"""

from __future__ import annotations

import random

import torch
from torch import Tensor

from engines.avatar.forms import ACCENT, FORMS, form_tokens
from engines.avatar.text_encoder import SlotTextConfig, place
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import write

HIDDEN = SlotTextConfig(attributes=tuple(ATTRIBUTES.items())).hidden_size


def with_accent(labels: Labels) -> Labels:
    """Labels of a whole character, with a monster's accent as the colour of its hat.

    Horns are told of where hats are, which have colours already: a code of their own was hardly learned in 380,000
    samples, so small are they.
    """
    accent = labels.get(ACCENT, "").removeprefix(f"{ACCENT} ")
    return labels | {"hat_colour": accent} if accent in ATTRIBUTES["hat_colour"] else labels


def draw_mentioned(labels: Labels, rng: random.Random) -> Labels:
    """What a generator is told: a tenth of the time nothing, a fifth what `captions.write` picks, else all and forms.

    Whole characters are what prompts are completed to; the rest is for pictures to start from, and for guidance. A form
    is left out now and then, for a contradiction of a prompt may have none.
    """
    kind = rng.random()
    if kind < 0.1:
        return {}
    if kind < 0.3:
        return write(labels, rng).mentioned
    lost = 0.04 if kind < 0.95 else 1
    shown = with_accent(labels)
    mentioned = {k: v for k, v in shown.items() if k in ATTRIBUTES and (v != "none" or rng.random() < 0.7)}
    return mentioned | {k: v for k, v in labels.items() if k in FORMS and rng.random() >= lost}


def tokens_of(mentioned: list[Labels], rng: random.Random | None = None) -> Tensor:
    """Conditioning tokens (B, attributes + forms, HIDDEN) for mentioned labels; with `rng`, some are blurred."""
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
    forms = torch.stack([form_tokens(labels, HIDDEN) for labels in mentioned])
    return torch.cat([place(parts, HIDDEN), forms], dim=1)
