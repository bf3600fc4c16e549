"""Discriminators: is this real, and, of the style-based GAN, does it show what was asked for?"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from engines.training.attributes import ATTRIBUTES
from engines.training.classifier import VISIBLE

GROUP = 4
"""Samples whose spread the critic sees together."""


class Critic(nn.Module):
    """Latents (B, C, 16, 16), weighted as they show in the picture, to logits; conditions come in by projection.

    Projection: Miyato and Koyama 2018. The standard deviation within small groups of samples is one more feature map
    (Karras et al. 2018), so that samples all alike are told from real ones. The heads read attributes off the same
    features (Odena et al. 2017); they are trained on real pictures alone and never used to evaluate.
    """

    def __init__(self, weights: Tensor, condition: int, widths: tuple[int, int, int] = (64, 96, 160)) -> None:
        """`weights` (C,): how much an error in each channel shows."""
        super().__init__()
        self.register_buffer("weights", weights.sqrt()[:, None, None])
        fine, middle, coarse = widths
        self.body = nn.Sequential(
            nn.Conv2d(len(weights), fine, 3, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(fine, middle, 3, padding=1, stride=2), nn.LeakyReLU(0.2),
            nn.Conv2d(middle, middle, 3, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(middle, coarse, 3, padding=1, stride=2), nn.LeakyReLU(0.2),
        )  # fmt: skip
        self.gather = nn.Linear((coarse + 1) * 16, 256)
        self.judge = nn.Linear(256, 1)
        self.project = nn.Linear(condition, 256)
        self.read = nn.Linear(coarse * 16, 256)
        self.heads = nn.ModuleList(nn.Linear(256, len(ATTRIBUTES[name])) for name in VISIBLE)

    weights: Tensor

    def forward(self, latents: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits (B,), and one row of logits (B, values) per visible attribute."""
        maps = self.body(latents * self.weights)
        spread = _spread(maps).expand(-1, -1, *maps.shape[2:])
        h = F.leaky_relu(self.gather(torch.cat([maps, spread], dim=1).flatten(1)), 0.2)
        logit = self.judge(h)[:, 0] + (h * self.project(condition)).sum(dim=1) / 16
        read = F.leaky_relu(self.read(maps.flatten(1)), 0.2)
        return logit.float(), [cast(Tensor, head(read)).float() for head in self.heads]


class StyleCritic(nn.Module):
    """The same questions about styles (B, N), as in ALAE (Pidhorskyi et al. 2020): a fiftieth of the price.

    Conditions, spread and heads are as in `Critic`.
    """

    def __init__(self, weights: Tensor, condition: int, hidden: int = 512) -> None:
        """`weights` (N,): how much each component shows in the picture."""
        super().__init__()
        self.register_buffer("weights", weights)
        self.body = nn.Sequential(
            nn.Linear(len(weights), hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, hidden), nn.LeakyReLU(0.2)
        )
        self.gather = nn.Linear(hidden + 1, 256)
        self.judge = nn.Linear(256, 1)
        self.project = nn.Linear(condition, 256)
        self.heads = nn.ModuleList(nn.Linear(hidden, len(ATTRIBUTES[name])) for name in VISIBLE)

    weights: Tensor

    def forward(self, styles: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits (B,), and one row of logits (B, values) per visible attribute."""
        features = self.body(styles * self.weights)
        spread = _spread(features[:, :, None, None]).view(-1, 1)
        h = F.leaky_relu(self.gather(torch.cat([features, spread], dim=1)), 0.2)
        logit = self.judge(h)[:, 0] + (h * self.project(condition)).sum(dim=1) / 16
        return logit, [cast(Tensor, head(features)) for head in self.heads]


def _spread(maps: Tensor) -> Tensor:
    """Mean standard deviation of each group of samples, (B, 1, 1, 1); groups are of neighbours in the batch."""
    size = GROUP if len(maps) % GROUP == 0 else len(maps)
    grouped = maps.view(-1, size, *maps.shape[1:])
    deviation = (grouped.var(dim=1, correction=0) + 1e-6).sqrt().mean(dim=(1, 2, 3))
    return deviation.repeat_interleave(size).view(-1, 1, 1, 1)


class PatchCritic(nn.Module):
    """Pictures (B, 3, H, W) to logits of patches of 80 pixels, (B, h, w), and the features of each layer.

    PatchGAN (Isola et al. 2017) with spectral normalisation (Miyato et al. 2018). It works at half the resolution, from
    four pixels a place, which is a quarter of the price.
    """

    def __init__(self, widths: tuple[int, ...] = (32, 64, 96, 128)) -> None:
        super().__init__()
        self.enter = spectral_norm(nn.Conv2d(12, widths[0], 3, padding=1))
        pairs = list(pairwise(widths))
        self.body = nn.ModuleList(spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in pairs)
        self.last = spectral_norm(nn.Conv2d(widths[-1], widths[-1], 3, padding=1))
        self.judge = spectral_norm(nn.Conv2d(widths[-1], 1, 1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Judge; H and W are multiples of 16."""
        x, features = F.pixel_unshuffle(pictures, 2), []
        for layer in (self.enter, *self.body, self.last):
            x = F.leaky_relu(layer(x), 0.2)
            features.append(x)
        return cast(Tensor, self.judge(x))[:, 0].float(), features
