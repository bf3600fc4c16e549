"""The picture tower: a small convolutional network, and one head per attribute that can be seen.

It reads a picture as 16x16 patches on their principal components, which training can mix in any colours, and keeps
where things are: avatars are centred, so a flattened grid says more than a mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from engines.pictures import crop_to

SIZE = 128
"""Pixels a side that the tower reads."""
PATCH = 8


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A 3x3 convolution, normalised in groups of channels of one picture, so that no picture depends on another."""
    conv = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.GroupNorm(8, outputs), nn.SiLU())


class _Residual(nn.Module):
    """A convolution beside which the input passes unchanged (He et al. 2015)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = _conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + cast(Tensor, self.conv(x))


class PictureTower(nn.Module):
    """Patches (B, components, 16, 16) to a grid (B, channels, 4, 4), features (B, F) and logits per attribute."""

    def __init__(
        self,
        attributes: Sequence[tuple[str, Sequence[str]]],
        components: int = 16,
        widths: tuple[int, int, int] = (64, 96, 128),
        features: int = 224,
    ) -> None:
        """`attributes`: (name, values); `widths`: channels at 16, 8 and 4 cells a side."""
        super().__init__()
        self.attributes = [(name, tuple(values)) for name, values in attributes]
        self.register_buffer("mean", torch.zeros(3 * PATCH**2))
        self.register_buffer("basis", torch.zeros(components, 3 * PATCH**2))
        fine, middle, self.channels = widths
        self.features = features
        self.grid = nn.Sequential(
            _conv(components, fine), _conv(fine, middle, 2), _Residual(middle), _conv(middle, self.channels, 2)
        )
        self.flat = nn.Sequential(nn.Flatten(), nn.Linear(self.channels * 16, features), nn.SiLU())
        # One place more than values: an attribute that the picture does not have.
        self.heads = nn.ModuleList([nn.Linear(features, len(values) + 1) for _, values in self.attributes])

    mean: Tensor
    basis: Tensor

    def project(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, 128, 128) in -1..1 to patches (B, components, 16, 16)."""
        patches = F.pixel_unshuffle(pictures, PATCH) - self.mean[:, None, None]
        return F.conv2d(patches, self.basis[:, :, None, None])

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """The grid, the features and the logits."""
        grid = self.grid(patches)
        features = cast(Tensor, self.flat(grid))
        return grid, features, [head(features) for head in self.heads]


def to_tensor(picture: Image.Image, size: int = SIZE) -> Tensor:
    """The picture's centred square at `size` pixels, (1, 3, size, size) in -1..1."""
    pixels = np.array(crop_to(picture, size, size), dtype=np.float32)
    return torch.from_numpy(pixels).permute(2, 0, 1)[None] / 127.5 - 1
