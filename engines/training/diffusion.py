"""Trains the denoiser: `torchrun --nproc-per-node 2 -m engines.training.diffusion --data DIR --out RUN --until 08:00`.

v-prediction (Salimans and Ho 2022) under the squared-cosine schedule, the mean square of v over all timesteps, with
more weight on the middle of the picture, where faces are: a mouth is two cells of 256. A tenth of the samples come
without any condition, for classifier-free guidance, and what is kept is an exponential moving average. The learning
rate follows the clock: it is constant for the first half of the time left, then a cosine. A killed run continues with
its optimiser's state; `--weights` begins a new one from published weights.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from safetensors.torch import load_file
from torch import Tensor, nn

from engines.training.clock import progress_until
from engines.training.conditions import HIDDEN, draw_mentioned, tokens_of
from engines.training.drawing import sampler
from engines.training.latents import LatentCharacters
from engines.training.processes import add_up, join, merge, state_of
from engines.training.runs import Average, Run, limit_threads

TIMESTEPS = 1000
AVERAGE_EVERY = 4
"""Steps between updates of the moving average: copying nine million weights is not free."""


def build_unet(channels: tuple[int, ...], latent_channels: int = 16, cross: int = 128) -> Any:
    """A small stock UNet on 16x16 latents: text by attention below full resolution, and pooled beside the time."""
    inner = len(channels) - 1
    make: Any = UNet2DConditionModel
    return make(
        sample_size=16,
        in_channels=latent_channels,
        out_channels=latent_channels,
        block_out_channels=channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D", *["CrossAttnDownBlock2D"] * inner),
        up_block_types=(*["CrossAttnUpBlock2D"] * inner, "UpBlock2D"),
        attention_head_dim=tuple(width // 32 for width in channels),
        norm_num_groups=16,
        resnet_time_scale_shift="scale_shift",
        cross_attention_dim=cross,
        encoder_hid_dim=HIDDEN,
        encoder_hid_dim_type="text_proj",
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
    )


def build_scheduler(solver_order: int = 2) -> Any:
    """DPM-Solver++ (Lu et al. 2022) for the schedule that training uses; of the first order it is DDIM."""
    make: Any = DPMSolverMultistepScheduler
    return make(
        num_train_timesteps=TIMESTEPS,
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        algorithm_type="dpmsolver++",
        solver_order=solver_order,
        timestep_spacing="trailing",
        steps_offset=1,
    )


def noise_levels() -> tuple[Tensor, Tensor]:
    """alpha and sigma (TIMESTEPS,) with z_t = alpha z + sigma noise and alpha^2 + sigma^2 = 1."""
    cumulative = build_scheduler().alphas_cumprod
    return cumulative.sqrt(), (1 - cumulative).sqrt()


def draw_timesteps(count: int, bias: float) -> Tensor:
    """Timesteps (count,): 1000 u^bias, u spread evenly over the batch; a bias below 1 favours noise."""
    even = (torch.randperm(count) + torch.rand(count)) / count
    return (TIMESTEPS * even.pow(bias)).long().clamp(max=TIMESTEPS - 1)


def channel_weights(scale: Tensor, exponent: float) -> Tensor:
    """Loss weights (C,) of mean 1: an error in a component shows in the picture in proportion to its `scale`."""
    weights = scale.pow(exponent)
    return weights / weights.mean()


def face_weights(size: int, focus: float) -> Tensor:
    """Loss weights (size, size) of mean 1: a bump in the middle, `focus` times as high as the corners."""
    away = (torch.arange(size) - (size - 1) / 2) / (size * 0.19)
    weights = 1 + (focus - 1) * torch.exp(-0.5 * (away[:, None].square() + away.square()))
    return weights / weights.mean()


def v_loss(
    unet: nn.Module, latents: Tensor, tokens: Tensor, levels: tuple[Tensor, Tensor], bias: float, weights: Tensor
) -> Tensor:
    """Mean square error of v = alpha noise - sigma z at random timesteps, for latents and weights (B or 1, C, h, w)."""
    timesteps = draw_timesteps(len(latents), bias)
    alpha, sigma = (level[timesteps][:, None, None, None] for level in levels)
    noise = torch.randn_like(latents)
    noisy = alpha * latents + sigma * noise
    predicted = unet(noisy, timesteps, tokens, return_dict=False)[0]
    gap: Tensor = (predicted.float() - (alpha * noise - sigma * latents)).square()
    return (gap * weights).mean()


def learning_rate(part: float, step: int, peak: float, constant: float, warm_up: int = 150) -> float:
    """Warm up over `warm_up` steps, hold until `constant` of the time has passed, then a cosine down to 2%."""
    decay = 1.0 if part < constant else 0.5 + 0.5 * math.cos(math.pi * (part - constant) / (1 - constant))
    return peak * min(1.0, (step + 1) / warm_up) * max(decay, 0.02)


def train(options: argparse.Namespace) -> None:
    """Train until the given time of day; process 0 keeps the average, the figures and the checkpoint.

    Processes train by themselves for `round` seconds and then average weights and moments by the steps each has done.
    """
    number, processes = join()
    run = Run(options.out, vars(options))
    torch.manual_seed(0)
    unet = build_unet(tuple(options.channels))
    if options.weights:
        unet.load_state_dict(load_file(options.weights / "diffusion_pytorch_model.safetensors"))
    unet.set_attn_processor(AttnProcessor())
    optimiser = torch.optim.AdamW(unet.parameters(), lr=options.lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    average, step, seen = Average(unet, options.ema), 0, 0
    if (state := run.load()) is not None:
        unet.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates, step, seen = state["average"], state["updates"], state["step"], state["seen"]
    data = LatentCharacters(options.data)
    weights = channel_weights(data.scale, options.emphasis)[:, None, None] * face_weights(data.shape[-1], options.focus)
    if options.codec and number == 0:
        network = functools.partial(build_unet, tuple(options.channels))
        run.draw_samples(sampler(network, build_scheduler(), average.state, data, options.codec))
    levels, rng = noise_levels(), random.Random(f"{time.time()}-{number}")
    torch.manual_seed(rng.randrange(2**31))
    clock, losses, reported, before = progress_until(options.until), [], time.time(), seen
    while (part := add_up(clock()) / processes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(part, step, options.lr, options.constant)
        first, ends = step, time.monotonic() + options.round
        while step == first or time.monotonic() < ends:
            drawn = [data.draw(rng.randrange(len(data)), rng) for _ in range(options.batch)]
            tokens = tokens_of([draw_mentioned(labels, rng) for _, labels in drawn], rng)
            latents = torch.stack([latent for latent, _ in drawn])
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
                loss = v_loss(unet, latents, tokens, levels, options.bias, weights)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
            optimiser.step()
            step += 1
            losses.append(loss.item())
            if step % AVERAGE_EVERY == 0:
                average.update(unet)
        total = add_up(step - first)
        merge(state_of(unet.parameters(), optimiser), (step - first) / total)
        seen += int(total) * options.batch
        if number == 0 and time.time() - reported > options.every:
            save(run, unet, optimiser, average, step, seen)
            speed = (seen - before) / (time.time() - reported)
            rate = optimiser.param_groups[0]["lr"]
            run.report(step=step, seen=seen, loss=float(np.mean(losses)), lr=rate, samples_per_second=speed)
            losses, reported, before = [], time.time(), seen
    if number == 0:
        save(run, unet, optimiser, average, step, seen)


def save(run: Run, unet: nn.Module, optimiser: torch.optim.Optimizer, average: Average, step: int, seen: int) -> None:
    """Write everything that a continued run needs."""
    state = {"model": unet.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
    run.save(state | {"updates": average.updates, "step": step, "seen": seen})


def export(run: Path, target: Path) -> None:
    """Write the averaged denoiser of a run's checkpoint as a diffusers model folder in float16."""
    options = json.loads((run / "options.json").read_text(encoding="utf-8"))
    unet = build_unet(tuple(options["channels"]))
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    unet.load_state_dict(state["average"])
    unet.half().save_pretrained(target)


