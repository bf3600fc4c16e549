"""Trains the style-based GAN: `python -m engines.training.gan train --data LATENTS --out RUN --until 18:25`.

An adversarial style autoencoder, after ALAE (Pidhorskyi et al. 2020) and VAE-GAN (Larsen et al. 2016): the synthesis
gives back what was read off real pictures, the mapping network draws styles that a critic of styles cannot tell from
theirs, and a critic of latents makes fresh and bred pictures look real. The mapping network first learns in style
space alone (engines.training.gan_mapping). `python -m engines.training.gan compare` plays each adversarial loss alone
for the same time.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import replace
from pathlib import Path

import torch

from engines.avatar.embedded import digest_of, write_manifest
from engines.gan.networks import WEIGHTS, Generator, Sizes
from engines.training.clock import progress_until
from engines.training.conditions import HIDDEN
from engines.training.diffusion import learning_rate
from engines.training.gan_game import Game, Weights, draw_batch, new_game, reading_loss
from engines.training.gan_mapping import Drawn, fit_mapping
from engines.training.latents import LatentCharacters
from engines.training.losses import RECIPES
from engines.training.runs import Average, Run, limit_threads, mean_figures


def learn_mapping(game: Game, data: LatentCharacters, rng: random.Random, minutes: float) -> None:
    """Teach the mapping network in style space for so many minutes of processor time, on components alone."""

    @torch.no_grad()
    def draw(count: int) -> Drawn:
        parts = [draw_batch(data, 200, rng) for _ in range(count // 200)]
        styles = [game.generator.synthesis.read(part.latents) for part in parts]
        return (
            torch.cat(styles), torch.cat([part.condition for part in parts]),
            torch.cat([part.shown for part in parts]), torch.cat([part.asked for part in parts]),
        )  # fmt: skip

    fit_mapping(game.generator, game.style_critic, draw, reading_loss, minutes)
    game.average = Average(game.generator, game.average.decay)


def train(options: argparse.Namespace) -> None:
    """Train until the given time of day, with a sample grid now and then."""
    from engines.training.gan_samples import Sampler

    run = Run(options.out, vars(options))
    torch.manual_seed(0)
    data = LatentCharacters(options.data)
    recipe = replace(RECIPES[options.loss], learning_rate=options.lr, betas=(0.5, 0.99))
    game = new_game(data, recipe, Weights())
    if (state := run.load()) is not None:
        game.restore(state)
    rng = random.Random(f"{time.time()}")
    torch.manual_seed(rng.randrange(2**31))
    if state is None and options.mapping_minutes:
        learn_mapping(game, data, rng, options.mapping_minutes)
        run.save(game.state())
    sampler = Sampler(data, options.codec, options.out) if options.codec else None
    clock, reported, shown, figures, first = progress_until(options.until), time.time(), 0.0, [], game.step
    while (part := clock()) < 1:
        game.set_rate(learning_rate(part, game.step, options.lr, options.constant))
        figures.append(game.play(draw_batch(data, options.batch, rng), game.step >= options.warmup, rng, options.bf16))
        if time.time() - reported > options.every:
            run.save(game.state())
            speed = (game.step - first) * options.batch / (time.time() - reported)
            run.report(step=game.step, samples_per_second=speed, **mean_figures(figures))
            if sampler is not None and time.time() - shown > options.samples:
                sampler.show(game.average.state, game.step)
                shown = time.time()
            reported, figures, first = time.time(), [], game.step
    run.save(game.state())
    if sampler is not None:
        sampler.show(game.average.state, game.step)


def export(run: Path, target: Path, earlier: Path | None = None, blend: float = 1.0) -> None:
    """Write the averaged generator of a run in float16, and a manifest whose version is a digest.

    With `earlier`, a folder that this run grew from, the weights lie `blend` of the way from there to the run's: what
    the run learned only to please its critics cancels out sooner than what it learned.
    """
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    condition, channels = HIDDEN, state["average"]["synthesis.components.0.maps"].shape[1]
    generator = Generator(Sizes(condition, channels))
    generator.load_state_dict(state["average"])
    if earlier is not None:
        was = Generator.load(earlier).state_dict()
        generator.load_state_dict({name: was[name].lerp(now, blend) for name, now in generator.state_dict().items()})
    generator.save(target)
    write_manifest(target, version=digest_of(target / WEIGHTS)[:8])


def main() -> None:
    """Train, compare the losses, or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--data", type=Path, required=True, help="folder written by engines.training.latents")
    training.add_argument("--out", type=Path, required=True, help="run folder")
    training.add_argument("--until", required=True, help="time of day to stop, HH:MM")
    training.add_argument("--loss", choices=RECIPES, default="relativistic")
    training.add_argument("--batch", type=int, default=16)
    training.add_argument("--lr", type=float, default=6e-4, help="peak learning rate")
    training.add_argument("--constant", type=float, default=0.6, help="part of the time at the peak")
    training.add_argument("--mapping-minutes", type=float, default=4, help="processor time in style space at first")
    training.add_argument("--warmup", type=int, default=100, help="steps before the critics play")
    training.add_argument("--bf16", action="store_true", help="faster where the processor has AVX-512 BF16")
    training.add_argument("--codec", type=Path, help="codec folder, to draw sample grids with")
    training.add_argument("--every", type=float, default=60, help="seconds between reports")
    training.add_argument("--samples", type=float, default=240, help="seconds between sample grids")
    exporting = commands.add_parser("export")
    exporting.add_argument("--run", type=Path, required=True)
    exporting.add_argument("--out", type=Path, required=True)
    exporting.add_argument("--earlier", type=Path, help="published folder that the run grew from, to blend with")
    exporting.add_argument("--blend", type=float, default=1.0, help="how far from there to the run's weights")
    comparing = commands.add_parser("compare", help="every loss alone, each from the same seed for the same time")
    comparing.add_argument("--data", type=Path, required=True, help="folder written by engines.training.latents")
    comparing.add_argument("--judge", type=Path, required=True, help="run folder of engines.training.classifier")
    comparing.add_argument("--codec", type=Path, required=True, help="codec folder, to draw the samples with")
    comparing.add_argument("--out", type=Path, required=True, help="folder for losses.json and losses.png")
    comparing.add_argument("--loss", choices=RECIPES, nargs="+", default=list(RECIPES))
    comparing.add_argument("--minutes", type=float, default=2, help="processor time for each")
    comparing.add_argument("--batch", type=int, default=16)
    comparing.add_argument("--count", type=int, default=400, help="samples that are judged")
    options = parser.parse_args()
    limit_threads(1)
    if options.command == "export":
        export(options.run, options.out, options.earlier, options.blend)
    elif options.command == "compare":
        from engines.training.gan_compare import compare

        compare(options)
    else:
        train(options)


if __name__ == "__main__":
    main()
