"""The dual encoder (Radford et al. 2021): pictures and texts as unit vectors in one space.

Both sides stand on frozen networks, as in locked-image tuning (Zhai et al. 2022): pictures on the picture tower, texts
on the sentence encoder read by the picture model's slots. Only the two small heads are trained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Attributes = Sequence[tuple[str, Sequence[str]]]


class _Head(nn.Module):
    """A straight map and a bent one, added, to unit length."""

    def __init__(self, inputs: int, width: int, outputs: int) -> None:
        super().__init__()
        self.straight = nn.Linear(inputs, outputs)
        self.bent = nn.Sequential(nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, outputs))

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.straight(x) + self.bent(x), dim=-1)


class DualEncoder(nn.Module):
    """Features of pictures (B, features) and what slots read in texts (B, places) to unit vectors (B, width)."""

    def __init__(self, features: int, attributes: Attributes, width: int = 128, hidden: int = 256) -> None:
        """`attributes`: (name, values) that texts are read for; each has one place more, for 'unspecified'."""
        super().__init__()
        self.attributes = [(name, tuple(values)) for name, values in attributes]
        self.places = sum(len(values) + 1 for _, values in self.attributes)
        self.picture = _Head(features, hidden, width)
        self.text = _Head(self.places, hidden, width)
        self.log_scale = nn.Parameter(torch.tensor(10.0).log())

    def scale(self) -> Tensor:
        """What cosines are multiplied by: the inverse temperature, at most 100."""
        return self.log_scale.exp().clamp(max=100.0)


def placed(attributes: Attributes, probabilities: Mapping[str, Mapping[str, Tensor]], count: int) -> Tensor:
    """Probabilities (B) by attribute and value as (B, places); what is lacking of one counts as 'unspecified'.

    By name, so that slots that learnt another value or attribute later still speak to the same head.
    """
    parts = []
    for name, values in attributes:
        known = [probabilities.get(name, {}).get(value) for value in values]
        part = torch.stack([torch.zeros(count) if value is None else value for value in known], dim=1)
        parts += [part, (1 - part.sum(1, keepdim=True)).clamp(min=0)]
    return torch.cat(parts, dim=1)
