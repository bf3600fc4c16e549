"""The upscaler of the embedded picture model: twice as large, with the edges of drawings put back.

It works at half the resolution of its input (space to depth, Shi et al. 2016) and adds what it found to a bicubic
enlargement with one back-projection, so an untrained or puzzled network leaves that enlargement as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from diffusers import ModelMixin
from diffusers.configuration_utils import ConfigMixin, register_to_config
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

SCALE = 2
OVERLAP = 16
"""Pixels of the input beyond a tile that are computed and cut off, against seams."""


class _Block(nn.Module):
    """Residual pair of 3x3 convolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.body(x)
        return x + added


def sharp(x: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) twice as large: bicubic and one back-projection (Irani and Peleg 1991) of what it lacks."""
    larger = F.interpolate(x, scale_factor=SCALE, mode="bicubic", align_corners=False)
    lacking = x - F.avg_pool2d(larger, SCALE)
    return larger + F.interpolate(lacking, scale_factor=SCALE, mode="bicubic", align_corners=False)


class Upscaler(ModelMixin, ConfigMixin):
    """Pictures (B, 3, H, W) in -1..1, H and W even, to (B, 3, 2H, 2W)."""

    _supports_gradient_checkpointing = False

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(self, channels: int = 32, blocks: int = 4) -> None:
        """The last layer begins at zero: what is not trained is `sharp`."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.enter = nn.Conv2d(12, channels, 3, padding=1)
        self.body = nn.Sequential(*[_Block(channels) for _ in range(blocks)])
        self.leave = nn.Conv2d(channels, 48, 3, padding=1)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge; only training leaves values outside -1..1. Sixteen bits are for the detail, not for flat colours."""
        detail = F.pixel_shuffle(self.leave(self.body(self.enter(F.pixel_unshuffle(x.to(self.dtype), 2)))), 4)
        larger = sharp(x.float()) + detail
        return larger if self.training else larger.clamp(-1, 1)


@torch.no_grad()
def enlarge(upscaler: Any, pictures: Tensor, tile: int = 256) -> Tensor:
    """Enlarge pictures (B, 3, H, W) of any size in -1..1 to (B, 3, 2H, 2W), in tiles of at most `tile` pixels."""
    height, width = pictures.shape[-2:]
    even = F.pad(pictures, (0, width % 2, 0, height % 2), mode="replicate")
    larger = even.new_empty(*even.shape[:-2], even.shape[-2] * SCALE, even.shape[-1] * SCALE)
    for top, bottom in _spans(even.shape[-2], tile):
        for left, right in _spans(even.shape[-1], tile):
            above, before = max(0, top - OVERLAP), max(0, left - OVERLAP)
            part = upscaler(even[..., above : bottom + OVERLAP, before : right + OVERLAP])
            rows = slice((top - above) * SCALE, (bottom - above) * SCALE)
            columns = slice((left - before) * SCALE, (right - before) * SCALE)
            larger[..., top * SCALE : bottom * SCALE, left * SCALE : right * SCALE] = part[..., rows, columns]
    return larger[..., : height * SCALE, : width * SCALE]


def enlarge_images(upscaler: Upscaler, images: list[Image.Image]) -> list[Image.Image]:
    """Enlarge RGB pictures of one size, all at once."""
    values = torch.from_numpy(np.stack([np.asarray(image) for image in images]))
    pictures = values.permute(0, 3, 1, 2).to(upscaler.device, torch.float32) / 127.5 - 1
    larger = enlarge(upscaler, pictures)
    rows = ((larger + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(row) for row in rows]


def load_upscaler(folder: Path, device: torch.device, dtype: torch.dtype) -> Upscaler:
    """The upscaler of a folder; raises OSError or ValueError where it is missing or damaged."""
    read: Any = cast(Any, Upscaler).from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True)
    return cast(Upscaler, read.eval().to(device))


def _spans(length: int, tile: int) -> list[tuple[int, int]]:
    """(first, end) of tiles, all even."""
    return [(first, min(length, first + tile)) for first in range(0, length, tile)]
