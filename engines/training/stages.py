"""What each recipe of the book does, stage by stage: which module is run with which arguments.

To add one: a function here that lists its stages, and its name in RECIPES.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engines.training.clock import end_of
from engines.training.data import CHUNK

COUNT = 2000
"""Characters that are rendered where nothing else is said: a minute or two on one core."""
SHARE = {128: 1, 256: 5, 512: 10}
"""Pixels a side -> the part of `count` that is rendered so large: what needs detail needs fewer pictures."""
EMBEDDED = Path(__file__).resolve().parent.parent / "assets" / "avatar"


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


def weights(order: Order, unet: Path, *defaults: str) -> list[Stage]:
    """Denoiser, codec and text encoder in one folder, with the examples that complete prompts for our characters."""
    parts = ("--unet", str(unet), "--codec", order.codec_folder, "--text", str(EMBEDDED / "text_encoder"))
    out = ("--out", str(order.out / "weights"))
    examples = [] if order.data is not None else [Stage("examples", (*out, "--count", "2000"), "examples", once=False)]
    return [*examples, Stage("assemble", (*parts, *out, *defaults), "weights", once=False)]


def diffusion(order: Order) -> list[Stage]:
    """The denoiser on latents, then a folder that the text encoder and the codec have been added to."""
    shown = ("--codec", order.codec_folder, "--every", "30")
    train = Stage("diffusion", (*on_latents(order), *shown))
    return [*latents(order), train, *weights(order, order.out, "--steps", "12", "--guidance", "3")]


def distil(order: Order) -> list[Stage]:
    """A denoiser for as long as its student, and the student, which needs four steps.

    Characters of ours come with every form named, so the student learns from them; of one's own pictures too much is
    left to guess, so a teacher draws guided ways first, for half as long.
    """
    order = with_embedded_codec(order)
    teacher = order.work / "teacher"
    told = ("--data", order.latents, "--weights", str(teacher / "unet"), "--out", str(order.out), "--until")
    train = ("train", *told, order.until, "--codec", order.codec_folder)
    student = order.out / "unet"
    taught = [Stage("distil", ("teach", *told, f"+{order.minutes / 2:.2f}"), "ways"), Stage("distil", train)]
    return [
        *latents(order),
        Stage("diffusion", on_latents(replace(order, out=teacher, prepared=order.work)), "teacher"),
        Stage("diffusion", ("--out", str(teacher), "--export", str(teacher / "unet")), "teacher-weights"),
        *([Stage("distil", (*train, "--straight"))] if order.data is None else taught),
        Stage("distil", ("export", "--out", str(order.out), "--target", str(student)), "student", once=False),
        *weights(order, student),
    ]


def finish(order: Order) -> list[Stage]:
    """The embedded model's decoder and upscaler on what its denoiser draws, against critics of pixels."""
    out = ("--out", str(order.out))
    train = ("train", "--data", order.characters(512), "--assets", str(EMBEDDED), *out, "--until", order.until)
    export = ("export", "--assets", str(EMBEDDED), *out, "--target", str(order.out / "weights"))
    return [characters(order, 512), Stage("finish", train), Stage("finish", export, "weights", once=False)]


def gan(order: Order) -> list[Stage]:
    """Generator and critic on latents, then the generator's weights."""
    order = with_embedded_codec(order)
    export = ("export", "--run", str(order.out), "--out", str(order.out / "weights"))
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
    "finish": finish,
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
