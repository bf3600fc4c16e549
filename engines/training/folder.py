"""Reads a folder of one's own pictures and captions into the chunks that the recipes train on.

    python -m engines.training.folder --data FOLDER --out DIR --size 128

A caption lies in a .txt file of the picture's name, or in a metadata.jsonl of {"file_name", "text"} lines, as Hugging
Face's imagefolder has it. The text encoder's slots read each caption, so what a caption says in other words than the
slots know conditions nothing. The first chunk, one picture in ten, is what the recipes keep for their test.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tqdm import tqdm

from engines.avatar.embedded import ASSETS
from engines.avatar.text_encoder import LATIN, SURE
from engines.contract import InvalidInput
from engines.pictures import crop_to, open_picture
from engines.training.attributes import CAPTION, Labels
from engines.training.data import CHUNK, write_chunk
from engines.training.render import PLANES
from engines.training.text import build_encoder

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
METADATA = "metadata.jsonl"
CAPTION_KEYS = ("text", "caption", "prompt")
LEAST = 10
"""Pictures: below that a batch cannot be drawn, and nothing can be learned."""
TEST = 48
"""Largest number of pictures kept for the test."""


class BadFolder(ValueError):
    """A folder that cannot be trained on, in one sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture's file and its caption."""

    path: Path
    caption: str


def read_pairs(folder: Path) -> list[Pair]:
    """Every picture of the folder with its caption, by name; BadFolder where one is missing or there are too few."""
    if not folder.is_dir():
        raise BadFolder(f"{folder} is not a folder.")
    listed = folder / METADATA
    pairs = list(_listed(folder, listed) if listed.exists() else _beside(folder))
    if not pairs:
        raise BadFolder(f"{folder} holds no pictures ({', '.join(SUFFIXES)}).")
    if len(pairs) < LEAST:
        raise BadFolder(f"{folder} holds {len(pairs)} pictures; at least {LEAST} are needed.")
    return sorted(pairs, key=lambda pair: pair.path)


def _beside(folder: Path) -> Iterator[Pair]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in SUFFIXES:
            text = path.with_suffix(".txt")
            if not text.is_file():
                raise BadFolder(f"{path} has no caption: {text.name} is missing beside it.")
            yield Pair(path, _caption(_text(text), str(text)))


def _listed(folder: Path, listed: Path) -> Iterator[Pair]:
    for number, line in enumerate(_text(listed).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{listed}, line {number}"
        try:
            entry = json.loads(line)
            name, words = entry["file_name"], next((entry[key] for key in CAPTION_KEYS if entry.get(key)), "")
            path = folder / name
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BadFolder(f'{where} is not a JSON object with "file_name" and "text".') from None
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise BadFolder(f"{where} names {name}, which is not in the folder.")
        yield Pair(path, _caption(words, where))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadFolder(f"{path} is not text in UTF-8.") from None


def _caption(words: object, where: str) -> str:
    caption = " ".join(words.split()) if isinstance(words, str) else ""
    if not caption:
        raise BadFolder(f"{where} holds no caption.")
    return caption


def read_picture(path: Path, size: int) -> np.ndarray:
    """The picture's middle square as (size, size, 3) bytes; BadFolder for what is no picture, damaged, or a bomb."""
    try:
        return np.asarray(crop_to(open_picture(path.read_bytes()), size, size))
    except InvalidInput as error:
        raise BadFolder(f"{path}: {error}") from None
    except OSError as error:
        raise BadFolder(f"{path} cannot be read: {error.strerror}.") from None


@torch.no_grad()
def understand(captions: list[str]) -> list[Labels]:
    """What the embedded text encoder is sure to read in each caption: the labels that condition its picture."""
    encoder, tokenizer = build_encoder()
    encoder.reader.load_state_dict(load_file(ASSETS / "text_encoder" / "reader.safetensors"))
    labels: list[Labels] = []
    for first in range(0, len(captions), 50):
        some = captions[first : first + 50]
        ids = tokenizer(some, padding=True, truncation=True, return_tensors="pt").input_ids
        for caption, read in zip(some, encoder.understand(ids), strict=True):
            sure = {k: v for k, v in read.values.items() if read.probabilities[k] > SURE}
            labels.append(sure if LATIN.search(caption) else {})
    return labels


def write_folder(folder: Path, out: Path, size: int, seed: int = 0) -> float:
    """Write the chunks of a folder's pictures; returns how many labels a caption gave, on average."""
    pairs = read_pairs(folder)
    random.Random(seed).shuffle(pairs)
    labels = understand([pair.caption for pair in pairs])
    out.mkdir(parents=True, exist_ok=True)
    test = min(TEST, max(1, len(pairs) // 10))
    starts = [0, *range(test, len(pairs), CHUNK)]
    shown = tqdm(total=len(pairs), desc=f"pictures at {size} px", disable=None)
    for index, (first, end) in enumerate(zip(starts, [*starts[1:], len(pairs)], strict=True)):
        planes = np.zeros((end - first, size, size, PLANES), np.uint8)
        for row, pair in enumerate(pairs[first:end]):
            planes[row, ..., :3] = read_picture(pair.path, size)
            shown.update()
        read = zip(pairs[first:end], labels[first:end], strict=True)
        write_chunk(out, index, planes, [{"slots": None, "labels": own | {CAPTION: p.caption}} for p, own in read])
    shown.close()
    return sum(len(one) for one in labels) / len(labels)


def main() -> None:
    """Write the chunks and say how far the captions were understood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=128, help="pixels a side")
    options = parser.parse_args()
    torch.set_num_threads(1)
    mean = write_folder(options.data, options.out, options.size)
    print(f"The text encoder read {mean:.1f} attributes in a caption, on average.", flush=True)


if __name__ == "__main__":
    main()
