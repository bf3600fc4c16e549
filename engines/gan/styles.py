"""What is done with styles (L, S), one per layer of the synthesis: truncating, breeding, and keeping what was lost."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from engines.gan.networks import GROUPS, LAYERS, LAYERS_PER_GROUP, Generator

AVERAGED = 256
"""Draws that stand for the average of what a prompt allows."""
HALF_WAY = 0.5
"""Share of the other parent from which on nothing of a parent's own detail is put back."""

# Which groups of layers come from the second parent: every way to have something of both, and three with one halved.
PATTERNS = (
    (0, 0, 1), (1, 0, 0), (0, 1, 1), (1, 1, 0), (0, 1, 0), (1, 0, 1), (0, 0.5, 1), (1, 0.5, 0), (0.5, 0, 1),
)  # fmt: skip
WAVER = 0.12
"""A chosen share is at most this far from its pattern: more would blur the child."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A picture read back: its styles (L, S), and its latents minus what the synthesis makes of them (C, h, w)."""

    styles: Tensor
    residual: Tensor


def draw_styles(generator: Generator, condition: Tensor, seed: int, psi: float) -> Tensor:
    """Styles (L, S) for a condition (H,), drawn from `seed` and truncated towards the condition's average.

    The truncation trick of Karras et al. 2019 with the average of the prompt instead of that of everything: 0 gives
    the most ordinary picture of what was asked for, 1 the whole range.
    """
    noise = torch.randn(1, generator.sizes.noise, generator=torch.Generator().manual_seed(seed))
    many = torch.randn(AVERAGED, generator.sizes.noise, generator=torch.Generator().manual_seed(0))
    average = generator.mapping(many, condition.expand(AVERAGED, -1)).mean(dim=0, keepdim=True)
    return torch.lerp(average, generator.mapping(noise, condition[None]), psi)[0]


def read_parent(generator: Generator, latents: Tensor) -> Parent:
    """Find the styles that give back latents (C, h, w), and what they fail to give back."""
    styles = generator.synthesis.read(latents[None])
    return Parent(styles[0], latents - generator.synthesis(styles)[0])


def choose_shares(seed: int, asked: tuple[float | None, ...]) -> tuple[float, ...]:
    """Share of the second parent per group: as asked, and where None by the seed.

    Neighbouring seeds walk through every way to inherit from both, so that a family's nine children differ.
    """
    rng = random.Random(seed)
    pattern = PATTERNS[seed % len(PATTERNS)]
    chosen = [abs(take - rng.uniform(0, WAVER)) for take in pattern]
    return tuple(own if wish is None else wish for own, wish in zip(chosen, asked, strict=True))


def breed(generator: Generator, first: Parent, second: Parent, shares: tuple[float, ...]) -> Tensor:
    """Latents (C, h, w) of a child that has the given share of the second parent in each group of layers."""
    take = torch.tensor(shares).repeat_interleave(LAYERS_PER_GROUP).view(LAYERS, 1)
    child: Tensor = generator.synthesis(torch.lerp(first.styles, second.styles, take)[None])[0]
    share = sum(shares) / len(GROUPS)
    return child + kept(share) * first.residual + kept(1 - share) * second.residual


def kept(share: float) -> float:
    """How much of a parent's residual a picture has that is `share` the other parent's: all at 0, none from half way.

    Without it a parent would not come back as it was; with more of it, children would show its ghost.
    """
    return max(0.0, 1 - share / HALF_WAY) ** 2
