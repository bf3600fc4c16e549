"""Every recipe from nothing: renders or reads what it needs, trains, and writes the model card.

    python -m engines.training.recipes diffusion --out RUN --minutes 5

`huashen train` is the same. What a recipe needs is prepared once, in stages under RUN/prepared; a finished stage leaves
its arguments there and is not done again, so a killed command is simply repeated. Arguments that are not known here
are those of the recipe's own module, whose options `python -m engines.training.<recipe> --help` lists.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engines.training.data import CHUNK

COUNT = 2000
"""Characters that are rendered where nothing else is said: a minute or two on one core."""
SHARE = {128: 1, 256: 5, 512: 10}
"""Pixels a side -> the part of `count` that is rendered so large: what needs detail needs fewer pictures."""
TEXT_ENCODER = Path(__file__).resolve().parent.parent / "assets" / "avatar" / "text_encoder"


@dataclass(frozen=True, slots=True)
class Stage:
    """One module to run with its arguments, and the name it is remembered by as done: '' for the recipe's own."""

    module: str
    arguments: tuple[str, ...]
    name: str = ""
    once: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: the run's folder, one's own data, when to stop, and what need not be made anew."""

    out: Path
    data: Path | None = None
    until: str = "+30"
    count: int = COUNT
    codec: Path | None = None
    prepared: Path | None = None

    @property
    def work(self) -> Path:
        """Where stages leave what they made."""
        return self.prepared or self.out / "prepared"

    def characters(self, size: int) -> Path:
        """The folder of pictures at `size` pixels."""
        return self.work / f"characters-{size}"

    @property
    def latents(self) -> Path:
        """The folder of latents."""
        return self.work / "latents"

    @property
    def codec_folder(self) -> Path:
        """The codec that latents are made with."""
        return self.codec or self.work / "codec" / "codec"


def characters(order: Order, size: int) -> Stage:
    """Render characters, or read one's own pictures, at `size` pixels."""
    out = ("--out", str(order.characters(size)), "--size", str(size))
    if order.data is not None:
        return Stage("engines.training.folder", ("--data", str(order.data), *out), f"characters-{size}")
    count = max(2 * CHUNK, order.count // SHARE[size])  # two chunks: the first is the test of some
    return Stage("engines.training.data", (*out, "--count", str(count)), f"characters-{size}")


def codec(order: Order) -> list[Stage]:
    """Components, then the decoder."""
    fit = ("fit", "--data", str(order.characters(128)), "--out", str(order.out))
    train = ("train", "--data", str(order.characters(256)), "--out", str(order.out), "--until", order.until)
    return [
        characters(order, 128),
        characters(order, 256),
        Stage("engines.training.codec", fit, "components"),
        Stage("engines.training.codec", train),
    ]


def latents(order: Order) -> list[Stage]:
    """Latents, with a codec fitted to the same pictures where none was given; its decoder gets a third of the time."""
    stages = [characters(order, 128)]
    if order.codec is None:
        minutes = float(order.until) / 3 if order.until.startswith("+") else 5.0
        out = ("--out", str(order.work / "codec"))
        fit = ("fit", "--data", str(order.characters(128)), *out)
        train = ("train", "--data", str(order.characters(256)), *out, "--until", f"+{minutes:g}", "--every", "20")
        stages += [
            characters(order, 256),
            Stage("engines.training.codec", fit, "components"),
            Stage("engines.training.codec", train, "decoder"),
        ]
    made = ("--data", str(order.characters(128)), "--codec", str(order.codec_folder), "--out", str(order.latents))
    return [*stages, Stage("engines.training.latents", made, "latents")]


def on_latents(module: str, order: Order) -> list[Stage]:
    """Latents, then the module on them until the time is up."""
    arguments = ("--data", str(order.latents), "--out", str(order.out), "--until", order.until)
    return [*latents(order), Stage(module, arguments)]


def diffusion(order: Order) -> list[Stage]:
    """The denoiser on latents, then a folder that the text encoder and the codec have been added to."""
    arguments = ("--data", str(order.latents), "--out", str(order.out), "--until", order.until)
    every = ("--codec", str(order.codec_folder), "--every", "30")
    parts = ("--unet", str(order.out), "--codec", str(order.codec_folder), "--text", str(TEXT_ENCODER))
    return [
        *latents(order),
        Stage("engines.training.diffusion", (*arguments, *every)),
        Stage("engines.training.assemble", (*parts, "--out", str(order.out / "weights")), "weights", once=False),
    ]


def judge(order: Order) -> list[Stage]:
    """The judge on latents of renders; a tenth of them is kept for its test."""
    *before, last = on_latents("engines.training.classifier", order)
    unseen = str(order.count // 10)
    return [*before, Stage(last.module, (*last.arguments, "--unseen", unseen))]


def by_itself(module: str, order: Order) -> list[Stage]:
    """A module that needs no pictures and ends after its steps."""
    return [Stage(module, ("--out", str(order.out)))]


def screen(order: Order) -> list[Stage]:
    """The text screen, whose output is one file."""
    return [Stage("engines.training.safety.text", ("--out", str(order.out / "screen.safetensors")))]


RECIPES: dict[str, Callable[[Order], list[Stage]]] = {
    "codec": codec,
    "diffusion": diffusion,
    "judge": judge,
    "text": partial(by_itself, "engines.training.text"),
    "screen": screen,
}
OWN_PICTURES = ("codec", "diffusion")
"""Recipes that a folder of one's own can be given to; what the others learn from is written or rendered with labels."""


class Unusable(ValueError):
    """An order that cannot be carried out, in one sentence."""


def run(recipe: str, order: Order, more: Sequence[str] = (), command: str = "") -> None:
    """Carry the order out; Unusable, BadFolder or another ValueError, in one sentence, where that cannot be."""
    from engines.training.card import write_card
    from engines.training.clock import end_of

    if recipe not in RECIPES:
        raise Unusable(f"There is no recipe '{recipe}'; there are {', '.join(RECIPES)}.")
    if order.data is not None and recipe not in OWN_PICTURES:
        raise Unusable(f"'{recipe}' does not learn from a folder; these do: {', '.join(OWN_PICTURES)}.")
    end_of(order.until, datetime.datetime.now())
    stages = RECIPES[recipe](order)
    own = [stage.name for stage in stages].index("")
    order.out.mkdir(parents=True, exist_ok=True)
    for index, stage in enumerate(stages):
        arguments = [*stage.arguments, *more] if index == own else list(stage.arguments)
        run_stage(order.work, stage, arguments, f"{index + 1}/{len(stages)}")
    card = write_card(order.out, recipe, command, [f"{s.module} {shlex.join(s.arguments)}" for s in stages[:own]])
    print(f"The model card is {card}.", flush=True)


def run_stage(work: Path, stage: Stage, arguments: list[str], place: str) -> None:
    """Run a stage's module in this process, unless the same stage is done with the same arguments."""
    done = work / f"{stage.name}.done"
    said = json.dumps([stage.module, *arguments])
    if stage.name and stage.once and done.exists() and done.read_text(encoding="utf-8") == said:
        print(f"[{place}] {stage.name} is there already.", file=sys.stderr, flush=True)
        return
    print(f"[{place}] {stage.module} {shlex.join(arguments)}", file=sys.stderr, flush=True)
    before, sys.argv = sys.argv, [stage.module, *arguments]
    try:
        importlib.import_module(stage.module).main()
    finally:
        sys.argv = before
    if stage.name:
        work.mkdir(parents=True, exist_ok=True)
        done.write_text(said, encoding="utf-8")


def until_of(minutes: float | None, until: str | None) -> str:
    """When to stop, as the recipes' modules are told; half an hour where nothing is said."""
    if minutes is not None and until is not None:
        raise Unusable("Say either how many minutes or until when, not both.")
    return until or f"+{30 if minutes is None else minutes:g}"


def main() -> None:
    """Run one recipe; what is wrong with an order or a folder is one sentence on stderr and exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", choices=tuple(RECIPES))
    parser.add_argument("--out", type=Path, required=True, help="run folder; one that is there is continued")
    parser.add_argument("--data", type=Path, help="a folder of pictures and captions instead of renders")
    parser.add_argument("--minutes", type=float, help="how long to train")
    parser.add_argument("--until", help="time of day to stop, HH:MM")
    parser.add_argument("--count", type=int, default=COUNT, help="characters to render")
    parser.add_argument("--codec", type=Path, help="a codec to use instead of fitting one")
    parser.add_argument("--prepared", type=Path, help="where prepared data is; default OUT/prepared")
    o, more = parser.parse_known_args()
    try:
        until = until_of(o.minutes, o.until)
        order = Order(o.out, o.data, until, o.count, o.codec, o.prepared)
        run(o.recipe, order, more, shlex.join(["huashen", "train", *sys.argv[1:]]))
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
