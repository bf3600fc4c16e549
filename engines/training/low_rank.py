"""Learns on from finished weights in few numbers: a change of low rank is trained for every matrix and kernel.

Hu et al. 2021 (LoRA), but on the weight itself and for kernels of convolutions too, which costs no second pass through
the layers: each weight W of `o` rows is W + B A, with A (rank, the rest of W's shape) and B (o, rank), B nought at
first. A repository then keeps a twentieth of what the whole weights would take.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Collection
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.utils import parametrize

from engines.avatar.delta import DOWN, UP, factors_of, write_factors
from engines.training.runs import save_half

COARSENESS = 0.1
"""Of published factors, in units of each row's mean size: the error lies 31 dB below the change."""


class LowRank(nn.Module):
    """W -> W + B A, for a weight W of two dimensions or more."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        """A change of nothing."""
        super().__init__()
        rows, columns = weight.flatten(1).shape
        self.down = nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """The changed weight."""
        return weight + (self.up @ self.down).view_as(weight)


def learn_low_rank(model: nn.Module, rank: int, whole: Collection[nn.Module]) -> list[nn.Parameter]:
    """Freeze every matrix and kernel of `model` but for a change of `rank`; returns what is left to train.

    What would not be less in factors learns whole, and so do the layers `whole`.
    """
    for layer in [one for one in model.modules() if one not in whole]:
        for name, weight in [*layer.named_parameters(recurse=False)]:
            if weight.ndim > 1 and rank * (len(weight) + weight[0].numel()) < weight.numel():
                weight.requires_grad_(False)
                parametrize.register_parametrization(layer, name, LowRank(weight, rank))
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of a recipe that can learn on from what was published."""
    parser.add_argument("--weights", type=Path, help="folder of published weights to begin with")
    parser.add_argument("--rank", type=int, default=0, help="learn changes of this rank only; 0 for whole weights")


def begin(
    model: nn.Module, options: argparse.Namespace, name: str, whole: Collection[nn.Module] = ()
) -> list[nn.Parameter]:
    """Give a model the published weights `name`, if options ask for any; returns what it is to train as they say."""
    if options.weights:
        model.load_state_dict(load_file(options.weights / name))
    return learn_low_rank(model, options.rank, whole) if options.rank else [*model.parameters()]


def publish(model: nn.Module, file: Path, rank: int) -> None:
    """Write a model's weights in float16, or with a `rank` what they learned, beside where they were published."""
    if rank:
        write_factors(factors_of(file), changes_of(model.state_dict()), COARSENESS)
    else:
        save_half(model, file)


def changes_of(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """What was trained, of the state of a model that learns so: name + UP, name + DOWN, and vectors whole."""
    changes = {}
    for name, value in state.items():
        layer, _, rest = name.partition("parametrizations.")
        if not rest:
            changes[name] = value
        elif not rest.endswith(".original"):
            weight, _, part = rest.split(".")
            changes[f"{layer}{weight}{UP if part == 'up' else DOWN}"] = value
    return changes
