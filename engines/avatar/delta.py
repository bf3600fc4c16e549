"""Weights that changed since they were published: the first file stays, and beside it lies the difference in few bits.

A repository keeps every version for ever, and a new version of float16 weights costs it two bytes a number. The
difference is small and coarse steps are enough for it, so that most of them are nought and git's compression leaves
half a byte. `base.safetensors` and `delta.safetensors` stand where a model's own file would, so that nobody loads the
first without the second.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

BASE, DELTA = "base.safetensors", "delta.safetensors"
STEP = ".step"
"""Ends the name of a row's step size; a tensor without one is whole."""
MOST = 127
SMALLEST = 1e-6
"""Step that float16 still tells from nothing."""


def write_delta(folder: Path, weights: dict[str, Tensor], coarseness: float) -> None:
    """Write what has to be added to `folder`/base.safetensors for `weights`.

    Matrices and kernels get steps of `coarseness` times the root mean square of each row, or what its largest change
    takes; what is new, of another shape or a vector is kept whole, in float16.
    """
    base, kept = load_file(folder / BASE), dict[str, Tensor]()
    for name, value in weights.items():
        before = base.get(name)
        if before is None or before.shape != value.shape or value.ndim < 2:
            kept[name] = value.half().contiguous()
            continue
        change, usual = _rows(value.float() - before.float()), _rows(before.float()).square().mean(dim=1).sqrt()
        step = torch.maximum(usual * coarseness, change.abs().amax(dim=1) / MOST).clamp(min=SMALLEST).half()
        kept[name] = (change / step[:, None].float()).round().clamp(-MOST, MOST).to(torch.int8).view(value.shape)
        kept[name + STEP] = step
    save_file(kept, folder / DELTA, metadata={"format": "pt"})


def read_whole(folder: Path) -> dict[str, Tensor]:
    """The weights in float16; raises OSError, KeyError or SafetensorError where the files cannot be read together."""
    base, delta = load_file(folder / BASE), load_file(folder / DELTA)
    whole = {}
    for name, value in delta.items():
        if name.endswith(STEP):
            continue
        step = delta.get(name + STEP)
        if step is not None:
            value = base[name].float() + (_rows(value.float()) * step[:, None].float()).view(value.shape)
        whole[name] = value.half()
    return whole


def _rows(value: Tensor) -> Tensor:
    """A weight as a matrix, one row for each output."""
    return value.flatten(1)
