"""Chooses the examples that complete prompts: `python -m engines.training.examples --out engines/assets/avatar`.

What members get who ask for little is drawn from these characters, so they are chosen as people would like them: hair
of natural colours unless one asks, nothing that melts into its background, friendly faces more often than angry ones,
and seldom glasses or a dirty robot. What is asked for goes before all of this: the rarest wish has its examples too.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from engines.avatar.completion import FILE, INTO_SKIN, write_examples
from engines.avatar.forms import ACCENT, FORMS
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.conditions import with_accent
from engines.training.forms import MIRRORED, forms_of
from engines.training.render import draw_colours
from engines.training.styles import draw

NATURAL, NATURAL_OLD = ("black", "brown", "blonde", "red"), ("gray", "white")
FRIENDLY = ("smile", "laugh", "wink", "love", "neutral")
TASTE = {"pixel": 0.5, "robot": 0.7, "monster": 0.55}
"""Share of a style's characters that is kept: who asks for nothing gets a person twice as often as anything else."""
PALE_FRAMES = {f"{ACCENT} {colour}" for colour in ("#e6e6e6", "#ff5c5c", "#5199e4")}
"""Glasses that the denoiser draws as if one saw through them."""
SELDOM = 0.05
"""Share of what is to be rarer that is kept all the same."""
ALIKE = ({"white", "gray"}, {"red", "pink", "orange"}, {"blue", "teal"}, {"teal", "green"}, {"yellow", "orange"},
         {"black", "gray"}, {"purple", "pink"}, {"brown", "orange"}, {"blonde", "yellow"})  # fmt: skip
"""Colours, by their names, that are hard to tell from each other side by side."""


def close(first: str | None, second: str | None) -> bool:
    """Whether one colour would melt into the other."""
    return first is not None and (first == second or any({first, second} <= pair for pair in ALIKE))


def is_pleasing(labels: Labels, rng: random.Random) -> bool:
    """Whether to keep a character, partly by chance."""
    seldom = rng.random() >= SELDOM
    if seldom and (labels.get("glasses", "none") != "none" or labels["background"] == "black"):
        return False
    natural = NATURAL_OLD if labels.get("age") == "old" else NATURAL
    if seldom and labels.get("hair_colour", natural[0]) not in natural:
        return False
    if seldom and labels["expression"] not in FRIENDLY:
        return False
    if labels.get("facial_hair", "none") != "none" and labels["hair_colour"] in INTO_SKIN.get(labels["skin"], ()):
        return False
    if rng.random() >= TASTE.get(labels["style"], 1.0):
        return False
    around = labels["background"]
    inner = [labels.get(name) for name in ("clothes", "hair_colour", "hat_colour", "colour")]
    if any(close(colour, around) for colour in (*inner, labels.get(ACCENT, "").removeprefix(f"{ACCENT} "))):
        return False
    return not close(labels.get("hat_colour") or labels.get("hair_colour"), labels.get("clothes")) or not seldom


def draw_examples(count: int, rng: random.Random) -> tuple[Tensor, Tensor, list[str]]:
    """Labels (count, attributes) and forms (count, FORMS) of pleasing characters, and the names of forms.

    Labels are indices into values, the last one for 'does not apply'; forms are indices into the names, 0 for none.
    """
    rows: list[list[int]] = []
    forms: list[list[str]] = []
    while len(rows) < count:
        character = draw(rng)
        if character.style == "robot" and rng.random() >= SELDOM:
            character = replace(character, options={**character.options, "textureProbability": 0})
        labels, _ = draw_colours(character.labels, tuple(name for name, _ in character.slots), rng)
        if not is_pleasing(labels, rng):
            continue
        shown = labels | forms_of(character, f"example-{len(rows)}")
        if shown.get(ACCENT) in PALE_FRAMES:
            continue
        told = with_accent(labels)
        rows.append([v.index(told[n]) if n in told else len(v) for n, v in ATTRIBUTES.items()])
        if rng.random() < 0.5:
            shown["form_mirrored"] = MIRRORED
        forms.append([shown.get(part, "") for part in FORMS])
    names = ["", *sorted({form for row in forms for form in row} - {""})]
    numbers = {name: number for number, name in enumerate(names)}
    chosen = [[numbers[form] for form in row] for row in forms]
    return torch.tensor(rows, dtype=torch.uint8), torch.tensor(chosen, dtype=torch.int16), names


def main() -> None:
    """Write the examples beside the networks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    parser.add_argument("--count", type=int, default=8000)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write_examples(options.out / FILE, *draw_examples(options.count, random.Random(0)))


if __name__ == "__main__":
    main()
