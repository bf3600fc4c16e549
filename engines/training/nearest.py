"""Shows the nearest training character beside each sample of the model card's grid, as proof that nothing is copied.

    python -m engines.training.nearest --pipeline FOLDER --data LATENTS --unseen DIR256 --out FILE

Every training character, mirrored or not, is poured into the colours that bring it closest to the sample: a character
is linear in its colours, so they are the least squares solution, and no choice of colours could have come closer. The
distance is the root mean square over the codec's components, in grey levels of 256. Unseen renders are looked up in the
same way: a model that copies would lie nearer to its training set than they do.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engines.avatar.codec import Decoded
from engines.training.data import read_chunks
from engines.training.evaluate import defaults, encode, examples_of, generate, grid, load_pipeline
from engines.training.latents import PARTS, LatentCharacters
from engines.training.render import draw_colours, tint
from engines.training.samples import FIRST_SEED, PROMPTS

CHUNK = 200
RIDGE = 1e-3
"""Added to the least squares' diagonal: a plane that a character does not use is empty."""


def chunks(data: LatentCharacters) -> Iterator[tuple[int, Tensor]]:
    """(index of the first, parts (N, PARTS, C h w) in picture space) of all characters."""
    scale = data.scale.view(1, 1, -1, 1)
    for first in range(0, len(data), CHUNK):
        parts = torch.from_numpy(data.parts[first : first + CHUNK].astype(np.float32))
        yield first, (parts.view(len(parts), PARTS, data.shape[0], -1) * scale).flatten(2)


def nearest(data: LatentCharacters, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of latents (B, C, h, w): distances (B,), the nearest characters' indices (B,), and their best weights (B, PARTS).

    Distances are squared and in picture space.
    """
    goals = (latents * data.scale[:, None, None]).flatten(1)
    best = torch.full((len(goals),), float("inf"), dtype=torch.float64)
    found, weights = torch.zeros(len(goals), dtype=torch.long), torch.zeros(len(goals), PARTS, dtype=torch.float64)
    for first, parts in chunks(data):
        gram = (parts @ parts.transpose(1, 2)).double()  # (N, PARTS, PARTS); part 0 is the fixed one, of weight 1
        cross = (parts @ goals.T).double()  # (N, PARTS, B)
        right = cross[:, 1:] - gram[:, 1:, :1]
        solved = torch.linalg.solve(gram[:, 1:, 1:] + RIDGE * torch.eye(PARTS - 1), right)
        remaining = goals.double().square().sum(1) - 2 * cross[:, 0] + gram[:, 0, :1] - (solved * right).sum(1)
        value, row = remaining.min(0)
        better = value < best
        best, found = torch.where(better, value, best), torch.where(better, row + first, found)
        mine = torch.cat([torch.ones(1, len(goals)), solved[row, :, torch.arange(len(goals))].T]).T
        weights = torch.where(better[:, None], mine, weights)
    return best.clamp(min=0), found, weights


def look_up(data: LatentCharacters, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of latents (B, C, h, w): distances (B,) in grey levels, indices (B,), and the nearest (B, C, h, w) themselves."""
    mirrored = latents.flip(-1) * data.signs[:, None, None]
    squared, found, weights = nearest(data, torch.cat([latents, mirrored]))
    squares = squared.view(2, -1)
    side = squares.argmin(0)
    rows = side * len(latents) + torch.arange(len(latents))
    parts = torch.from_numpy(data.parts[found[rows].numpy()].astype(np.float32)).view(len(rows), PARTS, -1)
    near = (weights[rows].float()[:, None] @ parts).view(-1, *data.shape)
    near = torch.where((side == 1)[:, None, None, None], near.flip(-1) * data.signs[:, None, None], near)
    levels = (squares.min(0).values / (3 * 128 * 128)).sqrt() * 127.5
    return levels, found[rows], near


def unseen_latents(folder: Path, codec: object, count: int) -> Tensor:
    """Latents of renders that training never saw, in fresh colours."""
    rng, pictures = random.Random(0), []
    for one in [one for chunk in read_chunks(folder, limit=1) for one in chunk][:count]:
        _, colours = draw_colours(one.labels, one.slots, rng)
        pictures.append(torch.from_numpy(tint(one.planes, colours)).permute(2, 0, 1) * 2 - 1)
    return encode(codec, torch.stack(pictures))


def main() -> None:
    """Write pairs (sample, nearest training character), six to a row, and print the distances."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder written by engines.training.latents")
    parser.add_argument("--unseen", type=Path, required=True, help="256 px characters the denoiser never saw")
    parser.add_argument("--out", type=Path, required=True, help="picture of the pairs")
    parser.add_argument("--steps", type=int, help="instead of the model's own")
    parser.add_argument("--guidance", type=float, help="instead of the model's own")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pipeline, data = load_pipeline(options.pipeline), LatentCharacters(options.data)
    examples = examples_of(options.pipeline, pipeline)
    pictures = generate(pipeline, list(PROMPTS), FIRST_SEED, *defaults(options), examples)
    levels, _, near = look_up(data, encode(pipeline.vae, pictures * 2 - 1))
    others, _, _ = look_up(data, unseen_latents(options.unseen, pipeline.vae, len(PROMPTS)))
    with torch.no_grad():
        decoded = cast(Decoded, pipeline.vae.decode(near.to(pipeline.vae.dtype))).sample.float()
    pairs = torch.cat([pictures, (decoded + 1) / 2], dim=3)
    whole = grid(pairs, 6)
    whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.LANCZOS).save(options.out, quality=85)
    print("grey levels to the nearest training character:", " ".join(f"{level:.1f}" for level in levels))
    print(f"least {levels.min():.1f}, median {levels.median():.1f}")
    print(f"unseen renders: least {others.min():.1f}, median {others.median():.1f}")


if __name__ == "__main__":
    main()
