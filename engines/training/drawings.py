"""Drawings that are no avatar of ours, with labels: `python -m engines.training.drawings --out DIR`.

DiceBear's other CC0 styles, shapes, gradients, patterns of noise and cards of text. Some styles are kept for the test.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import resvg_py
from dicebear import Avatar, Style
from PIL import Image, ImageDraw, ImageFont

from engines.training.attributes import COLOURS, Labels

SIZE = 128
STYLES: dict[str, tuple[str, ...]] = {
    "a drawing of a face": ("cameo", "cutouts", "line-face", "lorelei-neutral", "marbles", "notionists-neutral"),
    "a drawing of a person": ("lorelei", "notionists", "voxel-art"),
    "a drawing of a little creature": ("clay", "gaze"),
    "a drawing of a plant in a pot": ("sprouts",),
    "a drawing of stars": ("constellation",),
    "a drawing of a landscape": ("landscape",),
    "a face of dots": ("pixelbot",),
    "a drawing of stacked shapes": ("stack", "slice"),
    "an abstract drawing": ("blobs", "rings", "shapes", "squircles", "shape-grid"),
    "a pattern": ("disco", "identicon", "loops", "patchwork", "stripes", "weave"),
    "a soft gradient": ("glass",),
}
"""What it is called -> DiceBear styles drawn for training."""
KEPT: dict[str, tuple[str, ...]] = {
    "a drawing of a face": ("moods", "thumbs"),
    "a drawing of a person": ("open-peeps", "shadows"),
    "a drawing of a planet": ("planets",),
    "a drawing of a robot": ("voxel-bot",),
    "an abstract drawing": ("waves",),
    "a pattern": ("triangles",),
}
"""Styles that are only drawn for the test."""
SHAPES = ("circle", "square", "triangle", "star", "heart", "ring")
COUNTS = ("one", "two", "three")
PLAIN = ("shapes", "a soft gradient", "a card with text on it", "nothing but noise")
DRAWINGS = tuple(dict.fromkeys([*STYLES, *PLAIN]))
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "drawing": DRAWINGS,
    "shape": SHAPES,
    "count": COUNTS,
    "shape_colour": tuple(COLOURS),
}
"""What can be said of a drawing, beside its background."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of SIZE pixels and its labels."""

    picture: Image.Image
    labels: Labels


@cache
def _style(name: str) -> Style:
    return Style(json.loads(files("dicebear_styles").joinpath(f"{name}.json").read_text("utf-8")))


def draw_style(style: str, seed: str) -> Image.Image:
    """One drawing of a DiceBear style on its own background, on white where it has none."""
    svg = str(Avatar(_style(style), {"seed": seed}))
    png = resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE, skip_system_fonts=True)
    drawn = Image.open(io.BytesIO(png)).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")


def draw_shape(rng: random.Random) -> Drawing:
    """One to three equal shapes of one colour on another."""
    front, back = rng.sample(list(COLOURS), 2)
    shape, count = rng.choice(SHAPES), rng.choice((1, 1, 2, 3))
    large = Image.new("RGB", (4 * SIZE, 4 * SIZE), rng.choice(COLOURS[back]))
    pen, colour = ImageDraw.Draw(large), rng.choice(COLOURS[front])
    cell = 4 * SIZE // count
    for index in range(count):
        radius = cell * rng.uniform(0.28, 0.42)
        across = cell * (index + 0.5) + rng.uniform(-0.04, 0.04) * cell
        down = 2 * SIZE + rng.uniform(-0.1, 0.1) * (4 * SIZE - 2 * radius)
        _draw_one(pen, shape, across, down, radius, colour, rng)
    labels = {"drawing": "shapes", "shape": shape, "count": COUNTS[count - 1], "shape_colour": front}
    return Drawing(large.resize((SIZE, SIZE), Image.Resampling.BOX), labels | {"background": back})


