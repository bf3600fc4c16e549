"""Fits the codec: principal components first (`fit`), then the decoder (`train`).

    python -m engines.training.codec fit --data DIR128 --out RUN
    python -m engines.training.codec train --data DIR256 --out RUN --until 07:30

The components come from patches and their mirror images, so each one is even or odd under mirroring and a picture is
mirrored in latent space by reversing rows and changing signs. The decoder learns from freshly tinted characters, with
a little noise on the latents, because it will have to decode what a denoiser draws.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.training.clock import progress_until
from engines.training.data import Drawn, read_chunks
from engines.training.pictures import grid
from engines.training.render import draw_colours, tint
from engines.training.runs import Average, Run, limit_threads


def pictures(drawn: list[Drawn], rng: random.Random, mirror: bool = False) -> Tensor:
    """Tint characters with fresh colours: (B, 3, H, W) in -1..1, half of them mirrored if asked."""
    tinted = [tint(d.planes, draw_colours(d.labels, d.slots, rng)[1]) for d in drawn]
    batch = torch.from_numpy(np.stack(tinted)).permute(0, 3, 1, 2) * 2 - 1
    if mirror:
        flip = torch.tensor([rng.random() < 0.5 for _ in drawn])[:, None, None, None]
        batch = torch.where(flip, batch.flip(-1), batch)
    return batch


def fit_components(batch: Tensor, channels: int) -> tuple[Tensor, Tensor, Tensor]:
    """Principal components of 8x8 patches of (B, 3, H, W) and of their mirror images: mean, basis, scale."""
    count, total, products = 0, torch.zeros(192).double(), torch.zeros(192, 192).double()
    for part in torch.split(batch, 50):  # thousands of pictures at once would take gigabytes
        both = torch.cat([part, part.flip(-1)])
        patches = F.pixel_unshuffle(both, 8).permute(0, 2, 3, 1).reshape(-1, 192).double()
        count, total, products = count + len(patches), total + patches.sum(0), products + patches.T @ patches
    mean = total / count
    values, vectors = torch.linalg.eigh(products / count - mean.outer(mean))
    basis, std = vectors.flip(1)[:, :channels].T, values.flip(0)[:channels].sqrt()
    scale = std**0.7
    scale = scale * (std / scale).square().mean().sqrt()
    return mean.float(), basis.float(), scale.float()


def mirror_signs(basis: Tensor) -> Tensor:
    """+1 or -1 per component (C,): what mirroring a patch does to its coefficient."""
    mirrored = basis.reshape(-1, 3, 8, 8).flip(-1).reshape(-1, 192)
    return (mirrored * basis).sum(1).sign()


def reconstruction_loss(made: Tensor, real: Tensor) -> Tensor:
    """L1 + L2 + twice the L1 distance of horizontal and vertical differences, which is what keeps edges sharp."""
    dx, dy = made.diff(dim=-1) - real.diff(dim=-1), made.diff(dim=-2) - real.diff(dim=-2)
    gap = made - real
    return gap.abs().mean() + gap.square().mean() + 2 * (dx.abs().mean() + dy.abs().mean())


def psnr(made: Tensor, real: Tensor) -> float:
    """Peak signal to noise ratio in decibel of pictures in -1..1."""
    return float(10 * torch.log10(4 / (made - real).square().mean()))


def fit(options: argparse.Namespace) -> None:
    """Fit the principal components and save a codec whose decoder is untrained."""
    rng = random.Random(options.seed)
    drawn = [d for chunk in read_chunks(options.data, limit=10) for d in chunk]
    codec = PatchAutoencoder(latent_channels=options.channels)
    codec.mean, codec.basis, codec.scale = fit_components(pictures(drawn, rng), options.channels)
    codec.save_pretrained(options.out / "codec")
    held_out = pictures(drawn[:200], rng)
    print(f"components alone: {psnr(codec.unproject(codec.project(held_out)), held_out):.2f} dB")


def train(options: argparse.Namespace) -> None:
    """Train the decoder until the given time of day, continuing a checkpoint where there is one."""
    run, rng = Run(options.out, vars(options)), random.Random(time.time())
    codec: Any = PatchAutoencoder.from_pretrained(options.out / "codec")
    optimiser = torch.optim.AdamW(codec.parameters(), lr=options.lr, betas=(0.9, 0.98), weight_decay=1e-4)
    average, step = Average(codec, 0.998), 0
    if (state := run.load()) is not None:
        codec.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates, step = state["average"], state["updates"], state["step"]
    test = pictures([d for c in read_chunks(options.data, limit=1) for d in c][:48], random.Random(0))
    drawn = [d for chunk in read_chunks(options.data, first=1) for d in chunk]
    run.draw_samples(lambda: shown(rebuilt(codec, average.state), test[:8]))
    clock, losses, reported = progress_until(options.until), [], time.time()
    while (part := clock()) < 1:
        rate = options.lr * min(1, (step + 1) / 100) * min(1.0, (1 - part) / (1 - options.constant))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, options.lr * 0.02)
        codec.train()
        real = pictures(rng.sample(drawn, options.batch), rng, mirror=True)
        with torch.no_grad():
            latents = codec.project(F.avg_pool2d(real, 2))
            latents = latents + torch.randn_like(latents) * torch.rand(len(real), 1, 1, 1) * options.noise
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            made = cast(Decoded, codec.decode(latents)).sample
        loss = reconstruction_loss(made.float(), real)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
        optimiser.step()
        average.update(codec)
        step += 1
        losses.append(loss.item())
        if time.time() - reported > options.every:
            state = {"model": codec.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
            run.save(state | {"updates": average.updates, "step": step})
            score = export(codec, average, run.folder, test)
            run.report(step=step, loss=float(np.mean(losses)), lr=rate, psnr=score)
            losses, reported = [], time.time()
            drawn = [d for chunk in read_chunks(options.data, first=1) for d in chunk]
    export(codec, average, run.folder, test)


def rebuilt(codec: PatchAutoencoder, state: Mapping[str, Tensor]) -> Any:
    """A codec of the same shape with these weights; its configuration names no folder it was loaded from."""
    make: Any = PatchAutoencoder
    fresh = make(**{k: v for k, v in codec.config.items() if not k.startswith("_")})
    fresh.load_state_dict(state)
    return fresh.eval()


@torch.no_grad()
def export(codec: PatchAutoencoder, average: Average, folder: Path, test: Tensor) -> float:
    """Save the averaged codec and return its PSNR on test pictures."""
    best = rebuilt(codec, average.state)
    best.save_pretrained(folder / "codec")
    return psnr(torch.cat([best(part) for part in torch.split(test, 8)]), test)


@torch.no_grad()
def shown(codec: Any, test: Tensor) -> Image.Image:
    """Test pictures above what the codec makes of them."""
    return grid(torch.cat([test, codec(test)]) / 2 + 0.5, len(test))


def main() -> None:
    """Run `fit` or `train`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("fit", "train"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--channels", type=int, default=16, help="latent channels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--until", default="", help="time of day to stop, HH:MM")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--constant", type=float, default=0.4, help="part of the time at full learning rate")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--noise", type=float, default=0.2, help="largest deviation of the noise on latents")
    parser.add_argument("--every", type=float, default=60, help="seconds between reports")
    parser.add_argument("--bf16", action="store_true", help="faster where the processor has AVX-512 BF16")
    options = parser.parse_args()
    limit_threads(1)
    {"fit": fit, "train": train}[options.stage](options)


if __name__ == "__main__":
    main()
