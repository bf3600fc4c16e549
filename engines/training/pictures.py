"""Pictures of a training run, for eyes."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor


def grid(pictures: Tensor, columns: int) -> Image.Image:
    """Pictures (B, 3, H, W) in 0..1 in rows; the last row is filled up with white."""
    missing = -len(pictures) % columns
    filled = torch.cat([pictures.clamp(0, 1), torch.ones(missing, *pictures.shape[1:])])
    whole = torch.cat([torch.cat(list(row), dim=2) for row in torch.split(filled, columns)], dim=1)
    return Image.fromarray((whole.permute(1, 2, 0).float().numpy() * 255).round().astype(np.uint8))
