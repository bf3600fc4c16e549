"""The recipe book's losses side by side: each plays alone, from the same seed, for the same processor time.

Nothing but the adversary teaches the generator here (no reconstruction, no attributes), and each recipe brings its own
penalties and optimiser, as in its paper. Processor time is counted, so neighbours on the machine change nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from typing import cast

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.gan.networks import Generator
from engines.training.classifier import Judge, load_judge
from engines.training.evaluate import frechet, grid
from engines.training.gan_game import Game, Weights, draw_batch, new_game
from engines.training.latents import LatentCharacters
from engines.training.losses import RECIPES
from engines.training.runs import mean_figures

SHOWN = 12
ALONE = Weights(reconstruction=0, styles=0, attributes=0)
Row = dict[str, float | str]


@torch.no_grad()
def diversity(judge: Judge, latents: Tensor) -> float:
    """Mean distance of two pictures, in the judge's features."""
    return float(torch.pdist(judge(latents)[0]).mean())


@torch.no_grad()
def draw(generator: Generator, condition: Tensor) -> Tensor:
    """Latents (B, C, h, w) for conditions (B, H), from fixed noise, not truncated."""
    noise = torch.randn(len(condition), generator.sizes.noise, generator=torch.Generator().manual_seed(0))
    made: Tensor = generator.synthesis(generator.mapping(noise, condition))
    return made


def play(data: LatentCharacters, loss: str, minutes: float, size: int) -> tuple[Game, dict[str, float]]:
    """Train with one loss for so many minutes of processor time; returns the game and its last losses."""
    torch.manual_seed(0)
    rng, game, figures = random.Random(0), new_game(data, RECIPES[loss], ALONE), []
    ends = time.process_time() + 60 * minutes
    while time.process_time() < ends:
        figures.append(game.play(draw_batch(data, size, rng), True, rng, bf16=False))
    return game, mean_figures(figures[-50:])


def compare(options: argparse.Namespace) -> None:
    """Print the table, and write it with a strip of samples per loss."""
    options.out.mkdir(parents=True, exist_ok=True)
    data, judge = LatentCharacters(options.data), load_judge(options.judge)
    codec = cast(PatchAutoencoder, PatchAutoencoder.from_pretrained(options.codec)).eval()
    real, again = (draw_batch(data, options.count, random.Random(seed)) for seed in (1, 2))
    rows: list[Row] = [_row("real pictures", judge, again.latents, real.latents, {}, 0)]
    strips = [_strip(codec, again.latents[:SHOWN], "real pictures")]
    for loss in options.loss:
        game, last = play(data, loss, options.minutes, options.batch)
        generator = game.generator
        generator.load_state_dict(game.average.state)
        made = draw(generator.eval(), real.condition)
        rows.append(_row(loss, judge, made, real.latents, last, game.step))
        strips.append(_strip(codec, made[:SHOWN], loss))
        print(json.dumps(rows[-1]), flush=True)
    (options.out / "losses.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    whole = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)))
    for i, strip in enumerate(strips):
        whole.paste(strip, (0, i * strip.height))
    whole.save(options.out / "losses.png", optimize=True)
    print(as_markdown(rows))


def _row(name: str, judge: Judge, made: Tensor, real: Tensor, last: dict[str, float], steps: int) -> Row:
    distances: dict[str, float] = {"frechet": frechet(judge, made, real), "diversity": diversity(judge, made)}
    losses = {key: last[key] for key in ("critic", "generator") if key in last}
    row: Row = {"loss": name, "steps": steps}
    return row | {key: round(value, 3) for key, value in (distances | losses).items()}


@torch.no_grad()
def _strip(codec: PatchAutoencoder, latents: Tensor, name: str) -> Image.Image:
    pictures = cast(Decoded, codec.decode(latents)).sample
    row = grid(torch.nn.functional.avg_pool2d(pictures, 4) / 2 + 0.5, SHOWN)
    strip = Image.new("RGB", (row.width, row.height + 14), "white")
    strip.paste(row, (0, 14))
    ImageDraw.Draw(strip).text((3, 1), name, fill="black")
    return strip


def as_markdown(rows: list[Row]) -> str:
    """The figures as the table of the model card."""
    lines = ["| loss | steps | Frechet | diversity | critic's loss | generator's loss |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (str(row.get(key, "-")) for key in ("loss", "steps", "frechet", "diversity", "critic", "generator"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
