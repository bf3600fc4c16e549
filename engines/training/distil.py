"""Distils the denoiser into one that needs four steps and no guidance.

    python -m engines.training.distil teach --data LATENTS --weights UNET --out RUN --until 17:40
    python -m engines.training.distil train --data LATENTS --weights UNET --codec VAE --out RUN --until 18:20
    python -m engines.training.distil export --out RUN --blend 0.7 --target FOLDER

`teach` lets the teacher draw with guidance and keeps every point of its way from noise to picture, in shards. `train`
is progressive distillation (Salimans and Ho 2022) in one go: from each point the student has to reach, in one DDIM step
(Song et al. 2021), the point that the teacher reached in `stride` guided steps. As guidance is in the teacher's points,
the student needs no second pass for it (Meng et al. 2023). Some of its starts are where its own last step led, not
the teacher's, with the teacher's next point as the goal still, so that it learns to mend what it did.

Where its last step leads is also shown to a critic beside real characters (adversarial distillation, Sauer et al.
2023), because the teacher's outlines are ragged where it is not sure. The critic sees pictures of the codec's
components alone, which are latents in another form: an outline is a shape there, and a number in sixteen places here.
Both stages continue what a killed run left.

With `--straight` there is no teacher: the ways lead straight to characters of the data, which is the loss of
engines.training.diffusion on the few-step schedule, but for the starts that are the student's own.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from safetensors.torch import save_file
from torch import Tensor, nn

from engines.avatar.codec import PatchAutoencoder
from engines.training.adversary import Adversary
from engines.training.clock import progress_until
from engines.training.conditions import draw_mentioned, tokens_of
from engines.training.diffusion import build_scheduler, channel_weights, face_weights, learning_rate
from engines.training.latents import LatentCharacters
from engines.training.losses import balance
from engines.training.runs import Average, Run, limit_threads
from engines.training.ways import POINTS, StraightWays, Ways, angles


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


def teach(options: argparse.Namespace) -> None:
    """Write shards of ways and their tokens until the given time of day."""
    options.out.mkdir(parents=True, exist_ok=True)
    data, worker = LatentCharacters(options.data), options.worker
    rng = random.Random(f"{time.time()}-{worker}")
    torch.manual_seed(rng.randrange(2**31))
    unet = load_unet(options.weights).eval().to(torch.bfloat16 if options.bf16 else torch.float32)
    clock = progress_until(options.until)
    number = len(list(options.out.glob(f"{worker}-*.safetensors")))
    while clock() < 1:
        labels = [data.draw(rng.randrange(len(data)), rng)[1] for _ in range(options.batch)]
        tokens = tokens_of([draw_mentioned(one, rng) for one in labels], rng)
        way = teacher_way(unet, torch.randn(options.batch, *data.shape), tokens, options.guidance, options.rescale)
        target = options.out / f"{worker}-{number:05}.safetensors"
        partial = target.with_suffix(".partial")
        save_file({"way": way.half(), "tokens": tokens.half()}, partial)
        partial.rename(target)
        number += 1


def step_to(point: Tensor, v: Tensor, at: tuple[Tensor, Tensor], to: tuple[Tensor, Tensor]) -> Tensor:
    """DDIM's step of `point` along a predicted v, from (alpha, sigma) `at` to (alpha, sigma) `to`."""
    (alpha, sigma), (alpha_to, sigma_to) = at, to
    return alpha_to * (alpha * point - sigma * v) + sigma_to * (sigma * point + alpha * v)


def v_between(point: Tensor, goal: Tensor, at: tuple[Tensor, Tensor], to: tuple[Tensor, Tensor]) -> Tensor:
    """The v with which `step_to` leads from `point` to `goal`."""
    (alpha, sigma), (alpha_to, sigma_to) = at, to
    return (goal - (alpha_to * alpha + sigma_to * sigma) * point) / (sigma_to * alpha - alpha_to * sigma)


