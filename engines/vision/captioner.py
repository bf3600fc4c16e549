"""The captioner: a transformer decoder that writes what the picture tower sees.

Each word attends to the attributes as the heads read them (semantic attention, You et al. 2016) and to the 4x4 grid of
the picture itself (Xu et al. 2015); the decoder is that of Vaswani et al. 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

PAD, START, END = 0, 1, 2
"""Ids of the three tokens that are no words, first in every vocabulary."""
CELLS = 16


class Captioner(nn.Module):
    """What a tower says of pictures, with the words so far, to logits of the next word."""

    def __init__(
        self, sizes: Sequence[int], channels: int, words: int, width: int = 160, depth: int = 2, length: int = 40
    ) -> None:
        """`sizes`: logits per attribute; `channels` of the grid; `words` of the vocabulary; `length`: most tokens."""
        super().__init__()
        self.length = length
        self.values = nn.ModuleList([nn.Linear(size, width) for size in sizes])
        self.cells = nn.Linear(channels, width)
        self.places = nn.Parameter(torch.randn(CELLS, width) * 0.02)
        self.words = nn.Embedding(words, width)
        self.order = nn.Parameter(torch.randn(length, width) * 0.02)
        layer = nn.TransformerDecoderLayer(width, 5, 3 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, depth, nn.LayerNorm(width))
        self.out = nn.Linear(width, words)

    def see(self, grid: Tensor, logits: Sequence[Tensor]) -> Tensor:
        """Grid (B, channels, 4, 4) and logits per attribute to what words attend to, (B, attributes + 16, width)."""
        read = [value(row.softmax(-1))[:, None] for value, row in zip(self.values, logits, strict=True)]
        return torch.cat([*read, self.cells(grid.flatten(2).transpose(1, 2)) + self.places], dim=1)

    def forward(self, memory: Tensor, ids: Tensor) -> Tensor:
        """Words so far (B, T) to logits (B, T, words) of the word after each."""
        length = ids.shape[1]
        later = torch.ones(length, length, dtype=torch.bool, device=ids.device).triu(1)
        hidden = self.decoder(self.words(ids) + self.order[:length], memory, tgt_mask=later)
        return cast(Tensor, self.out(hidden))

    @torch.inference_mode()
    def write(self, memory: Tensor) -> tuple[list[int], float]:
        """The likeliest words for one picture's memory (1, M, width), greedily, and their mean probability."""
        ids, sure = [START], []
        while len(ids) < self.length:
            probabilities = self(memory, torch.tensor([ids]))[0, -1].softmax(-1)
            best = int(probabilities.argmax())
            sure.append(float(probabilities[best]))
            if best == END:
                break
            ids.append(best)
        return ids[1:], sum(sure) / len(sure)