def main() -> None:
    """Train, alone or as one of torchrun's processes, or export with --export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder written by engines.training.latents")
    parser.add_argument("--out", type=Path, required=True, help="run folder")
    parser.add_argument("--until", default="08:00", help="time of day to stop, HH:MM")
    parser.add_argument("--channels", type=int, nargs="+", default=[64, 128, 160])
    parser.add_argument("--batch", type=int, default=8, help="samples a process and step")
    parser.add_argument("--lr", type=float, default=5e-4, help="peak learning rate")
    parser.add_argument("--constant", type=float, default=0.5, help="part of the time at the peak")
    parser.add_argument("--ema", type=float, default=0.985, help="decay of the average, per update")
    parser.add_argument("--bias", type=float, default=1.0, help="exponent of the timestep distribution")
    parser.add_argument("--emphasis", type=float, default=0.7, help="exponent of the components' weights in the loss")
    parser.add_argument("--focus", type=float, default=3.0, help="weight of the middle of the picture in the loss")
    parser.add_argument("--bf16", action="store_true", help="twice as fast where the processor has AVX-512 BF16")
    parser.add_argument("--weights", type=Path, help="denoiser folder to begin with where there is no checkpoint")
    parser.add_argument("--codec", type=Path, help="codec folder; with it, a grid of samples is drawn now and then")
    parser.add_argument("--round", type=float, default=40, help="seconds between averagings of the processes")
    parser.add_argument("--every", type=float, default=90, help="seconds between reports")
    parser.add_argument("--export", type=Path, help="write the averaged denoiser here and stop")
    options = parser.parse_args()
    if options.export:
        export(options.out, options.export)
        return
    limit_threads(1)
    train(options)


if __name__ == "__main__":
    main()
