"""What the picture model is asked for, as the captions that its text encoder learned from: ordinary, all of them.

Most prompts are such descriptions, and a screen that never saw one took 'light-skinned' or 'a pixel man, winking' for
something bad in a tenth of them. `python -m engines.training.safety.characters` prints those that it is measured on.
"""

from __future__ import annotations

import random

from engines.training.captions import write
from engines.training.render import draw_colours
from engines.training.styles import draw

MEASURED = 300


def describe(count: int, rng: random.Random, held_out: float = 0.0) -> list[str]:
    """Descriptions of characters drawn by chance; `held_out` is the share of words that training never uses."""
    texts = []
    for _ in range(count):
        character = draw(rng)
        labels, _ = draw_colours(character.labels, tuple(slot for slot, _ in character.slots), rng)
        texts.append(write(labels, rng, held_out).text)
    return texts


def main() -> None:
    """Print descriptions with words that training never uses, one a line."""
    print("\n".join(describe(MEASURED, random.Random(1), 0.5)))


if __name__ == "__main__":
    main()
