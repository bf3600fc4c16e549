"""Characters as pictures in fresh colours, worn as pictures are that reach a reader: what the captioner trains on.

Shifted, blurred by resizing, noisy, compressed, seen through the picture model's codec.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.training.attributes import Labels
from engines.training.data import Drawn, read_chunks
from engines.training.render import draw_colours


class PictureCharacters:
    """Taken-apart characters of a folder of `engines.training.data`, memory-mapped; `draw` pours colours in."""

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        """Open the folder's finished chunks, at most `limit` of them."""
        self.drawn: list[Drawn] = [one for chunk in read_chunks(folder, limit) for one in chunk]

    def __len__(self) -> int:
        return len(self.drawn)

    def draw(self, indices: Sequence[int], rng: random.Random, held_out: bool = False) -> tuple[Tensor, list[Labels]]:
        """Characters in fresh colours: pictures (B, 3, H, W) in -1..1 and their complete labels."""
        labels, colours = [], []
        for index in indices:
            one = self.drawn[index]
            named, poured = draw_colours(one.labels, one.slots, rng, held_out)
            labels.append(named)
            colours.append(poured)
        planes = torch.from_numpy(np.stack([self.drawn[index].planes for index in indices])).float()
        poured = torch.from_numpy(np.stack(colours))
        mixing = torch.cat([torch.eye(3).expand(len(planes), 3, 3), poured], dim=1) * (2 / 255)  # (B, PLANES, 3)
        size = planes.shape[1]
        pictures = torch.bmm(planes.flatten(1, 2), mixing).view(-1, size, size, 3)
        return (pictures - 1).clamp(-1, 1).permute(0, 3, 1, 2), labels


class Wear:
    """Wears pictures (B, 3, 128, 128) in -1..1 the way resizing, saving and the picture model's codec do."""

    def __init__(self, codec: PatchAutoencoder, rng: random.Random) -> None:
        """`codec`: its principal components alone stand for its blur."""
        self.codec, self.rng = codec, rng

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        """The pictures, each worn in its own way; a third are left as they are."""
        return torch.cat([self._wear(picture[None]) for picture in pictures])

    def _wear(self, picture: Tensor) -> Tensor:
        rng = self.rng
        if rng.random() < 0.5:
            picture = picture.flip(-1)
        if rng.random() < 0.33:
            return picture
        if rng.random() < 0.5:
            picture = self._shift(picture)
        way = rng.random()
        if way < 0.35:
            latents = self.codec.project(picture)
            picture = self.codec.unproject(latents + torch.randn_like(latents) * rng.uniform(0, 0.2))
        elif way < 0.6:
            small = rng.choice((56, 64, 80, 96, 112))
            picture = F.interpolate(picture, size=(small, small), mode="bilinear", antialias=True)
            picture = F.interpolate(picture, size=(128, 128), mode="bilinear")
        elif way < 0.8:
            picture = self._compress(picture)
        if rng.random() < 0.3:
            picture = picture * rng.uniform(0.85, 1.1) + rng.uniform(-0.08, 0.08)
        if rng.random() < 0.3:
            picture = picture + torch.randn_like(picture) * rng.uniform(0, 0.08)
        return picture.clamp(-1, 1)

    def _shift(self, picture: Tensor) -> Tensor:
        """Up to 8 pixels aside, and up to a tenth larger or smaller; what comes in repeats the border."""
        zoom, right, down = self.rng.uniform(0.9, 1.12), self.rng.uniform(-0.12, 0.12), self.rng.uniform(-0.12, 0.12)
        place = torch.tensor([[[zoom, 0, right], [0, zoom, down]]])
        grid = F.affine_grid(place, [1, 3, 128, 128], align_corners=False)
        return F.grid_sample(picture, grid, padding_mode="border", align_corners=False)

    def _compress(self, picture: Tensor) -> Tensor:
        pixels = ((picture[0].permute(1, 2, 0) + 1) * 127.5).round().clamp(0, 255).byte().numpy()
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "JPEG", quality=self.rng.randint(30, 90))
        read = np.array(Image.open(out), dtype=np.float32)
        return torch.from_numpy(read).permute(2, 0, 1)[None] / 127.5 - 1
