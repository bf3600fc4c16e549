"""The captioner: the picture tower, a head per attribute, and a transformer decoder that writes a sentence.

Show, attend and tell (Xu et al. 2015) with the decoder of Vaswani et al. 2017: each word looks at the 8x8 grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from engines.vision.tower import PictureTower

PAD, START, END = 0, 1, 2
"""Ids of the three tokens that are no words, first in every vocabulary."""


class Captioner(nn.Module):
    """Pictures to logits per attribute, and pictures with the words so far to logits of the next word."""

    def __init__(
        self,
        attributes: Sequence[tuple[str, Sequence[str]]],
        words: int,
        width: int = 160,
        depth: int = 2,
        heads: int = 5,
        length: int = 40,
        tower: PictureTower | None = None,
    ) -> None:
        """`attributes`: (name, values); `words`: size of the vocabulary; `length`: most tokens of a sentence."""
        super().__init__()
        self.length = length
        self.tower = tower or PictureTower()
        # One place more than values: an attribute that the picture does not have.
        self.heads = nn.ModuleList([nn.Linear(self.tower.features, len(values) + 1) for _, values in attributes])
        self.cells = nn.Linear(self.tower.channels, width)
        self.whole = nn.Linear(self.tower.features, width)
        self.places = nn.Parameter(torch.zeros(65, width))
        self.words = nn.Embedding(words, width)
        self.order = nn.Parameter(torch.zeros(length, width))
        layer = nn.TransformerDecoderLayer(width, heads, 3 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, depth, nn.LayerNorm(width))
        self.out = nn.Linear(width, words)

    def look(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures (B, 3, 128, 128) to features (B, features) and logits (B, values + 1) per attribute."""
        _, features = self.tower(pictures)
        return features, [head(features) for head in self.heads]

    def see(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Pictures to what the decoder attends to (B, 65, width), and logits per attribute."""
        grid, features = self.tower(pictures)
        cells = self.cells(grid.flatten(2).transpose(1, 2))
        memory = torch.cat([self.whole(features)[:, None], cells], dim=1) + self.places
        return memory, [head(features) for head in self.heads]

    def tell(self, memory: Tensor, ids: Tensor) -> Tensor:
        """Words so far (B, T) to logits (B, T, words) of the word after each."""
        length = ids.shape[1]
        later = torch.ones(length, length, dtype=torch.bool, device=ids.device).triu(1)
        hidden = self.decoder(self.words(ids) + self.order[:length], memory, tgt_mask=later)
        return cast(Tensor, self.out(hidden))

    @torch.inference_mode()
    def write(self, memory: Tensor) -> tuple[list[int], float]:
        """The likeliest words for one picture's memory (1, 65, width), greedily, and their mean probability."""
        ids, sure = [START], []
        while len(ids) < self.length:
            probabilities = self.tell(memory, torch.tensor([ids]))[0, -1].softmax(-1)
            best = int(probabilities.argmax())
            sure.append(float(probabilities[best]))
            if best == END:
                break
            ids.append(best)
        return ids[1:], sum(sure) / len(sure)
