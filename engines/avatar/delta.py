"""Weights that changed since they were published: the first file stays, and beside it lies the difference in few bits.

A repository keeps every version for ever, and a new version of float16 weights costs it two bytes a number. The
difference is small and coarse steps are enough for it, so that most of them are nought and git's compression leaves
half a byte. `base.safetensors` and `delta.safetensors` stand where a model's own file would, so that nobody loads the
first without the second.

What was learned after that, in factors of low rank (engines.training.low_rank), lies beside any file of weights in one
named after it, and takes a twentieth of its size: `judge.factors.safetensors` beside `judge.safetensors`.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

BASE, DELTA = "base.safetensors", "delta.safetensors"
UP, DOWN = ".up", ".down"
"""End the names of a weight's two factors, (rows, rank) and (rank, columns)."""
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
        usual = _rows(before.float()).square().mean(dim=1).sqrt()
        kept |= _coarse(name, value.float() - before.float(), usual * coarseness)
    save_file(kept, folder / DELTA, metadata={"format": "pt"})


def factors_of(weights: Path) -> Path:
    """The file with what was learned since a file of weights was published."""
    return weights.with_suffix(f".factors{weights.suffix}")


def write_factors(file: Path, changes: dict[str, Tensor], coarseness: float) -> None:
    """Write what was learned: factors of weights in few bits, and what else is in `changes` whole.

    Steps are of `coarseness` times the root mean square of each row of a factor.
    """
    kept = dict[str, Tensor]()
    for name, value in changes.items():
        if name.endswith((UP, DOWN)):
            kept |= _coarse(name, value.float(), value.float().square().mean(dim=1).sqrt() * coarseness)
        else:
            kept[name] = value.half().contiguous()
    save_file(kept, file, metadata={"format": "pt"})


def read_weights(file: Path) -> dict[str, Tensor]:
    """The weights of a file with what was learned since, if anything was; raises as `read_whole` does."""
    return _with_factors(factors_of(file), load_file(file))


def _with_factors(file: Path, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    if not file.is_file():
        return weights
    learned = _read(file)
    added = weights | {name: value for name, value in learned.items() if not name.endswith((UP, DOWN))}
    for name in (name.removesuffix(UP) for name in learned if name.endswith(UP)):
        added[name] = weights[name].float() + (learned[name + UP] @ learned[name + DOWN]).view_as(weights[name])
    return added


def read_whole(folder: Path) -> dict[str, Tensor]:
    """The weights in float16; raises OSError, KeyError or SafetensorError where the files cannot be read together."""
    base, delta = load_file(folder / BASE), _read(folder / DELTA)
    changed = {name for name, value in delta.items() if value.dtype == torch.float32}
    whole = {name: base[name].float() + value if name in changed else value for name, value in delta.items()}
    return {name: value.half() for name, value in _with_factors(factors_of(folder / DELTA), whole).items()}


def _coarse(name: str, value: Tensor, step: Tensor) -> dict[str, Tensor]:
    """A tensor in eight bits and its rows' steps, which are at least `step` (rows,)."""
    rows = _rows(value)
    step = torch.maximum(step, rows.abs().amax(dim=1) / MOST).clamp(min=SMALLEST).half()
    codes = (rows / step[:, None].float()).round().clamp(-MOST, MOST).to(torch.int8)
    return {name: codes.view(value.shape), name + STEP: step}


def _read(file: Path) -> dict[str, Tensor]:
    """The tensors of a file: in float32 what was in eight bits, and the others as they are."""
    kept = load_file(file)
    steps = {name: kept.pop(name + STEP) for name in [*kept] if name + STEP in kept}
    return kept | {
        name: (_rows(kept[name].float()) * step[:, None].float()).view(kept[name].shape) for name, step in steps.items()
    }


def _rows(value: Tensor) -> Tensor:
    """A weight as a matrix, one row for each output."""
    return value.flatten(1)
