"""What a picture's pixels alone say of its colours: its background by the border, and what it is mostly made of.

Colours are compared in CIELAB, where a distance of 10 is plain to see; skin is found by the chroma box of Chai and Ngan
(1999). Nothing here recognises a face: what is not plain in the numbers is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image

COLOURS = {
    "white": "#fbfbfb", "gray": "#999fa5", "black": "#26292f", "blue": "#3f86ea", "teal": "#34c2b8", "green": "#48be5c",
    "yellow": "#ffdc5a", "orange": "#fa9334", "red": "#df4144", "pink": "#ffa7c9", "purple": "#9364e6",
}  # fmt: skip
"""The middle of what the picture model draws under each name."""
SKINS = {"pale": "#ffdfc0", "light": "#efc196", "tan": "#d4965f", "brown": "#af6734", "dark": "#624029"}
HAIR = {"black": "#241a17", "brown": "#6b4030", "blonde": "#e4c270", "red": "#c2350f", "gray": "#939599"}
SIZE = 64
TONE = 10.0
"""Distance from the middle of a skin tone within which the picture's counts as that tone."""
PLAIN = 18.0
"""Distance within which a border is of one colour."""


def background(picture: Image.Image) -> str | None:
    """The name of the border's colour where two thirds of it have one."""
    pixels = _lab(picture)
    border = np.concatenate(
        [pixels[:4].reshape(-1, 3), pixels[:44, :4].reshape(-1, 3), pixels[:44, -4:].reshape(-1, 3)]
    )
    middle = np.median(border, axis=0)
    alike = np.linalg.norm(border - middle, axis=1) < PLAIN
    return _nearest(middle, COLOURS)[0] if alike.mean() > 0.66 else None


def mostly(picture: Image.Image) -> list[str]:
    """The one or two colours that cover most of the picture, the larger first."""
    pixels = _lab(picture).reshape(-1, 3)
    names = list(COLOURS)
    reach = np.linalg.norm(pixels[:, None] - np.array([_lab_of(value) for value in COLOURS.values()]), axis=2)
    shares = np.bincount(reach.argmin(1), minlength=len(names)) / len(pixels)
    order = np.argsort(-shares)[:2]
    return [names[index] for index in order if shares[index] > 0.25 or index == order[0]]


def skin_and_hair(picture: Image.Image) -> dict[str, str]:
    """Skin, and hair where it lies above it, if the middle of the picture is skin-coloured; else nothing."""
    luma, blue, red = np.moveaxis(np.asarray(_small(picture).convert("YCbCr"), dtype=float), 2, 0)
    skin = (blue > 77) & (blue < 127) & (red > 133) & (red < 173) & (luma > 40)
    middle = np.zeros_like(skin)
    middle[16:44, 22:42] = True
    if skin[middle].mean() < 0.6 or skin.mean() > 0.6:  # a wall of wood is of that colour too
        return {}
    lab = _lab(picture)
    tone, distance = _nearest(np.median(lab[skin & middle], axis=0), SKINS)
    if distance > TONE:
        return {}
    found = {"skin": tone}
    faces = (skin & (np.abs(np.arange(SIZE) - 31.5) < 8)).sum(1) > 6  # rows with skin in their middle
    top = 30
    while top and faces[top - 1]:
        top -= 1
    above = lab[max(top - 8, 0) : top, 24:40].reshape(-1, 3)
    if faces[30] and len(above):
        colour = np.median(above, axis=0)
        edge = np.median(lab[:4].reshape(-1, 3), axis=0)
        name, distance = _nearest(colour, HAIR)
        if distance < 22 and np.linalg.norm(colour - edge) > PLAIN:
            found["hair_colour"] = name
    return found


def _nearest(colour: np.ndarray, names: Mapping[str, str]) -> tuple[str, float]:
    reach = {name: float(np.linalg.norm(colour - _lab_of(value))) for name, value in names.items()}
    name = min(reach, key=lambda one: reach[one])
    return name, reach[name]


def _small(picture: Image.Image) -> Image.Image:
    """The centred square, as every reader here sees it."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.resize((SIZE, SIZE), Image.Resampling.BOX, (left, top, left + side, top + side))


def _lab(picture: Image.Image) -> np.ndarray:
    """CIELAB (64, 64, 3), D65."""
    return _to_lab(np.asarray(_small(picture), dtype=float) / 255)


def _lab_of(text: str) -> np.ndarray:
    return _to_lab(np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255)


def _to_lab(rgb: np.ndarray) -> np.ndarray:
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
