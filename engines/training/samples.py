"""Draws the grid of 24 samples on the model card: `python -m engines.training.samples --pipeline FOLDER --out FILE`.

Prompts and seeds are fixed, in ordinary words, and every picture is shown, at the size that members get.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from engines.avatar.upscaler import enlarge, load_upscaler
from engines.training.evaluate import defaults, examples_of, generate, grid, load_pipeline

FIRST_SEED = 100
PROMPTS = (
    "ginger grandma in specs, grinning",
    "black guy with shades, orange backdrop",
    "bald man, thick beard, blue shirt",
    "a happy green robot with an antenna",
    "pink monster with three eyes",
    "pixel art woman with long blonde hair",
    "an old man with a white beard and a red jacket",
    "smiling woman with a black afro on a yellow background",
    "a sad girl with blue hair in a green hoodie",
    "purple alien with horns, teal background",
    "red robot with heart eyes on a white background",
    "8-bit boy with brown hair and sunglasses",
    "woman in a purple hijab, glasses, pink background",
    "angry man with a moustache and a gray suit",
    "surprised kid with curly red hair",
    "yellow robot with a light bulb, blue background",
    "blue one-eyed creature with ears, laughing",
    "pixel guy with a beard and a red hat",
    "dark-skinned woman with a bun and orange overalls",
    "a man in a turban with a black beard, green background",
    "pale lady with pink bob, black top, purple backdrop",
    "orange blob with a leaf on its head",
    "gray robot with a visor and horns, red background",
    "dude with dreadlocks winking",
)


def main() -> None:
    """Draw the grid, and list the prompts as they lie in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, help="instead of the model's own")
    parser.add_argument("--guidance", type=float, help="instead of the model's own")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pipeline = load_pipeline(options.pipeline)
    examples = examples_of(options.pipeline, pipeline)
    pictures = generate(pipeline, list(PROMPTS), FIRST_SEED, *defaults(options), examples)
    upscaler = load_upscaler(options.pipeline / "upscaler", torch.device("cpu"), pipeline.dtype)
    larger = torch.cat([enlarge(upscaler, picture[None] * 2 - 1) for picture in pictures])
    grid((larger + 1) / 2, 6).save(options.out, quality=90, method=6)
    for first in range(0, len(PROMPTS), 6):
        print(f"{first // 6 + 1}. {' · '.join(PROMPTS[first : first + 6])}")


if __name__ == "__main__":
    main()
