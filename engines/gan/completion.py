"""What a prompt leaves open, the seed decides: a condition completed after a character that training saw.

The average of every background is grey, and that of every hair colour is mud, so a style drawn for a condition with
much left open and truncated towards its average looks like both. A completed condition has a clear average.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

NEAR = 0.3
"""Characters that agree with a prompt nearly as well as the best may be chosen: about a third of an attribute less."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Characters as indices (N, attributes) into each attribute's values, the last index for 'does not apply'.

    `sizes` are the places of each attribute in a condition, 'unspecified' included as its last.
    """

    labels: Tensor
    sizes: Sequence[int]

    def complete(self, condition: Tensor, seed: int) -> Tensor:
        """Give what is unspecified in a condition (H,) the values of a character that agrees with the rest of it."""
        parts = list(torch.split(condition[: sum(self.sizes)], list(self.sizes)))
        agreement = torch.zeros(len(self.labels))
        for part, values in zip(parts, self.labels.long().T, strict=True):
            asked = 1 - part[-1]
            found = torch.where(values == len(part) - 1, 0.0, part[values])
            agreement += 2 * found - asked
        near = (agreement >= agreement.max() - NEAR).nonzero()[:, 0].tolist()
        chosen = self.labels[random.Random(seed).choice(near)].tolist()
        completed = condition.clone()
        first = 0
        for part, value in zip(parts, chosen, strict=True):
            open_, last = float(part[-1]), first + len(part) - 1
            completed[last] -= open_
            completed[first + int(value)] += open_
            first = last + 1
        return completed
