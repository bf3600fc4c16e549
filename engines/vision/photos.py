"""MobileNetV2 (Sandler et al. 2018) with ImageNet's classes: what photographs show, and features of any picture.

The weights are torchvision's (BSD-3), kept as eight-bit integers with one scale for each row of a matrix.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import MobileNetV2Config, MobileNetV2ForImageClassification

from engines.contract import ModelUnavailable

SIZE = 224
"""Pixels a side that it was trained on."""
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pixels in 0..1, by channel."""
SCALE = ".scale"
"""Ends the name of an eight-bit weight's scales."""


def build(**sizes: Any) -> Any:
    """An untrained MobileNetV2 in torchvision's layout; `sizes` go to its configuration."""
    config = MobileNetV2Config(**{"tf_padding": False, "layer_norm_eps": 1e-5, "num_labels": 1000} | sizes)
    model: Any = MobileNetV2ForImageClassification(config)
    return model.requires_grad_(False).eval()


def pack(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Large matrices and kernels as int8 with float16 scales a row, everything else as float16."""
    packed = {}
    for name, weight in weights.items():
        if weight.dim() < 2 or weight.numel() < 4096:
            packed[name] = weight.half().contiguous()
            continue
        scale = (weight.flatten(1).abs().amax(1) / 127).clamp(min=1e-8).half()
        rows = scale.float().view(-1, *[1] * (weight.dim() - 1))
        packed[name] = (weight / rows).round().clamp(-127, 127).to(torch.int8).contiguous()
        packed[name + SCALE] = scale
    return packed


def unpack(packed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `pack` packed, as float32."""
    weights = {}
    for name, value in packed.items():
        if name.endswith(SCALE):
            continue
        weights[name] = value.float()
        if (scale := packed.get(name + SCALE)) is not None:
            weights[name] = weights[name] * scale.float().view(-1, *[1] * (value.dim() - 1))
    return weights


class Photos:
    """One MobileNetV2 and the names of its classes."""

    def __init__(self, model: Any, names: list[str]) -> None:
        self.model, self.names = model, names

    @torch.inference_mode()
    def read(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, 224, 224) in -1..1 to mean features (B, 1280) and probabilities (B, classes)."""
        pooled = self.model.mobilenet_v2(normalised(pictures)).pooler_output
        return pooled, self.model.classifier(pooled).softmax(-1)


def normalised(pictures: Tensor) -> Tensor:
    """Pictures in -1..1 as MobileNetV2 wants them."""
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, DEVIATION))
    return ((pictures + 1) / 2 - mean) / deviation


def load(folder: Path) -> Photos:
    """Read mobilenet.safetensors and imagenet.json; ModelUnavailable where they are missing or damaged."""
    try:
        names: list[str] = json.loads((folder / "imagenet.json").read_text(encoding="utf-8"))
        model = build(num_labels=len(names))
        model.load_state_dict(unpack(load_file(folder / "mobilenet.safetensors")), strict=False)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(f"The photo classifier in {folder} is missing or damaged: {error}") from error
    return Photos(model, names)
