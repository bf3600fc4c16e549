"""Trains the upscaler: `python -m engines.training.upscaler --data DIR512 --codec FOLDER --out RUN --until 18:20`.

It learns from crisp 512 px renders in fresh colours. Its inputs are their halves, as they are, after JPEG, or as the
codec's decoder gives them back: of latents with a little noise, or of what the denoiser makes of latents with more of
it. The denoiser keeps the picture and makes its usual ragged edges, so the upscaler learns to mend those. A share of
every batch are dead leaves (Lee, Mumford and Huang 2001), discs over discs with textures of 1/f, whose statistics are
those of photographs: without them it would draw outlines into a photograph.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.avatar.upscaler import SCALE, Upscaler
from engines.training.attributes import Labels
from engines.training.clock import progress_until
from engines.training.codec import pictures, psnr
from engines.training.conditions import tokens_of
from engines.training.data import Drawn, read_chunks
from engines.training.diffusion import noise_levels
from engines.training.forms import MIRRORED
from engines.training.render import draw_colours, tint
from engines.training.runs import Average, Run, limit_threads
from engines.training.ways import load_unet

LARGE = 512
FLAT = 0.1
"""Added to bicubic's loss where the loss is divided by it: flat crops have none."""


def dead_leaves(size: int, rng: random.Random, discs: int = 60) -> Tensor:
    """A picture (3, size, size) in -1..1 of `discs` soft-edged discs, each with a colour and a texture of 1/f noise."""
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    spectrum = torch.fft.rfft2(torch.randn(3, size, size, generator=generator))
    rows, columns = torch.fft.fftfreq(size)[:, None], torch.fft.rfftfreq(size)
    texture = torch.fft.irfft2(spectrum / (rows.square() + columns.square()).sqrt().clamp(min=1 / size), s=(size, size))
    texture = texture / texture.std()
    picture: Tensor = texture * 0.3
    where = torch.arange(size)
    for _ in range(discs):
        radius, middle_y, middle_x = 4 * (size / 10) ** (rng.random() ** 1.5), rng.randrange(size), rng.randrange(size)
        rows = slice(max(0, int(middle_y - radius - 8)), int(middle_y + radius + 8))
        columns = slice(max(0, int(middle_x - radius - 8)), int(middle_x + radius + 8))
        away = ((where[rows, None] - middle_y).square() + (where[columns] - middle_x).square()).sqrt()
        cover = ((radius - away) / rng.choice((0.7, 0.7, 1.5, 6.0)) + 0.5).clamp(0, 1)
        colour = torch.tensor([rng.uniform(-0.9, 0.9) for _ in range(3)])[:, None, None]
        leaf = colour + rng.uniform(0, 0.25) * texture[rng.randrange(3), rows, columns]
        picture[:, rows, columns] += (leaf - picture[:, rows, columns]) * cover
    return picture.clamp(-1, 1)


def jpeg(picture: Tensor, quality: int) -> Tensor:
    """A picture (3, H, W) in -1..1 after JPEG."""
    values = ((picture + 1) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).numpy()
    file = io.BytesIO()
    Image.fromarray(values).save(file, "JPEG", quality=quality)
    again = np.asarray(Image.open(file), dtype=np.float32)
    return torch.from_numpy(again).permute(2, 0, 1) / 127.5 - 1


class Mistakes:
    """Latents as a denoiser spoils them: noised, and guessed back in one step."""

    def __init__(self, folder: Path) -> None:
        """Read the denoiser of a folder."""
        self._unet = load_unet(folder).eval()
        self._levels = noise_levels()

    @torch.no_grad()
    def make(self, latents: Tensor, labels: Labels, rng: random.Random) -> Tensor:
        """One latent (1, C, h, w) spoiled, at a level of noise at which the picture stays what it is."""
        timestep = rng.randrange(40, 300)
        alpha, sigma = (float(level[timestep]) for level in self._levels)
        noisy = alpha * latents + sigma * torch.randn_like(latents)
        with torch.autocast("cpu", torch.bfloat16):
            v = self._unet(noisy, timestep, tokens_of([labels]), return_dict=False)[0].float()
        return alpha * noisy - sigma * cast(Tensor, v)


def encoded(codec: Any, small: Tensor) -> Tensor:
    """Latents of pictures (B, 3, 256, 256)."""
    latents: Tensor = codec.project(F.avg_pool2d(small, 2))
    return latents


