"""What a run shows of itself every few minutes: a grid of samples beside the figures."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from PIL import Image
from torch import Tensor

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.training.conditions import tokens_of
from engines.training.latents import LatentCharacters
from engines.training.pictures import grid

STEPS, GUIDANCE, SEED = 12, 3.0, 0


@torch.no_grad()
def draw_latents(unet: Any, scheduler: Any, tokens: Tensor, shape: tuple[int, int, int], seed: int = SEED) -> Tensor:
    """Latents (B, C, h, w) from noise by classifier-free guidance (Ho and Salimans 2022), conditions being `tokens`."""
    scheduler.set_timesteps(STEPS)
    latents = torch.randn(len(tokens), *shape, generator=torch.Generator().manual_seed(seed))
    empty = tokens_of([{}] * len(tokens))
    for timestep in scheduler.timesteps:
        both = unet(torch.cat([latents, latents]), timestep, torch.cat([empty, tokens]), return_dict=False)[0]
        without, with_them = both.float().chunk(2)
        guided = without + GUIDANCE * (with_them - without)
        latents = scheduler.step(guided, timestep, latents, return_dict=False)[0]
    return latents


def sampler(
    unet: Callable[[], Any], scheduler: Any, state: Mapping[str, Tensor], data: LatentCharacters, codec: Path
) -> Callable[[], Image.Image]:
    """A function that draws twelve pictures with the weights that `state` holds when it is called.

    The conditions are those of twelve characters of the data, and the noise is always the same, so that two grids of a
    run differ by what was learned between them.
    """
    decoder = PatchAutoencoder.from_pretrained(codec).eval()
    rng = random.Random(SEED)
    indices = [index * len(data) // 12 for index in range(12)]
    tokens = tokens_of([data.draw(index, rng)[1] for index in indices])

    @torch.no_grad()
    def draw() -> Image.Image:
        network = unet()
        network.load_state_dict(state)
        latents = draw_latents(network.eval(), scheduler, tokens, data.shape)
        return grid(cast(Decoded, decoder.decode(latents)).sample / 2 + 0.5, 6)

    return draw
