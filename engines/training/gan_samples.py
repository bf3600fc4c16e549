"""Sample grids of a GAN in training: what it gives back, what it makes, what it breeds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.gan.networks import LAYERS_PER_GROUP, Generator, Sizes, condition_of
from engines.training.conditions import tokens_of
from engines.training.evaluate import grid
from engines.training.latents import LatentCharacters

COLUMNS = 12


class Sampler:
    """Draws the same characters, conditions and noise each time, so that grids can be compared."""

    def __init__(self, data: LatentCharacters, codec: Path, out: Path) -> None:
        """`codec`: its folder; grids go to `out`/samples."""
        rng = random.Random(5)
        drawn = [data.draw(rng.randrange(len(data)), rng) for _ in range(COLUMNS)]
        self.latents = torch.stack([latent for latent, _ in drawn])
        self.condition = condition_of(tokens_of([labels for _, labels in drawn]))
        self.codec = cast(PatchAutoencoder, PatchAutoencoder.from_pretrained(codec)).eval()
        self.folder = out / "samples"
        self.folder.mkdir(exist_ok=True)

    @torch.no_grad()
    def show(self, state: dict[str, Tensor], step: int) -> None:
        """Write a grid: real, given back, two rows of fresh ones for the same conditions, children of neighbours."""
        generator = Generator(Sizes(self.condition.shape[1], self.latents.shape[1])).eval()
        generator.load_state_dict(state)
        noise = torch.randn(2 * COLUMNS, generator.sizes.noise, generator=torch.Generator().manual_seed(1))
        styles = generator.synthesis.read(self.latents)
        fresh = generator.mapping(noise * 0.8, self.condition.repeat(2, 1))
        first, other = styles, styles.roll(1, 0)
        coarse = torch.cat([other[:, :LAYERS_PER_GROUP], first[:, LAYERS_PER_GROUP:]], dim=1)
        fine = torch.cat([first[:, : 2 * LAYERS_PER_GROUP], other[:, 2 * LAYERS_PER_GROUP :]], dim=1)
        made = generator.synthesis(torch.cat([styles, fresh, coarse, fine]))
        pictures = torch.cat(
            [
                cast(Decoded, self.codec.decode(part)).sample
                for part in torch.split(torch.cat([self.latents, made]), COLUMNS)
            ]
        )
        grid(torch.nn.functional.avg_pool2d(pictures, 2) / 2 + 0.5, COLUMNS).save(self.folder / f"{step:06}.png")
