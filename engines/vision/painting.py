"""Neural style transfer (Gatys et al. 2015) on MobileNetV2's features: pixels moved until their statistics agree.

The manner of a picture is the mean and deviation of each channel (Huang and Belongie 2017) of the first layers, its
content the normalised features of a deeper one. Colours are carried over first (Reinhard et al. 2001, with their
covariance), so that a few dozen steps do; each step sees the picture shifted, which keeps the strides' grid out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.vision.photos import normalised

LAYERS = 6
"""Inverted residuals that are looked through: down to an eighth of the picture's size."""
STAGES = ((160, 36), (320, 24))
"""Pixels a side and steps: broad strokes first, then fine ones."""
CONTENT, MANNER, SMOOTH = 2.0, 3.0, 1.0
"""What each part of the loss weighs."""
RATE = 0.05

SHIFTS = ((0, 0), (3, 5), (6, 2), (2, 7))
"""Pixels down and right by which steps see the picture moved, in turn at random."""

Step = Callable[[int, int, Tensor], bool]
"""step(done, total, picture): whether to go on."""


def steps_in_all() -> int:
    """How many steps a painting takes."""
    return sum(steps for _, steps in STAGES)


def paint(net: Any, content: Tensor, style: Tensor, strength: float, seed: int, step: Step) -> Tensor | None:
    """Content and style (1, 3, S, S) in -1..1 to the painting, of the last stage's size; None when `step` stopped it.

    `net` is the MobileNetV2 of transformers; `strength` 0 keeps the content as it is, 1 is all manner.
    """
    generator = torch.Generator().manual_seed(seed)
    painting, done = _coloured(content, style, strength), 0
    for size, steps in STAGES:
        aims = [_statistics(layer) for layer in _features(net, _resized(style, size))]
        kept = [F.instance_norm(_features(net, _moved(_resized(content, size), shift))[-1]) for shift in SHIFTS]
        pixels = _resized(painting, size).requires_grad_()
        optimiser = torch.optim.Adam([pixels], RATE)
        for _ in range(steps):
            if not step(done, steps_in_all(), pixels.detach()):
                return None
            place = int(torch.randint(len(SHIFTS), (1,), generator=generator))
            seen = _features(net, _moved(pixels, SHIFTS[place]))
            loss = (1 - strength) * CONTENT * F.mse_loss(F.instance_norm(seen[-1]), kept[place])
            loss = loss + strength * MANNER * _distance(seen, aims) + SMOOTH * _roughness(pixels)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            with torch.no_grad():
                pixels.clamp_(-1, 1)
            done += 1
        painting = pixels.detach()
    return painting


def _features(net: Any, pictures: Tensor) -> list[Tensor]:
    """The picture itself, the stem's two layers, and both the wide and the narrow layer of each inverted residual."""
    x = normalised(pictures)
    found = [x, stem := net.conv_stem.first_conv(x)]
    x = net.conv_stem.reduce_1x1(net.conv_stem.conv_3x3(stem))
    found.append(x)
    for layer in net.layer[:LAYERS]:
        wide = layer.expand_1x1(x)
        narrow = layer.reduce_1x1(layer.conv_3x3(wide))
        x = x + narrow if layer.use_residual else narrow
        found += [wide, x]
    return found


def _statistics(layer: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean and deviation of each channel, and a scale by which to compare those of this layer."""
    deviation = layer.std(dim=(2, 3))
    return layer.mean(dim=(2, 3)), deviation, deviation + 0.1 * layer.std()


def _distance(seen: list[Tensor], aims: list[tuple[Tensor, Tensor, Tensor]]) -> Tensor:
    parts = []
    for layer, (mean, deviation, scale) in zip(seen, aims, strict=True):
        apart = (layer.mean(dim=(2, 3)) - mean) / scale
        wider = (layer.std(dim=(2, 3)) - deviation) / scale
        parts.append(apart.square().mean() + wider.square().mean())
    return torch.stack(parts).mean()


def _moved(pixels: Tensor, shift: tuple[int, int]) -> Tensor:
    down, right = shift
    return F.pad(pixels, (right, 8 - right, down, 8 - down), mode="reflect")


def _roughness(pixels: Tensor) -> Tensor:
    return pixels.diff(dim=2).square().mean() + pixels.diff(dim=3).square().mean()


def _coloured(content: Tensor, style: Tensor, strength: float) -> Tensor:
    """The content with the style's mean and covariance of colours, as far as `strength` goes."""
    source, target = content[0].flatten(1).double(), style[0].flatten(1).double()
    means = source.mean(1, keepdim=True), target.mean(1, keepdim=True)
    roots = [_root(one.cov() + 1e-4 * torch.eye(3, dtype=torch.float64)) for one in (source, target)]
    moved = roots[1] @ torch.linalg.inv(roots[0]) @ (source - means[0]) + means[1]
    return torch.lerp(content, moved.float().view_as(content).clamp(-1, 1), strength)


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors @ values.clamp(min=0).sqrt().diag() @ vectors.T
    return root


def _resized(picture: Tensor, size: int) -> Tensor:
    if picture.shape[-1] == size:
        return picture.clone()
    return F.interpolate(picture, size=(size, size), mode="bicubic", antialias=True).clamp(-1, 1)
