"""Finishes decoder and upscaler together, against critics of pixels, on latents as the denoiser spoils them.

    python -m engines.training.finish train --data DIR512 --assets engines/assets/avatar --out RUN --until 21:40
    python -m engines.training.finish export --assets engines/assets/avatar --out RUN --target FOLDER

A decoder that has only seen the encoder's latents draws a denoiser's uncertain outlines raggedly. Here it sees latents
of renders after noise and the denoiser's own last steps, with the crisp render as its goal, and latents drawn from
noise alone, which have no goal but to look like renders to the critics. The features of the critics are compared too
(feature matching, as in pix2pixHD, Wang et al. 2018), and the adversary counts as much as its gradient in the last
layer allows (VQGAN, Esser et al. 2021). With `--gan`, latents that the style-based generator gave back are among the
spoiled ones.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.avatar.embedded import prepare
from engines.avatar.upscaler import SCALE, Upscaler
from engines.gan.networks import Generator
from engines.training.adversary import Adversary
from engines.training.attributes import Labels
from engines.training.clock import progress_until
from engines.training.codec import psnr, reconstruction_loss
from engines.training.conditions import tokens_of
from engines.training.data import Drawn, read_chunks
from engines.training.diffusion import build_scheduler, learning_rate, noise_levels
from engines.training.losses import balance
from engines.training.pictures import grid
from engines.training.runs import Average, Run, limit_threads, mean_figures
from engines.training.upscaler import draw_picture, encoded
from engines.training.ways import load_unet

STEPS = 4
"""Of the denoiser."""
FIRST = 16
"""Samples drawn before the first step."""
SEEN = 128
"""Side of the crops, in pixels of the decoder's pictures, that the upscaler works on."""


class Denoiser:
    """The few-step denoiser, from noise or from anywhere on its way."""

    def __init__(self, folder: Path) -> None:
        """Read the denoiser of a folder."""
        self._unet = load_unet(folder).eval().to(torch.bfloat16)
        self._levels = noise_levels()

    @torch.no_grad()
    def finish(self, latents: Tensor, labels: list[Labels], steps: int) -> Tensor:
        """Latents (B, C, h, w) after so much noise that the last `steps` steps are left, and after those steps."""
        scheduler = build_scheduler(solver_order=1)
        scheduler.set_timesteps(STEPS)
        left = scheduler.timesteps[STEPS - steps :]
        alpha, sigma = (level[left[0]] for level in self._levels)
        x, tokens = alpha * latents + sigma * torch.randn_like(latents), tokens_of(labels).to(torch.bfloat16)
        for timestep in left:
            v = self._unet(x.to(torch.bfloat16), timestep, tokens, return_dict=False)[0].float()
            x = scheduler.step(v, timestep, x, return_dict=False)[0]
        return x


@dataclass(frozen=True, slots=True)
class Sample:
    """Latents (C, h, w) to decode, the render (3, 512, 512) in float16, and whether they show the same picture."""

    latents: Tensor
    real: Tensor
    paired: bool


class Samples:
    """A pool of samples; every batch replaces two of them, as drawing costs more than learning."""

    def __init__(self, options: argparse.Namespace, codec: Any, rng: random.Random) -> None:
        """Read denoiser, generator and characters."""
        self._denoiser, self._codec, self._rng = Denoiser(options.denoiser or options.assets / "unet"), codec, rng
        self._generator = Generator.load(options.gan) if options.gan else None
        self._drawn: list[Drawn] = [one for chunk in read_chunks(options.data, first=1) for one in chunk]
        self._size = options.pool
        self._pool = [self._draw() for _ in range(max(FIRST, options.batch))]

    @torch.no_grad()
    def _draw(self) -> Sample:
        rng = self._rng
        picture, labels = draw_picture(rng.choice(self._drawn), rng)
        latents = encoded(self._codec, F.avg_pool2d(picture, SCALE))
        kind = rng.random()
        if kind < 0.15:
            latents = latents + torch.randn_like(latents) * rng.uniform(0, 0.2)
        elif kind < 0.25 and self._generator is not None:
            latents = self._generator.synthesis(self._generator.synthesis.read(latents))
        elif kind < 0.7:
            latents = self._denoiser.finish(latents, [labels], 2 if rng.random() < 0.6 else 1)
        else:
            latents = self._denoiser.finish(latents, [labels], STEPS)
        return Sample(latents[0], picture[0].half(), kind < 0.7)

    def batch(self, count: int) -> list[Sample]:
        """Samples of the pool, at least two of them paired."""
        for _ in range(2):
            fresh = self._draw()
            if len(self._pool) < self._size:
                self._pool.append(fresh)
            else:
                self._pool[self._rng.randrange(self._size)] = fresh
        while True:
            chosen = self._rng.sample(self._pool, count)
            if sum(one.paired for one in chosen) >= 2:
                return sorted(chosen, key=lambda one: not one.paired)


