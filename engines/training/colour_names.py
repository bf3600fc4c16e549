"""Names of colours as people give them, sorted under the values of a palette.

The names and what they mean come from the xkcd colour survey (Munroe 2010, released as CC0), in which visitors named
random colours five million times. They teach the text slots how colour words in general map to colours, so that a word
never met in a caption lands close to where it belongs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SURVEY = Path(__file__).with_name("xkcd_colours.tsv")
HUE = 20.0
"""Degrees of hue that count as much as LIGHTNESS."""
LIGHTNESS = 0.35
NEAR = 0.95
"""The largest such distance at which a name still belongs to a value: beyond, nothing of the palette is meant."""
CLEAR = 0.6
"""How much nearer the best value must be than the second: between them, people would not agree either."""
COLOURLESS = 0.025
"""OKLab chroma below which a colour is a gray."""
COLOURFUL = 0.065
"""OKLab chroma above which nobody would call a colour gray."""
NOT_MEANT = (
    "brown", "beige", "tan", "taupe", "khaki", "sand", "sandy", "buff", "putty", "bruise", "camel", "fawn", "mud",
    "dirt", "poo", "poop", "puke", "vomit", "snot", "booger", "bile", "barf", "shit", "diarrhea", "piss",
    "milk", "cocoa",
)  # fmt: skip
"""Words of names that no palette has a value for, and of jokes."""


def survey() -> dict[str, str]:
    """Name -> hex colour."""
    rows = (line.split("\t") for line in SURVEY.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: colour for name, colour in rows if not any(word in NOT_MEANT for word in name.split())}


def oklch(colours: Sequence[str]) -> NDArray[np.float64]:
    """Hex colours as lightness, chroma and hue in degrees (N, 3) of OKLab (Ottosson 2020)."""
    srgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    cones = linear @ np.array(
        [[0.4122214708, 0.2119034982, 0.0883024619],
         [0.5363325363, 0.6806995451, 0.2817188376],
         [0.0514459929, 0.1073969566, 0.6299787005]]
    )  # fmt: skip
    lightness, a, b = (
        np.cbrt(cones) @ np.array(
            [[0.2104542553, 1.9779984951, 0.0259040371],
             [0.7936177850, -2.4285922050, 0.7827717662],
             [-0.0040720468, 0.4505937099, -0.8086757660]]
        )
    ).T  # fmt: skip
    return np.stack([lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a))], axis=1)


def _value_of(place: NDArray[np.float64], hues: Mapping[str, NDArray[np.float64]]) -> str | None:
    """The value that people would give to a colour, or None where they would not agree."""
    lightness, chroma, _ = place
    if chroma < COLOURLESS:
        grays = (("black", 0.0, 0.35), ("gray", 0.5, 0.82), ("white", 0.93, 1.01))
        return next((value for value, low, high in grays if low <= lightness < high), None)
    if chroma < COLOURFUL:
        return None
    distances = {}
    for value, places in hues.items():
        turn = np.abs((places[:, 2] - place[2] + 180) % 360 - 180) / HUE
        distances[value] = float(np.hypot(turn, (places[:, 0] - lightness) / LIGHTNESS).min())
    (best, first), (_, second) = sorted(distances.items(), key=lambda item: item[1])[:2]
    return best if first < NEAR and first < CLEAR * second else None


def names_of(palette: Mapping[str, Sequence[str]], held_out: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Value -> names that clearly mean it; none that contains a held-out word or another value's name."""
    places = {value: oklch(colours) for value, colours in palette.items()}
    hues = {value: place for value, place in places.items() if (place[:, 1] > COLOURFUL).all()}
    found: dict[str, list[str]] = {value: [] for value in palette}
    names = survey()
    for name, place in zip(names, oklch(list(names.values())), strict=True):
        parts = name.replace("-", " ").replace("/", " ").replace("grey", "gray").split()
        said = [value for value in palette if value in parts]
        value = _value_of(place, hues)
        if value and said in ([], [value]) and not set(parts) & set(held_out):
            found[value].append(name)
    return {value: tuple(names) for value, names in found.items()}
