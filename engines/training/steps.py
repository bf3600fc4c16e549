"""Steps along a way from noise to a picture, and what a student that takes longer ones is told of its own.

A point is alpha times a picture plus sigma times noise; a step is DDIM's (Song et al. 2021).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engines.training.ways import POINTS, angles


def step_to(point: Tensor, v: Tensor, at: tuple[Tensor, Tensor], to: tuple[Tensor, Tensor]) -> Tensor:
    """DDIM's step of `point` along a predicted v, from (alpha, sigma) `at` to (alpha, sigma) `to`."""
    (alpha, sigma), (alpha_to, sigma_to) = at, to
    return alpha_to * (alpha * point - sigma * v) + sigma_to * (sigma * point + alpha * v)


def v_between(point: Tensor, goal: Tensor, at: tuple[Tensor, Tensor], to: tuple[Tensor, Tensor]) -> Tensor:
    """The v with which `step_to` leads from `point` to `goal`."""
    (alpha, sigma), (alpha_to, sigma_to) = at, to
    return (goal - (alpha_to * alpha + sigma_to * sigma) * point) / (sigma_to * alpha - alpha_to * sigma)


def draw_starts(count: int, stride: int, coarse: float) -> Tensor:
    """Indices (count,) of points to start from: a share `coarse` on the few-step schedule, the rest anywhere."""
    anywhere = torch.randint(0, POINTS, (count,))
    return torch.where(torch.rand(count) < coarse, anywhere // stride * stride, anywhere)


def detail_weights(pictures: Tensor, detail: float) -> Tensor:
    """Weights (B, 1, h, w) of mean 1 for latents (B, C, h, w): `detail` is what detailed places count more.

    Most of a picture is flat and soon learned; horns, frames and mouths are a few places each. The codec's components
    after the first three, a patch's mean colour, say how much there is to draw in it.
    """
    shown = pictures[:, 3:].square().mean(dim=1, keepdim=True)
    weights = 1 + detail * (shown / shown.mean()).clamp(max=4)
    return weights / weights.mean()


def way_loss(
    unet: nn.Module, way: Tensor, tokens: Tensor, start: Tensor, weights: Tensor, stride: int, own: float
) -> tuple[Tensor, Tensor]:
    """Weighted mean square of v between the student's steps of `stride` points from `start` (B,) and the teacher's.

    Also the pictures (N, C, h, w) of those that stepped to the end.
    """
    timesteps, alpha, sigma = angles()
    rows = torch.arange(len(way))

    def level(index: Tensor) -> tuple[Tensor, Tensor]:
        return alpha[index][:, None, None, None], sigma[index][:, None, None, None]

    point, goal = way[rows, start], (start + stride).clamp(max=POINTS)
    mine = ((torch.rand(len(way)) < own) & (start >= stride)).nonzero()[:, 0]
    if len(mine):
        before = start[mine] - stride
        with torch.no_grad():
            v = unet(way[mine, before], timesteps[before], tokens[mine], return_dict=False)[0].float()
        point[mine] = step_to(way[mine, before], v, level(before), level(start[mine]))
    predicted = unet(point, timesteps[start], tokens, return_dict=False)[0].float()
    gap = (predicted - v_between(point, way[rows, goal], level(start), level(goal))).square()
    loss: Tensor = (gap * weights).mean()
    return loss, step_to(point, predicted, level(start), level(goal))[goal == POINTS]
