"""Keys and values of a batch of prompts, with room for what will be generated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer


@dataclass(frozen=True, slots=True)
class Prefix:
    """The keys and values of the beginning of a prompt: per layer two of (1, heads, tokens, width)."""

    layers: tuple[tuple[Tensor, Tensor], ...]

    @property
    def tokens(self) -> int:
        """How many tokens it covers."""
        return int(self.layers[0][0].shape[-2])


class _Roomy(DynamicLayer):  # type: ignore[no-untyped-call]
    """A layer that writes into room reserved at the start.

    DynamicLayer concatenates, and so copies everything for each token: more than half of a step's
    time at 16 rows of 350 tokens on a CPU.
    """

    def __init__(self, keys: Tensor, values: Tensor, used: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.lazy_initialization(keys, values)
        self._keys, self._values, self._used = keys, values, used
        self._show()

    def _show(self) -> None:
        self.keys, self.values = self._keys[..., : self._used, :], self._values[..., : self._used, :]

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        start = self._used
        self._used += key_states.shape[-2]
        self._keys[..., start : self._used, :] = key_states
        self._values[..., start : self._used, :] = value_states
        self._show()
        return self._keys[..., : self._used, :], self._values[..., : self._used, :]

    def batch_select_indices(self, indices: Tensor) -> None:
        self._keys, self._values = self._keys[indices], self._values[indices]
        self._show()


def gather(prefixes: Sequence[Prefix], room: int) -> tuple[DynamicCache, Tensor]:
    """Return one cache with a row for each prefix, padded on the left, and its mask (rows, tokens).

    Each layer has place for `room` more tokens a row.
    """
    rows, tokens = len(prefixes), max(prefix.tokens for prefix in prefixes)
    like = prefixes[0].layers[0][0]
    mask = torch.zeros(rows, tokens, dtype=torch.long, device=like.device)
    for row, prefix in enumerate(prefixes):
        mask[row, tokens - prefix.tokens :] = 1
    layers: list[Any] = []
    for index, (like, _) in enumerate(prefixes[0].layers):
        _, heads, _, width = like.shape
        keys, values = (like.new_zeros(rows, heads, tokens + room, width) for _ in range(2))
        for row, prefix in enumerate(prefixes):
            start = tokens - prefix.tokens
            keys[row, :, start:tokens], values[row, :, start:tokens] = (part[0] for part in prefix.layers[index])
        layers.append(_Roomy(keys, values, tokens))
    cache = DynamicCache()
    cache.layers = layers
    return cache, mask