@torch.no_grad()
def decoded(codec: Any, latents: Tensor, bf16: bool = False) -> Tensor:
    """Pictures (B, 3, 256, 256) that the codec makes of latents."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        picture: Tensor = cast(Decoded, codec.decode(latents)).sample
    return picture.float()


def draw_pair(
    drawn: list[Drawn], codec: Any, mistakes: Mistakes | None, rng: random.Random, options: argparse.Namespace
) -> tuple[Tensor, Tensor]:
    """An input (3, H, W) and its goal (3, 2H, 2W)."""
    kind = rng.random()
    if kind < options.leaves:
        real, labels = dead_leaves(LARGE, rng)[None], Labels()
    else:
        real, labels = draw_picture(rng.choice(drawn), rng)
    small = F.avg_pool2d(real, SCALE)
    if kind > 1 - options.decoded:
        latents = encoded(codec, small)
        if mistakes is not None and rng.random() < options.mistaken:
            latents = mistakes.make(latents, labels, rng)
        else:
            latents = latents + torch.randn_like(latents) * rng.uniform(0, options.noise)
        small = decoded(codec, latents, options.bf16)
    elif rng.random() < options.jpeg:
        small = jpeg(small[0], rng.randrange(60, 96))[None]
    return small[0], real[0]


class Pool:
    """Pictures to crop from; every batch replaces one of them, as drawing costs more than learning from a crop."""

    def __init__(self, draw: Callable[[], tuple[Tensor, Tensor]], size: int, rng: random.Random) -> None:
        """Begin with a few pictures of `draw`, and grow to `size`."""
        self._draw, self._size, self._rng = draw, size, rng
        self._pairs = [self._next() for _ in range(4)]

    def _next(self) -> tuple[Tensor, Tensor]:
        small, real = self._draw()
        return small.half(), real.half()

    def batch(self, count: int, crop: int) -> tuple[Tensor, Tensor]:
        """Inputs (count, 3, crop, crop) and goals (count, 3, 2 crop, 2 crop)."""
        if len(self._pairs) < self._size:
            self._pairs.append(self._next())
        else:
            self._pairs[self._rng.randrange(self._size)] = self._next()
        inputs, goals = [], []
        for _ in range(count):
            small, real = self._rng.choice(self._pairs)
            top, left = (2 * self._rng.randrange((small.shape[-1] - crop) // 2 + 1) for _ in range(2))
            inputs.append(small[:, top : top + crop, left : left + crop])
            down, across = (slice(first * SCALE, (first + crop) * SCALE) for first in (top, left))
            goals.append(real[:, down, across])
        return torch.stack(inputs).float(), torch.stack(goals).float()


def reconstruction_losses(made: Tensor, real: Tensor) -> Tensor:
    """The codec's loss, L1 + L2 + twice the L1 distance of differences, of each picture by itself (B,)."""
    gap = made - real
    parts = (gap.abs() + gap.square(), 2 * gap.diff(dim=-1).abs(), 2 * gap.diff(dim=-2).abs())
    return torch.stack([part.mean((1, 2, 3)) for part in parts]).sum(0)


def relative_loss(made: Tensor, small: Tensor, real: Tensor) -> Tensor:
    """Mean loss in units of bicubic's on the same picture: noise that nobody can foretell must not drown edges."""
    bicubic = F.interpolate(small, scale_factor=SCALE, mode="bicubic", align_corners=False)
    return (reconstruction_losses(made.float(), real) / (reconstruction_losses(bicubic, real) + FLAT)).mean()


def draw_picture(one: Drawn, rng: random.Random) -> tuple[Tensor, Labels]:
    """A character in fresh colours, (1, 3, H, W) in -1..1 and mirrored half the time, with its labels."""
    labels, colours = draw_colours(one.labels, one.slots, rng)
    picture = torch.from_numpy(tint(one.planes, colours)).permute(2, 0, 1)[None] * 2 - 1
    if rng.random() < 0.5:
        return picture, labels
    return picture.flip(-1), labels | {"form_mirrored": MIRRORED}


@torch.no_grad()
def measure(upscaler: Any, codec: Any, drawn: list[Drawn]) -> dict[str, float]:
    """PSNR in dB of enlarged halves of unseen renders, clean and decoded, and of dead leaves, each beside bicubic."""
    rng, scores = random.Random(0), {}
    real = pictures(drawn, rng)
    leaves = torch.stack([dead_leaves(LARGE, rng) for _ in range(8)])
    sets = {"clean": (F.avg_pool2d(real, SCALE), real), "leaves": (F.avg_pool2d(leaves, SCALE), leaves)}
    sets["decoded"] = (decoded(codec, encoded(codec, sets["clean"][0])), real)
    for name, (small, goal) in sets.items():
        scores[name] = psnr(torch.cat([upscaler(one[None]) for one in small]), goal)
        bicubic = F.interpolate(small, scale_factor=SCALE, mode="bicubic", align_corners=False).clamp(-1, 1)
        scores[f"{name}_bicubic"] = psnr(bicubic, goal)
    return scores