def draw_starts(count: int, stride: int, coarse: float) -> Tensor:
    """Indices (count,) of points to start from: a share `coarse` on the few-step schedule, the rest anywhere."""
    anywhere = torch.randint(0, POINTS, (count,))
    return torch.where(torch.rand(count) < coarse, anywhere // stride * stride, anywhere)


def way_loss(
    unet: nn.Module, way: Tensor, tokens: Tensor, start: Tensor, weights: Tensor, stride: int, own: float
) -> tuple[Tensor, Tensor]:
    """Weighted mean square of v between the student's steps of `stride` points from `start` (B,) and the teacher's.

    Also the pictures (N, C, h, w) of those that stepped to the end.
    """
    timesteps, alpha, sigma = angles()
    rows = torch.arange(len(way))

    def level(index: Tensor) -> tuple[Tensor, Tensor]:
        return alpha[index][:, None, None, None], sigma[index][:, None, None, None]

    point, goal = way[rows, start], (start + stride).clamp(max=POINTS)
    mine = ((torch.rand(len(way)) < own) & (start >= stride)).nonzero()[:, 0]
    if len(mine):
        before = start[mine] - stride
        with torch.no_grad():
            v = unet(way[mine, before], timesteps[before], tokens[mine], return_dict=False)[0].float()
        point[mine] = step_to(way[mine, before], v, level(before), level(start[mine]))
    predicted = unet(point, timesteps[start], tokens, return_dict=False)[0].float()
    gap = (predicted - v_between(point, way[rows, goal], level(start), level(goal))).square()
    loss: Tensor = (gap * weights).mean()
    return loss, step_to(point, predicted, level(start), level(goal))[goal == POINTS]


class LastStep:
    """Shows a critic where the student's last step leads, beside real characters."""

    def __init__(self, options: argparse.Namespace, data: LatentCharacters) -> None:
        """Begin with an untrained critic; `options` have codec, adversary, lr and bf16."""
        self.adversary = Adversary(1, options.lr, options.bf16)
        self._codec: Any = cast(Any, PatchAutoencoder).from_pretrained(options.codec).float().requires_grad_(False)
        self._data, self._rng, self._share = data, random.Random(time.time()), options.adversary

    def judge(self, latents: Tensor, loss: Tensor, last: Tensor) -> Tensor:
        """Move the critic once; returns the student's loss against it, as its gradient in `last` allows."""
        real = torch.stack([self._data.draw(self._rng.randrange(len(self._data)), self._rng)[0] for _ in latents])
        made = [self._codec.unproject(latents)]
        self.adversary.learn([self._codec.unproject(real)], made)
        against, _ = self.adversary.judge(made)
        weight: float = balance(loss, against, last) * self._share
        return against * weight


def train(options: argparse.Namespace) -> None:
    """Train the student until the given time of day, on from its checkpoint where there is one."""
    run = Run(options.out, vars(options))
    unet = load_unet(options.weights)
    optimiser = torch.optim.AdamW(unet.parameters(), lr=options.lr, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
    average, step = Average(unet, options.ema), 0
    data = LatentCharacters(options.data)
    critic = LastStep(options, data) if options.adversary else None
    if (state := run.load()) is not None:
        unet.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates, step = state["average"], state["updates"], state["step"]
        if critic is not None and "critics" in state:
            critic.adversary.restore(state)
    scale = data.scale
    ways: Ways | StraightWays = StraightWays(data) if options.straight else Ways(options.out)
    rng = random.Random(time.time())
    weights = channel_weights(scale, options.emphasis)[:, None, None] * face_weights(16, options.focus)
    torch.manual_seed(rng.randrange(2**31))
    clock, losses, reported = progress_until(options.until), [], time.time()
    while (part := clock()) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(part, step, options.lr, options.constant, warm_up=30)
        way, tokens = ways.draw(options.batch, rng)
        start = draw_starts(options.batch, options.stride, options.coarse)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            loss, pictures = way_loss(unet, way, tokens, start, weights, options.stride, options.own)
        losses.append(loss.item())
        if critic is not None and len(pictures):
            loss = loss + critic.judge(pictures, loss, unet.conv_out.weight)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 2 == 0:
            average.update(unet)
        if time.time() - reported > options.every:
            save(run, unet, optimiser, average, step, critic)
            speed = options.batch * len(losses) / (time.time() - reported)
            rate = optimiser.param_groups[0]["lr"]
            run.report(step=step, loss=float(np.mean(losses)), lr=rate, ways=len(ways), samples_per_second=speed)
            losses, reported = [], time.time()
            ways.refresh()
    save(run, unet, optimiser, average, step, critic)


def save(
    run: Run,
    unet: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: Average,
    step: int,
    critic: LastStep | None,
) -> None:
    """Write everything that a continued run needs."""
    state: dict[str, Any] = {"model": unet.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
    state |= {"updates": average.updates, "step": step}
    if critic is not None:
        state |= critic.adversary.state()
    run.save(state)


def export(options: argparse.Namespace) -> None:
    """Write the averaged student as a diffusers model folder in float16.

    Its weights may lie between the teacher's and the student's own (Wortsman et al. 2022, on fine-tuned weights): the
    farther, the stronger the guidance that it acts out.
    """
    said = json.loads((options.out / "options.json").read_text(encoding="utf-8"))
    teacher = load_unet(Path(said["weights"]))
    make: Any = UNet2DConditionModel
    unet = make(**{name: value for name, value in teacher.config.items() if not name.startswith("_")})
    student = torch.load(options.out / "checkpoint.pt", map_location="cpu", weights_only=True)["average"]
    unet.load_state_dict(
        {name: torch.lerp(value, student[name], options.blend) for name, value in teacher.state_dict().items()}
    )
    unet.half().save_pretrained(options.target)


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("teach", "train", "export"))
    parser.add_argument("--data", type=Path, help="folder written by engines.training.latents")
    parser.add_argument("--weights", type=Path, help="the teacher's folder, which the student begins as")
    parser.add_argument("--out", type=Path, required=True, help="run folder")
    parser.add_argument("--until", default="08:00", help="time of day to stop, HH:MM")
    parser.add_argument("--guidance", type=float, default=3.0, help="the teacher's guidance")
    parser.add_argument("--rescale", type=float, default=0.7, help="how much of guidance's glare is taken back")
    parser.add_argument("--worker", default="0", help="names the shards of one of several processes of `teach`")
    parser.add_argument("--stride", type=int, default=2, help="teacher's steps that one of the student's replaces")
    parser.add_argument("--coarse", type=float, default=0.75, help="share of starts on the few-step schedule")
    parser.add_argument("--own", type=float, default=0.25, help="share of starts where the student's own step led")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--lr", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument("--constant", type=float, default=0.4, help="part of the time at the peak")
    parser.add_argument("--ema", type=float, default=0.98, help="decay of the average, per update")
    parser.add_argument("--emphasis", type=float, default=0.5, help="exponent of the components' weights in the loss")
    parser.add_argument("--focus", type=float, default=1.5, help="weight of the middle of the picture in the loss")
    parser.add_argument("--bf16", action="store_true", help="twice as fast where the processor has AVX-512 BF16")
    parser.add_argument("--every", type=float, default=60, help="seconds between reports")
    parser.add_argument("--straight", action="store_true", help="learn from the data itself, not from a teacher's ways")
    parser.add_argument("--codec", type=Path, help="the codec's folder, for the critic's pictures")
    parser.add_argument("--adversary", type=float, default=0.3, help="weight of the critic's gradient; 0 for no critic")
    parser.add_argument("--blend", type=float, default=1.0, help="0 exports the teacher, 1 the student")
    parser.add_argument("--target", type=Path, help="folder that `export` writes")
    options = parser.parse_args()
    if options.stage == "train" and options.adversary and options.codec is None:
        parser.error("--codec is needed, or --adversary 0")
    limit_threads(1)
    {"teach": teach, "train": train, "export": export}[options.stage](options)


if __name__ == "__main__":
    main()
