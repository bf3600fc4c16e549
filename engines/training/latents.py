"""Characters as latents that colours are poured into: what the denoiser trains on.

The encoder is affine, so a tinted character's latent is a weighted sum of its parts' latents, and every sample gets
fresh colours, a fresh background and a random mirroring for the price of a 16-term sum.
`python -m engines.training.latents --data DIR128 --codec RUN/codec --out DIR`
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.training.attributes import Labels
from engines.training.codec import mirror_signs
from engines.training.data import read_chunks, slots_of
from engines.training.forms import MIRRORED
from engines.training.render import PLANES, SLOTS, draw_colours

PARTS = 1 + 3 * (PLANES - 3)
"""Latents per character: one of the fixed part, three (red, green, blue) per weight plane."""


@torch.no_grad()
def part_latents(codec: PatchAutoencoder, planes: np.ndarray) -> Tensor:
    """Latents (B, PARTS, C, h, w) of taken-apart characters (B, 8h, 8w, PLANES) of bytes."""
    values = torch.tensor(planes).permute(0, 3, 1, 2).float() / 255 * 2
    fixed = codec.project(values[:, :3] - 1)
    weights = values[:, 3:]
    red_green_blue = torch.eye(3).view(1, 1, 3, 3, 1, 1) * weights[:, :, None, None]
    coloured = red_green_blue.flatten(0, 2)
    linear = F.conv2d(F.pixel_unshuffle(coloured, 8), (codec.basis / codec.scale[:, None])[:, :, None, None])
    return torch.cat([fixed[:, None], linear.view(len(values), -1, *linear.shape[1:])], dim=1)


class LatentCharacters:
    """Memory-mapped parts of every character; `draw` pours colours in."""

    def __init__(self, folder: Path) -> None:
        """Open what `main` wrote."""
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        shape = (len(facts["characters"]), facts.get("parts", PARTS), *facts["shape"])
        self.parts = np.memmap(folder / "parts.f16", dtype=np.float16, mode="r", shape=shape)
        self.characters = [(slots_of(f), f["labels"]) for f in facts["characters"]]
        self.signs, self.scale = torch.tensor(facts["mirror_signs"]), torch.tensor(facts["scale"])
        self.shape: tuple[int, int, int] = tuple(facts["shape"])

    def __len__(self) -> int:
        return len(self.characters)

    def draw(
        self, index: int, rng: random.Random, held_out: bool = False, mirror: bool | None = None
    ) -> tuple[Tensor, Labels]:
        """Character `index` in fresh colours: its latent (C, h, w) and complete labels; mirrored at random."""
        slots, labels = self.characters[index]
        labels, colours = draw_colours(labels, slots, rng, held_out)
        weights = torch.cat([torch.ones(1), torch.from_numpy(colours).flatten()])
        parts = torch.from_numpy(self.parts[index].astype(np.float32)).flatten(1)
        latent = (weights[: len(parts)] @ parts).view(self.shape)
        if rng.random() < 0.5 if mirror is None else mirror:
            latent = latent.flip(-1) * self.signs[:, None, None]
            labels["form_mirrored"] = MIRRORED
        return latent, labels


def main() -> None:
    """Encode every finished chunk of rendered characters."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    codec = PatchAutoencoder.from_pretrained(options.codec)
    facts: list[dict[str, object]] = []
    shape: list[int] = []
    count = PARTS
    with (options.out / "parts.f16").open("wb") as file:
        for chunk in read_chunks(options.data):
            count = 1 if chunk[0].slots is None else PARTS  # pictures of one's own are all base
            for first in range(0, len(chunk), 20):
                latents = part_latents(codec, np.stack([d.planes for d in chunk[first : first + 20]]))
                shape = list(latents.shape[2:])
                file.write(latents[:, :count].half().numpy().tobytes())
            facts += [{"slots": d.slots, "labels": d.labels} for d in chunk]
    signs, scale = mirror_signs(codec.basis).tolist(), codec.scale.tolist()
    written = {"parts": count, "shape": shape, "mirror_signs": signs, "scale": scale, "characters": facts}
    (options.out / "facts.json").write_text(json.dumps(written), encoding="utf-8")
    print(f"{len(facts)} characters of {SLOTS} slots, {count} parts of {shape}")


if __name__ == "__main__":
    main()