def train(options: argparse.Namespace) -> None:
    """Train until the given time of day, continuing a checkpoint where there is one."""
    run, rng = Run(options.out, vars(options)), random.Random(time.time())
    upscaler = Upscaler(options.channels, options.blocks)
    codec: Any = cast(Any, PatchAutoencoder).from_pretrained(options.codec).float().eval()
    mistakes = Mistakes(options.denoiser) if options.denoiser else None
    test = [one for chunk in read_chunks(options.data, limit=1) for one in chunk][:12]
    drawn = [one for chunk in read_chunks(options.data, first=1) for one in chunk]
    pool = Pool(lambda: draw_pair(drawn, codec, mistakes, rng, options), options.pool, rng)
    state = run.load()
    optimiser = torch.optim.AdamW(upscaler.parameters(), lr=options.lr, betas=(0.9, 0.98), weight_decay=1e-4)
    average, step = Average(upscaler, 0.998), 0
    if state is not None:
        upscaler.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates, step = state["average"], state["updates"], state["step"]
    clock, losses, reported = progress_until(options.until), [], time.time()
    while (part := clock()) < 1:
        rate = options.lr * min(1, (step + 1) / 100) * min(1.0, (1 - part) / (1 - options.constant))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, options.lr * 0.02)
        small, real = pool.batch(options.batch, options.crop)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            made = upscaler(small)
        loss = relative_loss(made, small, real)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(upscaler.parameters(), 1.0)
        optimiser.step()
        average.update(upscaler)
        step += 1
        losses.append(loss.item())
        if time.time() - reported > options.every:
            save(run, upscaler, optimiser, average, step)
            scores = measure(averaged(options.out), codec, test)
            run.report(step=step, loss=float(np.mean(losses)), lr=rate, **scores)
            losses, reported = [], time.time()
    save(run, upscaler, optimiser, average, step)


def save(run: Run, upscaler: Any, optimiser: torch.optim.Optimizer, average: Average, step: int) -> None:
    """Write everything that a continued run needs."""
    state = {"model": upscaler.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
    run.save(state | {"updates": average.updates, "step": step})


def averaged(run: Path) -> Any:
    """The averaged upscaler of a run's checkpoint."""
    said = json.loads((run / "options.json").read_text(encoding="utf-8"))
    upscaler: Any = Upscaler(said["channels"], said["blocks"])
    upscaler.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["average"])
    return upscaler.eval()


def main() -> None:
    """Train, or export with --export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="512 px characters written by engines.training.data")
    parser.add_argument("--codec", type=Path, help="folder of the codec whose pictures it will enlarge")
    parser.add_argument("--denoiser", type=Path, help="folder of the denoiser whose mistakes it will mend")
    parser.add_argument("--out", type=Path, required=True, help="run folder")
    parser.add_argument("--until", default="08:00", help="time of day to stop, HH:MM")
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--batch", type=int, default=16, help="crops a step")
    parser.add_argument("--pool", type=int, default=100, help="pictures that crops are taken from at a time")
    parser.add_argument("--crop", type=int, default=48, help="side of an input, in pixels")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--constant", type=float, default=0.4, help="part of the time at full learning rate")
    parser.add_argument("--decoded", type=float, default=0.5, help="share of inputs that the codec gave back")
    parser.add_argument("--mistaken", type=float, default=0.5, help="share of those that the denoiser spoiled")
    parser.add_argument("--leaves", type=float, default=0.1, help="share of dead leaves")
    parser.add_argument("--jpeg", type=float, default=0.2, help="share of the other inputs that JPEG spoiled")
    parser.add_argument("--noise", type=float, default=0.2, help="largest deviation of the noise on latents")
    parser.add_argument("--every", type=float, default=90, help="seconds between reports")
    parser.add_argument("--bf16", action="store_true", help="faster where the processor has AVX-512 BF16")
    parser.add_argument("--export", type=Path, help="write the averaged upscaler here in float16 and stop")
    options = parser.parse_args()
    limit_threads(1)
    if options.export:
        averaged(options.out).half().save_pretrained(options.export)
        return
    train(options)


if __name__ == "__main__":
    main()
