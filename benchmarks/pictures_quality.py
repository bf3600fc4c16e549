"""How well the embedded picture model follows prompts: accuracy beside the judge's ceiling and the commonest value.

    python -m benchmarks.pictures_quality [--count 200] [--words known|unknown|ordinary]

Renders fresh characters of combinations that training left out, asks for them in training's words, in words that
training left out, or in those of ordinary people, and lets the judge read the pictures.
Needs the `training` extra (`pip install -e .[training]`).
"""

import argparse
import tempfile
from pathlib import Path

import torch

from engines.avatar.embedded import prepare
from engines.training.data import CHUNK, render_chunk
from engines.training.evaluate import as_markdown, evaluate

JUDGE = Path(__file__).resolve().parent.parent / "engines" / "assets" / "judge"
UNSEEN_SEED = 2026
"""Characters drawn from this seed are in no training set."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="pictures to draw")
    parser.add_argument("--steps", type=int, help="instead of the model's own")
    parser.add_argument("--guidance", type=float, help="instead of the model's own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", choices=("known", "unknown", "ordinary"), default="known")
    parser.add_argument("--out", type=Path, help="keep evaluation and sample grid in this folder")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        options.renders, options.judge = folder / "renders", JUDGE
        options.out = options.out or folder
        options.renders.mkdir()
        options.out.mkdir(parents=True, exist_ok=True)
        options.pipeline = prepare(folder / "data")
        for index in range(-(-2 * options.count // CHUNK)):
            render_chunk(options.renders, index, 256, UNSEEN_SEED)
        print(as_markdown(evaluate(options)))


if __name__ == "__main__":
    main()
