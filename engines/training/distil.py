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
Both stages continue what a killed run left. Under torchrun several processes of `train` share the work, and with
`--rank` the student learns on in few numbers (engines.training.low_rank), which `export` writes.

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
from safetensors.torch import save_file
from torch import Tensor, nn

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.delta import DELTA, factors_of, write_factors
from engines.training.adversary import Adversary
from engines.training.clock import progress_until
from engines.training.conditions import draw_mentioned, tokens_of
from engines.training.diffusion import channel_weights, face_weights, learning_rate
from engines.training.latents import LatentCharacters
from engines.training.losses import balance
from engines.training.low_rank import COARSENESS, changes_of, learn_low_rank
from engines.training.processes import add_up, join, merge, state_of
from engines.training.runs import Average, Run, limit_threads
from engines.training.steps import detail_weights, draw_starts, way_loss
from engines.training.ways import StraightWays, Ways, load_unet, teacher_way


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
    """Train the student until the given time of day, on from its checkpoint where there is one.

    As one of torchrun's processes it averages with the others as engines.training.diffusion does, the critics too.
    """
    number, processes = join()
    run = Run(options.out, vars(options))
    torch.manual_seed(0)
    unet = load_unet(options.weights)
    # The last layer is small, and it is where the critic's gradient is weighed.
    trained = learn_low_rank(unet, options.rank, (unet.conv_out,)) if options.rank else [*unet.parameters()]
    optimiser = torch.optim.AdamW(trained, lr=options.lr, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
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
    rng = random.Random(f"{time.time()}-{number}")
    everywhere = channel_weights(scale, options.emphasis)[:, None, None] * face_weights(16, options.focus)

    def weigh(pictures: Tensor) -> Tensor:
        return everywhere * detail_weights(pictures, options.detail)

    torch.manual_seed(rng.randrange(2**31))
    clock, losses, reported = progress_until(options.until), list[float](), time.time()
    while (part := add_up(clock()) / processes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(part, step, options.lr, options.constant, warm_up=30)
        first, ends = step, time.monotonic() + options.round
        while step == first or time.monotonic() < ends:
            way, tokens = ways.draw(options.batch, rng)
            start = draw_starts(options.batch, options.stride, options.coarse)
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
                loss, pictures = way_loss(unet, way, tokens, start, weigh(way[:, -1]), options.stride, options.own)
            losses.append(loss.item())
            if critic is not None and len(pictures):
                loss = loss + critic.judge(pictures, loss, unet.conv_out.weight)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            step += 1
            if step % 2 == 0:
                average.update(unet)
        share = (step - first) / add_up(step - first)
        merge(state_of(trained, optimiser) + ([] if critic is None else critic.adversary.tensors()), share)
        if number == 0 and time.time() - reported > options.every:
            save(run, unet, optimiser, average, step, critic)
            speed = options.batch * len(losses) / (time.time() - reported)
            rate = optimiser.param_groups[0]["lr"]
            run.report(step=step, loss=float(np.mean(losses)), lr=rate, ways=len(ways), samples_per_second=speed)
            losses, reported = [], time.time()
            ways.refresh()
    if number == 0:
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
    """Write the averaged student as a diffusers model folder in float16, or what it learned in factors of low rank.

    Its weights may lie between the teacher's and the student's own (Wortsman et al. 2022, on fine-tuned weights): the
    farther, the stronger the guidance that it acts out.
    """
    said = json.loads((options.out / "options.json").read_text(encoding="utf-8"))
    student = torch.load(options.out / "checkpoint.pt", map_location="cpu", weights_only=True)["average"]
    if said.get("rank"):
        options.target.mkdir(parents=True, exist_ok=True)
        write_factors(factors_of(options.target / DELTA), changes_of(student), COARSENESS)
        return
    teacher = load_unet(Path(said["weights"]))
    make: Any = UNet2DConditionModel
    unet = make(**{name: value for name, value in teacher.config.items() if not name.startswith("_")})
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
    parser.add_argument("--detail", type=float, default=0.0, help="weight of detailed places in the loss")
    parser.add_argument("--bf16", action="store_true", help="twice as fast where the processor has AVX-512 BF16")
    parser.add_argument("--rank", type=int, default=0, help="learn changes of this rank only; 0 for whole weights")
    parser.add_argument("--round", type=float, default=40, help="seconds between averagings of torchrun's processes")
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
