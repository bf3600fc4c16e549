"""Reads off a drawn character which form each of its parts has: `python -m engines.training.forms --data DIR --seed 1`
adds them to characters rendered before they were kept.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from dicebear import Avatar
from tqdm import tqdm

from engines.avatar.forms import ACCENT
from engines.training.attributes import Labels
from engines.training.render import style_of
from engines.training.styles import Character, draw

VARIANTS = {
    "topVariant": "form_top",
    "hairVariant": "form_top",
    "hatVariant": "form_hat",
    "headVariant": "form_body",
    "bodyVariant": "form_body",
    "sidesVariant": "form_sides",
    "textureVariant": "form_texture",
    "patternVariant": "form_texture",
    "cheeksVariant": "form_cheeks",
    "clothesVariant": "form_clothes",
    "mouthVariant": "form_mouth",
    "eyesVariant": "form_eyes",
    "eyebrowsVariant": "form_brows",
    "accessoriesVariant": "form_glasses",
    "glassesVariant": "form_glasses",
    "facialHairVariant": "form_beard",
    "beardVariant": "form_beard",
}
"""DiceBear's option -> part; what is left out has one form only."""
FRAMES = "accessoriesColor"
"""DiceBear's option of the colour of glasses; that of a monster's horns is drawn with the other colours."""
MIRRORED = "mirrored"
"""The only form of `form_mirrored`, which training chooses, not the library."""


def forms_of(character: Character, seed: str) -> Labels:
    """Part -> form, those that the library chose from `seed` included."""
    resolved: dict[str, Any] = Avatar(style_of(character.style), dict(character.options) | {"seed": seed}).to_json()
    chosen = resolved["options"]
    named = {part: f"{character.style} {chosen[name]}" for name, part in VARIANTS.items() if name in chosen}
    if FRAMES in chosen:
        named[ACCENT] = "".join(chosen[FRAMES])
    return {part: f"{part} {form}" for part, form in named.items()}


def main() -> None:
    """Add forms to the facts of every finished chunk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True, help="that it was rendered with")
    options = parser.parse_args()
    for path in tqdm(sorted(options.data.glob("*.json")), unit="chunk", disable=None):
        facts = json.loads(path.read_text(encoding="utf-8"))
        rng = random.Random(f"{options.seed}-{int(path.stem)}")
        for i, one in enumerate(facts):
            character = draw(rng)
            assert {k: v for k, v in one["labels"].items() if k in character.labels} == character.labels, path
            one["labels"] |= forms_of(character, f"{options.seed}-{int(path.stem)}-{i}")
        path.write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
