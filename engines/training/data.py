"""Renders the training characters: `python -m engines.training.data --out DIR --size 128 --count 12000`.

Each chunk file holds 200 taken-apart characters; finished chunks are kept, so the command may be stopped and repeated,
and several processes may share the work (`--worker 0/2`, `--worker 1/2`).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from engines.training.attributes import Labels

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """One taken-apart character: planes (size, size, PLANES) uint8, its slots' attributes and colourless labels.

    A picture of one's own is all base: it has no slots (None), and its labels are complete.
    """

    planes: np.ndarray
    slots: tuple[str, ...] | None
    labels: Labels


def render_chunk(folder: Path, index: int, size: int, seed: int) -> None:
    """Render chunk `index` into `folder` unless it is there; the same seed and index draw the same characters."""
    from engines.training.forms import forms_of
    from engines.training.render import take_apart
    from engines.training.styles import draw

    target = folder / f"{index:04}.npy"
    if target.exists():
        return
    rng = random.Random(f"{seed}-{index}")
    characters = [draw(rng) for _ in range(CHUNK)]
    named = [(c, f"{seed}-{index}-{i}") for i, c in enumerate(characters)]
    planes = np.stack([take_apart(c, name, size) for c, name in named])
    facts = [{"slots": [slot for slot, _ in c.slots], "labels": c.labels | forms_of(c, name)} for c, name in named]
    write_chunk(folder, index, planes, facts)


def write_chunk(folder: Path, index: int, planes: np.ndarray, facts: list[dict[str, Any]]) -> None:
    """Write planes (B, size, size, PLANES) and what is known of each; the chunk counts when its last file is there."""
    target = folder / f"{index:04}.npy"
    target.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    partial = target.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, planes)
    partial.rename(target)


def read_chunks(folder: Path, limit: int | None = None, first: int = 0) -> Iterator[list[Drawn]]:
    """Read finished chunks in order, at most `limit` of them; planes are memory-mapped."""
    paths = sorted(folder.glob("*.npy"))[first:]
    for path in paths[:limit]:
        planes = np.load(path, mmap_mode="r", allow_pickle=False)
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield [Drawn(p, slots_of(f), f["labels"]) for p, f in zip(planes, facts, strict=True)]


def slots_of(facts: dict[str, Any]) -> tuple[str, ...] | None:
    """The slots of a character's facts; None for a picture of one's own."""
    return None if facts["slots"] is None else tuple(facts["slots"])


def main() -> None:
    """Render this worker's share of the chunks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=128, help="pixels a side")
    parser.add_argument("--count", type=int, default=12000, help="characters altogether")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", default="0/1", help="this worker / workers")
    options = parser.parse_args()
    worker, workers = (int(part) for part in options.worker.split("/"))
    options.out.mkdir(parents=True, exist_ok=True)
    indices = range(worker, -(-options.count // CHUNK), workers)
    for index in tqdm(indices, desc=f"characters at {options.size} px", unit="chunk", disable=None):
        render_chunk(options.out, index, options.size, options.seed)
        tqdm.write(f"chunk {index} of {options.out}")


if __name__ == "__main__":
    main()
