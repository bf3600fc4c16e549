"""Takes a character apart into parts that any colours can be poured into later.

A vector drawing is linear in its fill colours: pixel = base + sum_slot W_slot * colour_slot + (1 - alpha) * background,
with one weight W in 0..1 per pixel and slot. Rendering with all free colours black gives `base`; rendering with three
slots in pure red, green and blue gives three weights at once. Two or three renders so stand for every colouring.
"""

from __future__ import annotations

import io
import json
import random
import re
from functools import cache
from importlib.resources import files

import numpy as np
import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from engines.avatar.forms import ACCENT
from engines.training.attributes import HAIR_COLOURS, PALETTES, Labels, is_held_out
from engines.training.own_parts import OWN_PARTS
from engines.training.styles import STYLE_NAMES, Character

SLOTS = 4
PLANES = 3 + SLOTS + 1
"""Planes of a taken-apart character: base RGB, one weight per slot, 1 - alpha; all 0..255 as uint8."""

_BLACK = "#000000"
_MARKS = ("#ff0000", "#00ff00", "#0000ff")


@cache
def style_of(name: str) -> Style:
    """One of DiceBear's styles, by our name for it, with the parts that it lacks."""
    style = json.loads(files("dicebear_styles").joinpath(f"{STYLE_NAMES[name]}.json").read_text("utf-8"))
    for component, variants in OWN_PARTS.get(name, {}).items():
        added = {variant: {"elements": elements} for variant, elements in variants.items()}
        style["components"][component]["variants"] |= added
    return Style(style)


def _white_masks(svg: str) -> str:
    """Fill masks white: pixel-art's beards are masked by the hair colour's luminance, which is not linear in it."""
    whiten = lambda m: re.sub(r'fill="#[0-9a-fA-F]{6}"', 'fill="#ffffff"', m.group(0))  # noqa: E731
    return re.sub(r"<mask.*?</mask>", whiten, svg, flags=re.DOTALL)


def _premultiplied(character: Character, colours: dict[str, str], seed: str, size: int) -> np.ndarray:
    options = dict(character.options) | {"seed": seed, "backgroundColor": []}
    for attribute, names in character.slots:
        options |= {name: [colours.get(attribute, _BLACK)] for name in names}
    svg = _white_masks(str(Avatar(style_of(character.style), options)))
    png = resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    rgba = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=np.float32)
    return np.concatenate([rgba[..., :3] * (rgba[..., 3:] / 255), rgba[..., 3:]], axis=-1)


def take_apart(character: Character, seed: str, size: int) -> np.ndarray:
    """Render a character into (size, size, PLANES) uint8 planes, ready for `tint`."""
    base = _premultiplied(character, {}, seed, size)
    planes = np.zeros((size, size, PLANES), dtype=np.float32)
    planes[..., :3] = base[..., :3]
    planes[..., -1] = 255 - base[..., 3]
    attributes = [attribute for attribute, _ in character.slots]
    for first in range(0, len(attributes), 3):
        group = attributes[first : first + 3]
        marked = _premultiplied(character, dict(zip(group, _MARKS, strict=False)), seed, size)
        planes[..., 3 + first : 3 + first + len(group)] = (marked - base)[..., : len(group)]
    return np.clip(np.rint(planes), 0, 255).astype(np.uint8)


def tint(planes: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Pour colours (SLOTS + 1, 3) in 0..1, background last, into planes (H, W, PLANES): (H, W, 3) float in 0..1."""
    parts = planes.astype(np.float32) / 255
    return np.clip(parts[..., :3] + parts[..., 3:] @ colours.astype(np.float32), 0, 1)


def hex_to_rgb(text: str) -> np.ndarray:
    """'#rrggbb' as three floats in 0..1."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255


def draw_colours(
    labels: Labels, slots: tuple[str, ...] | None, rng: random.Random, held_out: bool = False, jitter: float = 0.012
) -> tuple[Labels, np.ndarray]:
    """Draw a colour for each slot and the background, from inside (or outside) the training combinations.

    No accent melts into the background: nobody sees horns there, and none would be asked for.

    Returns the completed labels and colours (SLOTS + 1, 3) in 0..1 with a little Gaussian jitter; where there are no
    slots, the labels as they are and black.
    """
    if slots is None:
        return dict(labels), np.zeros((SLOTS + 1, 3), dtype=np.float32)
    while True:
        named, colours = dict(labels), np.zeros((SLOTS + 1, 3), dtype=np.float32)
        for i, slot in enumerate((*slots, "background")):
            name = _draw_name(slot, named, rng)
            palette = PALETTES["colour" if slot == "accent" else slot]
            colours[SLOTS if slot == "background" else i] = hex_to_rgb(rng.choice(palette[name]))
            if slot == "accent":
                named[ACCENT] = f"{ACCENT} {name}"
            elif slot != "hair_colour" or _hair_shows(named):
                named[slot] = name
        melting = named.get(ACCENT) == f"{ACCENT} {named['background']}"
        if is_held_out(named) == held_out and not melting:
            break
    noise = np.array([[rng.gauss(0, jitter) for _ in range(3)] for _ in range(SLOTS + 1)], dtype=np.float32)
    return named, np.clip(colours + noise, 0, 1)


def _draw_name(slot: str, labels: Labels, rng: random.Random) -> str:
    if slot == "hair_colour":
        age = labels.get("age")
        if age == "old" and rng.random() < 0.7:
            return rng.choice(("gray", "white"))
        natural = ("black", "brown", "blonde", "red")
        return rng.choice(natural if age == "young" and rng.random() < 0.6 else tuple(HAIR_COLOURS))
    return rng.choice(tuple(PALETTES["colour" if slot == "accent" else slot]))


def _hair_shows(labels: Labels) -> bool:
    return labels["hair"] not in ("bald", "hat", "scarf", "turban") or labels["facial_hair"] != "none"
