"""Ways from noise to pictures, for a denoiser to learn few steps from: a teacher's, or straight ones."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from safetensors.torch import load_file
from torch import Tensor

from engines.training.conditions import draw_mentioned, tokens_of
from engines.training.diffusion import build_scheduler, noise_levels
from engines.training.latents import LatentCharacters

POINTS = 8
"""Teacher's steps from noise to picture; its way has one point more."""


def angles(steps: int = POINTS) -> tuple[Tensor, Tensor, Tensor]:
    """Timesteps (steps,) of a way, with alpha and sigma (steps + 1,) of its points; the last is the picture."""
    scheduler = build_scheduler()
    scheduler.set_timesteps(steps)
    alpha, sigma = (level[scheduler.timesteps] for level in noise_levels())
    return scheduler.timesteps, torch.cat([alpha, torch.ones(1)]), torch.cat([sigma, torch.zeros(1)])


def load_unet(folder: Path) -> Any:
    """The denoiser of a folder, in float32, with attention whose gradient is quick on a CPU."""
    make: Any = UNet2DConditionModel
    unet = make.from_pretrained(folder)
    unet.set_attn_processor(AttnProcessor())
    return unet


@torch.no_grad()
def teacher_way(unet: Any, noise: Tensor, tokens: Tensor, guidance: float, rescale: float) -> Tensor:
    """Points (B, POINTS + 1, C, h, w) of the guided teacher's way from `noise` (B, C, h, w) to a picture.

    Guidance makes colours glaring; `rescale` is how much of the deviation that it adds is taken back (Lin et al. 2024).
    """
    scheduler = build_scheduler()
    scheduler.set_timesteps(POINTS)
    both = torch.cat([tokens_of([{}]).expand_as(tokens), tokens]).to(unet.dtype)
    way = [noise]
    for timestep in scheduler.timesteps:
        inputs = torch.cat([way[-1], way[-1]]).to(unet.dtype)
        plain, asked = unet(inputs, timestep, both, return_dict=False)[0].float().chunk(2)
        guided = plain + guidance * (asked - plain)
        deviations = (one.std((1, 2, 3), keepdim=True) for one in (asked, guided))
        guided = guided * torch.lerp(torch.ones(()), next(deviations) / next(deviations), rescale)
        way.append(scheduler.step(guided, timestep, way[-1], return_dict=False)[0])
    return torch.stack(way, dim=1)


class Ways:
    """The teacher's ways of a run folder, in memory."""

    def __init__(self, folder: Path) -> None:
        """Read every shard that is there."""
        self.folder, self.names = folder, set[str]()
        self.shards: list[dict[str, Tensor]] = []
        self.refresh()

    def __len__(self) -> int:
        return len(self.shards)

    def refresh(self) -> None:
        """Read the shards that were written since."""
        for path in sorted(self.folder.glob("*-*.safetensors")):
            if path.name not in self.names:
                self.names.add(path.name)
                self.shards.append(load_file(path))

    def draw(self, count: int, rng: random.Random) -> tuple[Tensor, Tensor]:
        """Ways (count, POINTS + 1, C, h, w) and tokens (count, tokens, HIDDEN), drawn with replacement."""
        chosen = [rng.choice(self.shards) for _ in range(count)]
        rows = [rng.randrange(len(shard["way"])) for shard in chosen]
        pairs = list(zip(chosen, rows, strict=True))
        return tuple(torch.stack([s[name][i] for s, i in pairs]).float() for name in ("way", "tokens"))  # type: ignore[return-value]


class StraightWays:
    """Ways straight from noise to characters of the data, without a teacher.

    A denoiser that is told every form has hardly anything to guess, so a picture is all but known from the first step,
    and the teacher's way bends but little.
    """

    def __init__(self, data: LatentCharacters) -> None:
        """Of these characters."""
        self._data = data
        _, self._alpha, self._sigma = angles()

    def __len__(self) -> int:
        return len(self._data)

    def refresh(self) -> None:
        """There is nothing to read."""

    def draw(self, count: int, rng: random.Random) -> tuple[Tensor, Tensor]:
        """Ways (count, POINTS + 1, C, h, w) and tokens (count, tokens, HIDDEN)."""
        drawn = [self._data.draw(rng.randrange(len(self._data)), rng) for _ in range(count)]
        tokens = tokens_of([draw_mentioned(labels, rng) for _, labels in drawn], rng)
        ends = torch.stack([latent for latent, _ in drawn])[:, None]
        alpha, sigma = (level[None, :, None, None, None] for level in (self._alpha, self._sigma))
        return alpha * ends + sigma * torch.randn_like(ends), tokens
