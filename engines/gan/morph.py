"""A closed loop through pictures in style space, at an even pace: no frame is a jump.

The path is a periodic Catmull-Rom spline (Catmull and Rom 1974) through the parents' styles. Frames lie on it by how
far the picture moves, not by the spline's parameter, a little slower near each parent, which has a frame of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from engines.gan.networks import Generator
from engines.gan.styles import Parent, kept

FINE = 24
"""Points per segment at which the path is measured."""
EASE = 0.5
"""The pace near a parent is 1 - EASE of the average, half way 1 + EASE."""
AT_ONCE = 16
FEWEST = 2
"""Frames a segment has at least."""


def trace(generator: Generator, parents: Sequence[Parent], frames: int, scale: Tensor) -> list[Tensor]:
    """Latents (C, h, w) of `frames` pictures of a loop; `scale` (C,) makes distances of latents those of pictures."""
    segments = len(parents)
    dense = torch.arange(segments * FINE + 1) / FINE
    points = torch.stack(list(_latents(generator, parents, dense)))
    steps = ((points[1:] - points[:-1]) * scale[:, None, None]).flatten(1).norm(dim=1).view(segments, FINE)
    counts = share_out(steps.sum(dim=1).tolist(), frames)
    times = [place + i for i, count in enumerate(counts) for place in _even(steps[i], count)]
    return list(_latents(generator, parents, torch.tensor(times)))


def share_out(lengths: Sequence[float], frames: int) -> list[int]:
    """Frames per segment, in proportion to its length, `frames` altogether and at least FEWEST each."""
    spare = frames - FEWEST * len(lengths)
    if not sum(lengths):
        lengths = [1.0] * len(lengths)
    ideal = [spare * length / sum(lengths) for length in lengths]
    counts = [int(part) for part in ideal]
    for i in sorted(range(len(ideal)), key=lambda i: counts[i] - ideal[i])[: spare - sum(counts)]:
        counts[i] += 1
    return [FEWEST + count for count in counts]


def spline(points: Tensor, times: Tensor) -> Tensor:
    """The periodic Catmull-Rom spline through points (N, ...) at times (T,), where point i is passed at i mod N."""
    count = len(points)
    index = times.floor().long()
    t = (times - index).view(-1, *[1] * (points.ndim - 1))
    before, here, there, beyond = (points[(index + k) % count] for k in (-1, 0, 1, 2))
    return here + 0.5 * t * (
        there - before + t * (2 * before - 5 * here + 4 * there - beyond + t * (3 * (here - there) + beyond - before))
    )


def _latents(generator: Generator, parents: Sequence[Parent], times: Tensor) -> Iterator[Tensor]:
    """Latents at times (T,) of the loop, each parent's own detail put back around its time."""
    points = torch.stack([parent.styles for parent in parents])
    residuals = torch.stack([parent.residual for parent in parents])
    for part in torch.split(times, AT_ONCE):
        made = generator.synthesis(spline(points, part))
        for latents, time in zip(made, part.tolist(), strict=True):
            here, share = int(time), time - int(time)
            near, next_one = residuals[here % len(parents)], residuals[(here + 1) % len(parents)]
            yield latents + kept(share) * near + kept(1 - share) * next_one


def _even(steps: Tensor, count: int) -> list[float]:
    """Places (count,) in 0..1 of a segment of measured steps (FINE,): the first at 0, at an eased even pace."""
    passed = torch.cat([torch.zeros(1), steps.cumsum(0)])
    fraction = torch.arange(count) / count
    eased = fraction - EASE * torch.sin(2 * torch.pi * fraction) / (2 * torch.pi)
    wanted = eased * passed[-1]
    right = torch.searchsorted(passed, wanted, right=True).clamp(1, len(steps))
    left = right - 1
    inside = (wanted - passed[left]) / (passed[right] - passed[left]).clamp(min=1e-9)
    places: list[float] = ((left + inside) / len(steps)).clamp(0, 1 - 1e-6).tolist()
    return places
