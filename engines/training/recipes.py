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
from dataclasses import dataclass, replace
from pathlib import Path

from engines.training.clock import end_of
from engines.training.data import CHUNK

PACKAGE = "engines.training"
COUNT = 2000
"""Characters that are rendered where nothing else is said: a minute or two on one core."""
SHARE = {128: 1, 256: 5, 512: 10}
"""Pixels a side -> the part of `count` that is rendered so large: what needs detail needs fewer pictures."""
EMBEDDED = Path(__file__).resolve().parent.parent / "assets" / "avatar"
TIMES = ("--until", "--minutes")
"""Options that do not make a stage another one: what is done is not done again because less time is left."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One module of the package with its arguments, and the name it is remembered by; '' for the recipe's own."""

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

    def characters(self, size: int) -> str:
        """The folder of pictures at `size` pixels."""
        return str(self.work / f"characters-{size}")

    @property
    def latents(self) -> str:
        """The folder of latents."""
        return str(self.work / "latents")

    @property
    def codec_folder(self) -> str:
        """The codec that latents are made with."""
        return str(self.codec or self.work / "codec" / "codec")

    @property
    def minutes(self) -> float:
        """How long there is from now."""
        now = datetime.datetime.now()
        return (end_of(self.until, now) - now).total_seconds() / 60

    @property
    def unseen(self) -> tuple[str, str]:
        """A tenth of the characters is kept for the test."""
        return "--unseen", str(self.count // 10)


def with_embedded_codec(order: Order) -> Order:
    """The order with the embedded codec, unless another was named or one's own pictures need their own."""
    return replace(order, codec=EMBEDDED / "vae") if order.codec is None and order.data is None else order


def characters(order: Order, size: int) -> Stage:
    """Render characters, or read one's own pictures, at `size` pixels."""
    out = ("--out", order.characters(size), "--size", str(size))
    if order.data is not None:
        return Stage("folder", ("--data", str(order.data), *out), f"characters-{size}")
    count = max(2 * CHUNK, order.count // SHARE[size])  # two chunks: the first is the test of some
    return Stage("data", (*out, "--count", str(count)), f"characters-{size}")


def codec(order: Order) -> list[Stage]:
    """Components, then the decoder."""
    out = ("--out", str(order.out))
    return [
        characters(order, 128),
        characters(order, 256),
        Stage("codec", ("fit", "--data", order.characters(128), *out), "components"),
        Stage("codec", ("train", "--data", order.characters(256), *out, "--until", order.until)),
    ]


def fitted_codec(order: Order) -> list[Stage]:
    """A codec for these pictures and what it needs, unless one was given; its decoder gets a third of the time."""
    if order.codec is not None:
        return []
    *stages, train = codec(replace(order, out=order.work / "codec", prepared=order.work))
    third = (*train.arguments[:-1], f"+{order.minutes / 3:.2f}", "--every", "20")
    return [*stages, Stage("codec", third, "decoder")]


def latents(order: Order) -> list[Stage]:
    """Latents of the pictures."""
    made = ("--data", order.characters(128), "--codec", order.codec_folder, "--out", order.latents)
    return [*(fitted_codec(order) or [characters(order, 128)]), Stage("latents", made, "latents")]


def on_latents(order: Order) -> tuple[str, ...]:
    """Arguments of what trains on latents until the time is up."""
    return "--data", order.latents, "--out", str(order.out), "--until", order.until


def weights(order: Order, unet: Path, *defaults: str) -> Stage:
    """Denoiser, codec and text encoder in one folder."""
    parts = ("--unet", str(unet), "--codec", order.codec_folder, "--text", str(EMBEDDED / "text_encoder"))
    return Stage("assemble", (*parts, "--out", str(order.out / "weights"), *defaults), "weights", once=False)


def diffusion(order: Order) -> list[Stage]:
    """The denoiser on latents, then a folder that the text encoder and the codec have been added to."""
    shown = ("--codec", order.codec_folder, "--every", "30")
    train = Stage("diffusion", (*on_latents(order), *shown))
    return [*latents(order), train, weights(order, order.out, "--steps", "12", "--guidance", "3")]


def distil(order: Order) -> list[Stage]:
    """A teacher for as long as the student, its ways for half as long, and the student."""
    order = with_embedded_codec(order)
    teacher = order.work / "teacher"
    taught = ("--data", order.latents, "--weights", str(teacher / "unet"), "--out", str(order.out), "--until")
    student = order.out / "unet"
    return [
        *latents(order),
        Stage("diffusion", on_latents(replace(order, out=teacher, prepared=order.work)), "teacher"),
        Stage("diffusion", ("--out", str(teacher), "--export", str(teacher / "unet")), "teacher-weights"),
        Stage("distil", ("teach", *taught, f"+{order.minutes / 2:.2f}"), "ways"),
        Stage("distil", ("train", *taught, order.until)),
        Stage("distil", ("export", "--out", str(order.out), "--target", str(student)), "student", once=False),
        weights(order, student),
    ]


def gan(order: Order) -> list[Stage]:
    """Generator and critic on latents, then the generator's weights."""
    order = with_embedded_codec(order)
    export = ("export", "--run", str(order.out), "--data", order.latents, "--out", str(order.out / "weights"))
    return [
        *latents(order),
        Stage("gan", ("train", *on_latents(order), "--codec", order.codec_folder)),
        Stage("gan", export, "weights", once=False),
    ]


def tower(order: Order) -> list[Stage]:
    """What sees for the captioner and the dual encoder, for half as long as they get, on renders and other drawings."""
    drawings, out = str(order.work / "drawings"), str(order.work / "tower")
    minutes = ("--minutes", f"{order.minutes / 2:.2f}", *order.unseen)
    seen = ("--data", order.latents, "--drawings", drawings, "--codec", order.codec_folder, "--out", out)
    return [
        *latents(order),
        Stage("drawings", ("--out", drawings), "drawings"),
        Stage("tower", (*seen, *minutes), "tower"),
    ]


def clip(order: Order) -> list[Stage]:
    """The dual encoder on what the tower sees; it ends after its steps."""
    order = with_embedded_codec(order)
    seen = ("--data", order.latents, "--tower", str(order.work / "tower"), "--out", str(order.out))
    return [*tower(order), Stage("clip", (*seen, *order.unseen))]


def captioner(order: Order) -> list[Stage]:
    """The captioner on what the tower sees; its minutes are those of all its runs together."""
    order = with_embedded_codec(order)
    seen = ("--data", order.latents, "--drawings", str(order.work / "drawings"), "--codec", order.codec_folder)
    out = ("--tower", str(order.work / "tower"), "--out", str(order.out), "--minutes", f"{order.minutes:.2f}")
    return [*tower(order), Stage("captioner", (*seen, *out, *order.unseen))]


def upscaler(order: Order) -> list[Stage]:
    """The upscaler on large pictures, half of its inputs through the codec."""
    order = with_embedded_codec(order)
    out = ("--out", str(order.out))
    train = ("--data", order.characters(512), "--codec", order.codec_folder, *out, "--until", order.until)
    return [
        *fitted_codec(order),
        characters(order, 512),
        Stage("upscaler", train),
        Stage("upscaler", (*out, "--export", str(order.out / "weights")), "weights", once=False),
    ]


def judge(order: Order) -> list[Stage]:
    """The judge on latents of renders by the embedded codec, as the evaluation gives them to it."""
    order = with_embedded_codec(order)
    return [*latents(order), Stage("classifier", (*on_latents(order), *order.unseen))]


def tone(order: Order) -> list[Stage]:
    """A community's voice from a file of examples; it ends by itself."""
    if order.data is None or not order.data.is_file():
        raise Unusable("'tone' learns from a file of lines with a topic and a caption: --data FILE.jsonl")
    examples = ("--examples", str(order.data), "--out", str(order.out), "--data-dir", str(order.work))
    return [Stage("tone", examples)]


def text(order: Order) -> list[Stage]:
    """The text encoder's slots, on captions written by rules; it ends after its steps."""
    return [Stage("text", ("--out", str(order.out)))]


def screen(order: Order) -> list[Stage]:
    """The text screen, whose output is one file; it ends after its epochs."""
    return [Stage("safety.text", ("--out", str(order.out / "screen.safetensors")))]


class Unusable(ValueError):
    """An order that cannot be carried out, in one sentence."""


RECIPES: dict[str, Callable[[Order], list[Stage]]] = {
    "codec": codec,
    "diffusion": diffusion,
    "distil": distil,
    "gan": gan,
    "clip": clip,
    "captioner": captioner,
    "upscaler": upscaler,
    "tone": tone,
    "judge": judge,
    "text": text,
    "screen": screen,
}
OWN_PICTURES = ("codec", "diffusion", "distil", "gan", "upscaler")
"""Recipes that a folder of one's own can be given to; what the others learn from is written or rendered with labels."""


def run(recipe: str, order: Order, more: Sequence[str] = (), command: str = "") -> None:
    """Carry the order out; Unusable, BadFolder or another ValueError, in one sentence, where that cannot be."""
    from engines.training.card import write_card

    if recipe not in RECIPES:
        raise Unusable(f"There is no recipe '{recipe}'; there are {', '.join(RECIPES)}.")
    if order.data is not None and recipe not in (*OWN_PICTURES, "tone"):
        raise Unusable(f"'{recipe}' does not learn from a folder; these do: {', '.join(OWN_PICTURES)}.")
    end_of(order.until, datetime.datetime.now())  # before anything is written
    stages = RECIPES[recipe](order)
    own = [stage.name for stage in stages].index("")
    order.out.mkdir(parents=True, exist_ok=True)
    for index, stage in enumerate(stages):
        arguments = [*stage.arguments, *more] if index == own else list(stage.arguments)
        run_stage(order.work, stage, arguments, f"{index + 1}/{len(stages)}")
    card = write_card(
        order.out, recipe, command, [f"{PACKAGE}.{s.module} {shlex.join(s.arguments)}" for s in stages[:own]]
    )
    print(f"The model card is {card}.", flush=True)
    if (order.out / "weights" / "unet").is_dir():
        from engines.avatar.embedded import prepare

        pipeline = prepare(order.out, order.out / "weights").resolve()
        print(f"To draw with it: HUASHEN_PICTURE__MODEL={pipeline} huashen avatar 'a red robot'", flush=True)


def run_stage(work: Path, stage: Stage, arguments: list[str], place: str) -> None:
    """Run a stage's module in this process, unless the same stage is done with the same arguments."""
    module, done = f"{PACKAGE}.{stage.module}", work / f"{stage.name}.done"
    lasting = [a for a, before in zip(arguments, ["", *arguments], strict=False) if before not in TIMES]
    said = json.dumps([module, *lasting])
    if stage.name and stage.once and done.exists() and done.read_text(encoding="utf-8") == said:
        print(f"[{place}] {stage.name} is there already.", file=sys.stderr, flush=True)
        return
    print(f"[{place}] {module} {shlex.join(arguments)}", file=sys.stderr, flush=True)
    before, sys.argv = sys.argv, [module, *arguments]
    try:
        importlib.import_module(module).main()
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
