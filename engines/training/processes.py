"""Several processes that train by themselves and average now and then (local SGD, Stich 2019).

On a shared machine, waiting for each other at every step halved the speed. For one process alone this changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import Tensor, nn


def merge(tensors: list[Tensor], share: float) -> None:
    """Replace tensors by their sum over all processes, each counted with its own share, as one message."""
    if dist.is_initialized():
        flat = torch.cat([t.detach().flatten() for t in tensors]) * share
        dist.all_reduce(flat)
        for tensor, part in zip(tensors, torch.split(flat, [t.numel() for t in tensors]), strict=True):
            tensor.detach().copy_(part.view_as(tensor))


def add_up(value: float) -> float:
    """The sum of every process's value."""
    total = torch.tensor([value], dtype=torch.float64)
    if dist.is_initialized():
        dist.all_reduce(total)
    return float(total)


def state_of(trained: Iterable[nn.Parameter], optimiser: torch.optim.Optimizer) -> list[Tensor]:
    """Weights and the optimiser's moments: what processes average."""
    moments = [m for one in optimiser.state.values() for name, m in one.items() if name != "step"]
    return [*trained, *moments]


def join() -> tuple[int, int]:
    """This process's number and how many there are: those that torchrun started, or one."""
    if not dist.is_torchelastic_launched():
        return 0, 1
    dist.init_process_group("gloo")
    return dist.get_rank(), dist.get_world_size()