def _draw_one(
    pen: ImageDraw.ImageDraw, shape: str, x: float, y: float, radius: float, colour: str, rng: random.Random
) -> None:
    box = (x - radius, y - radius, x + radius, y + radius)
    if shape == "circle":
        pen.ellipse(box, fill=colour)
    elif shape == "ring":
        pen.ellipse(box, outline=colour, width=int(radius * rng.uniform(0.2, 0.45)))
    elif shape == "square":
        pen.rectangle(box, fill=colour)
    elif shape == "heart":
        turn = np.linspace(0, 2 * np.pi, 60)
        across = 16 * np.sin(turn) ** 3
        up = 13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)
        pen.polygon([(x + a * radius / 17, y - u * radius / 17) for a, u in zip(across, up, strict=True)], fill=colour)
    else:
        points = 3 if shape == "triangle" else 10
        angle = np.arange(points) * 2 * np.pi / points - np.pi / 2
        reach = radius * (np.where(np.arange(points) % 2, 0.42, 1.0) if shape == "star" else np.ones(points))
        pen.polygon([(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angle, reach, strict=True)], fill=colour)


def draw_gradient(rng: random.Random) -> Drawing:
    """A straight or round gradient between two colours."""
    first, second = (np.array(_rgb(rng.choice(COLOURS[name])), dtype=float) for name in rng.sample(list(COLOURS), 2))
    down, across = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1)
    angle = rng.uniform(0, 2 * np.pi)
    straight = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
    place = straight if rng.random() < 0.7 else np.hypot(across - rng.random(), down - rng.random())
    place = (place - place.min()) / np.ptp(place)
    pixels = first + (second - first) * place[..., None]
    return Drawing(Image.fromarray(pixels.round().astype(np.uint8)), {"drawing": "a soft gradient"})


def draw_text(rng: random.Random) -> Drawing:
    """A card with some lines of letters on it."""
    front, back = rng.sample(list(COLOURS), 2)
    card = Image.new("RGB", (2 * SIZE, 2 * SIZE), rng.choice(COLOURS[back]))
    pen, height = ImageDraw.Draw(card), rng.choice((14, 20, 28, 44))
    font, colour, top = ImageFont.load_default(height), rng.choice(COLOURS[front]), rng.randrange(4, 60)
    for line in range(rng.randint(1, 8)):
        words = " ".join("".join(rng.choices("abcdefghiklmnoprstuvwyAEIMNST", k=rng.randint(2, 8))) for _ in range(5))
        pen.text((rng.randrange(4, 40), top + line * height * 1.4), words[: 400 // height], fill=colour, font=font)
    return Drawing(card.resize((SIZE, SIZE), Image.Resampling.BOX), {"drawing": "a card with text on it"})


def draw_noise(rng: random.Random) -> Drawing:
    """Noise whose power falls with frequency, coarse or fine, grey or coloured; it shows nothing."""
    made = np.random.default_rng(rng.randrange(2**32))
    spectrum = np.fft.rfft2(made.standard_normal((3 if rng.random() < 0.7 else 1, SIZE, SIZE)))
    frequency = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None])
    frequency[0, 0] = 1
    field = np.fft.irfft2(spectrum / frequency ** rng.uniform(0, 1.6), s=(SIZE, SIZE))
    field = (field - field.mean()) / (field.std() + 1e-9) * rng.uniform(20, 60) + rng.uniform(70, 190)
    pixels = np.broadcast_to(field, (3, SIZE, SIZE)).clip(0, 255).astype(np.uint8)
    return Drawing(Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))), {"drawing": "nothing but noise"})


def draw_plain(rng: random.Random) -> Drawing:
    """One of the drawings that need no DiceBear."""
    draw = rng.choices((draw_shape, draw_gradient, draw_text, draw_noise), (6, 2, 2, 2))[0]
    return draw(rng)


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def main() -> None:
    """Render `each` drawings of every style into train.npz and test.npz: pixels (N, SIZE, SIZE, 3) and texts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--each", type=int, default=60, help="drawings of a style")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table, each in (("train", STYLES, options.each), ("test", KEPT, max(options.each // 2, 1))):
        found = [(style, text) for text, styles in table.items() for style in styles]
        drawn = [(draw_style(style, f"{name}-{i}"), text) for style, text in found for i in range(each)]
        pixels = np.stack([np.asarray(picture) for picture, _ in drawn])
        np.savez(options.out / f"{name}.npz", pixels=pixels, texts=np.array([text for _, text in drawn]))
        print(f"{len(drawn)} drawings of {len(found)} styles: {name}", flush=True)


if __name__ == "__main__":
    main()
