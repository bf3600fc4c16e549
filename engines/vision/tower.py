"""The picture tower: a small convolutional network that captioner, attribute heads and dual encoder share.

It reads 128 px pictures and keeps where things are: avatars are centred, so a flattened grid says more than a mean.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from engines.pictures import crop_to

SIZE = 128
"""Pixels a side that the tower reads."""


class _Residual(nn.Module):
    """A 3x3 convolution beside which the input passes unchanged (He et al. 2015)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + F.silu(self.conv(x))


class PictureTower(nn.Module):
    """Pictures (B, 3, 128, 128) in -1..1 to a grid (B, channels, 8, 8) and features (B, features)."""

    def __init__(self, widths: tuple[int, int, int] = (40, 80, 128), features: int = 224) -> None:
        """`widths`: channels at 32, 16 and 8 pixels a side."""
        super().__init__()
        fine, middle, coarse = widths
        self.channels, self.features = coarse, features
        self.grid = nn.Sequential(
            nn.Conv2d(3, fine, 4, stride=4), nn.SiLU(),
            nn.Conv2d(fine, middle, 3, stride=2, padding=1), nn.SiLU(), _Residual(middle),
            nn.Conv2d(middle, coarse, 3, stride=2, padding=1), nn.SiLU(), _Residual(coarse),
        )  # fmt: skip
        self.flat = nn.Sequential(
            nn.Conv2d(coarse, coarse, 3, stride=2, padding=1), nn.SiLU(),
            nn.Flatten(), nn.Linear(coarse * 16, features), nn.SiLU(),
        )  # fmt: skip

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The grid and the features."""
        grid = self.grid(pictures)
        return grid, cast(Tensor, self.flat(grid))


def to_tensor(picture: Image.Image, size: int = SIZE) -> Tensor:
    """The picture's centred square at `size` pixels, (1, 3, size, size) in -1..1."""
    pixels = np.array(crop_to(picture, size, size), dtype=np.float32)
    return torch.from_numpy(pixels).permute(2, 0, 1)[None] / 127.5 - 1