class Painter(nn.Module):
    """What is trained: the codec's decoder and the upscaler behind it."""

    def __init__(self, assets: Path) -> None:
        """Begin with the published weights."""
        super().__init__()
        self.codec: Any = cast(Any, PatchAutoencoder).from_pretrained(assets / "vae").float()
        self.upscaler: Any = cast(Any, Upscaler).from_pretrained(assets / "upscaler").float()

    def forward(self, latents: Tensor, corners: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, 256, 256), and crops of them, `SEEN` px from `corners` (B, 2) on, twice as large."""
        small = cast(Decoded, self.codec.decode(latents)).sample.float()
        return small, self.upscaler(crops(small, corners, SEEN)).float()


def crops(pictures: Tensor, corners: Tensor, size: int) -> Tensor:
    """Squares (B, 3, size, size) of pictures, each from its own (top, left)."""
    pairs = zip(pictures, corners.tolist(), strict=True)
    return torch.stack([one[:, top : top + size, left : left + size] for one, (top, left) in pairs])


def train(options: argparse.Namespace) -> None:
    """Train until the given time of day, continuing a checkpoint where there is one."""
    run, rng = Run(options.out, vars(options)), random.Random(time.time())
    painter, adversary = Painter(options.assets), Adversary(2, options.lr, options.bf16)
    samples = Samples(options, painter.codec, rng)
    optimiser = torch.optim.AdamW(painter.parameters(), lr=options.lr, betas=(0.5, 0.95), weight_decay=0.0, fused=True)
    average, step = Average(painter, options.ema), 0
    if (state := run.load()) is not None:
        painter.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        adversary.restore(state)
        average.state, average.updates, step = state["average"], state["updates"], state["step"]
    test = [one for _ in range(3) for one in samples.batch(8)]
    run.draw_samples(lambda: shown(options.assets, average.state, test), every=240)
    clock, figures, reported = progress_until(options.until), [], time.time()
    while (part := clock()) < 1:
        rate = learning_rate(part, step, options.lr, options.constant, warm_up=50)
        adversary.set_rate(rate)
        for group in optimiser.param_groups:
            group["lr"] = rate
        playing = adversary if step >= options.warmup else None
        figures.append(move(painter, optimiser, playing, samples.batch(options.batch), options, rng))
        step += 1
        average.update(painter)
        if time.time() - reported > options.every:
            save(run, painter, optimiser, adversary, average, step)
            speed = len(figures) * options.batch / (time.time() - reported)
            run.report(step=step, lr=rate, samples_per_second=speed, **mean_figures(figures))
            figures, reported = [], time.time()
    save(run, painter, optimiser, adversary, average, step)


def move(
    painter: Painter,
    optimiser: torch.optim.Optimizer,
    adversary: Adversary | None,
    batch: list[Sample],
    options: argparse.Namespace,
    rng: random.Random,
) -> dict[str, float]:
    """One step of the painter, and of its critics where they play already."""
    latents, large = torch.stack([one.latents for one in batch]), torch.stack([one.real for one in batch]).float()
    paired = sum(one.paired for one in batch)
    corners = torch.tensor([[2 * rng.randrange((256 - SEEN) // 2 + 1) for _ in range(2)] for _ in batch])
    reals = (F.avg_pool2d(large, SCALE), crops(large, SCALE * corners, SCALE * SEEN))
    painter.train()
    with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
        fakes = painter(latents, corners)
    pairs = [(fake[:paired], real[:paired]) for fake, real in zip(fakes, reals, strict=True)]
    loss = torch.stack([reconstruction_loss(*pair) for pair in pairs]).sum()
    if paired < len(batch):  # what has no goal still has to be a picture of its latents
        with torch.no_grad():
            rough = F.avg_pool2d(painter.codec.unproject(latents[paired:]), 4)
        loss = loss + 0.5 * (F.avg_pool2d(fakes[0][paired:], 8) - rough).abs().mean()
    figures = {"rebuilt": loss.item(), "psnr": psnr(pairs[1][0].detach().clamp(-1, 1), pairs[1][1])}
    if adversary is not None:
        figures["critics"] = adversary.learn(reals, fakes)
        against, gap = adversary.judge(fakes, [real for _, real in pairs])
        weight = balance(loss, against, painter.upscaler.leave.weight) * options.adversary
        figures |= {"adversary": against.item(), "gap": gap.item(), "weight": weight}
        loss = loss + weight * against + options.features * gap
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
    optimiser.step()
    return figures


def save(
    run: Run,
    painter: nn.Module,
    optimiser: torch.optim.Optimizer,
    adversary: Adversary,
    average: Average,
    step: int,
) -> None:
    """Write everything that a continued run needs."""
    state = {"model": painter.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
    run.save(state | adversary.state() | {"updates": average.updates, "step": step})


@torch.no_grad()
def shown(assets: Path, state: dict[str, Tensor], samples: list[Sample]) -> Image.Image:
    """Samples as the averaged painter draws them, under what the published one makes of them; shrunk to 256 px."""
    rows = []
    for weights in (None, state):
        painter = Painter(assets)
        if weights is not None:
            painter.load_state_dict(weights)
        painter.eval()
        for one in samples:
            small = cast(Decoded, painter.codec.decode(one.latents[None])).sample
            rows.append(F.avg_pool2d(painter.upscaler(small), 2)[0])
    half = len(samples)
    pairs = [torch.cat([before, after], dim=1) for before, after in zip(rows[:half], rows[half:], strict=True)]
    return grid(torch.stack(pairs).clamp(-1, 1) / 2 + 0.5, 8)


def export(options: argparse.Namespace) -> None:
    """Write the averaged decoder and upscaler as folders `vae` and `upscaler` in float16."""
    painter = Painter(options.assets)
    painter.load_state_dict(torch.load(options.out / "checkpoint.pt", map_location="cpu", weights_only=True)["average"])
    painter.codec.half().save_pretrained(options.target / "vae")
    painter.upscaler.half().save_pretrained(options.target / "upscaler")


def main() -> None:
    """Train or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("train", "export"))
    parser.add_argument("--data", type=Path, help="512 px characters written by engines.training.data")
    parser.add_argument("--assets", type=Path, required=True, help="assets or a pipeline's folder to begin with")
    parser.add_argument("--denoiser", type=Path, help="another denoiser's folder")
    parser.add_argument("--gan", type=Path, help="folder of the style-based generator, whose latents are seen too")
    parser.add_argument("--out", type=Path, required=True, help="run folder")
    parser.add_argument("--until", default="08:00", help="time of day to stop, HH:MM")
    parser.add_argument("--batch", type=int, default=6, help="samples a step, of which two at least have a goal")
    parser.add_argument("--pool", type=int, default=400, help="samples kept at a time")
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--constant", type=float, default=0.5, help="part of the time at full learning rate")
    parser.add_argument("--warmup", type=int, default=150, help="steps before the critics play")
    parser.add_argument("--adversary", type=float, default=0.3, help="of the reconstruction's gradient")
    parser.add_argument("--features", type=float, default=0.05, help="weight of the critics' features")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--every", type=float, default=60, help="seconds between reports")
    parser.add_argument("--bf16", action="store_true", help="faster where the processor has AVX-512 BF16")
    parser.add_argument("--target", type=Path, help="folder that `export` writes")
    options = parser.parse_args()
    if options.batch < 2:
        parser.error("--batch is at least 2")
    if not (options.assets / "model_index.json").is_file():  # assets are kept as a base and what changed since
        options.assets = prepare(options.out / "begun", options.assets)
    limit_threads(1)
    (train if options.stage == "train" else export)(options)


if __name__ == "__main__":
    main()
