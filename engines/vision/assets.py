"""The embedded weights of this family, read from engines/assets/vision."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError
from tokenizers import Tokenizer

from engines.avatar.delta import read_weights
from engines.contract import ModelUnavailable
from engines.vision.captioner import Captioner
from engines.vision.tower import PictureTower

ASSETS = Path(__file__).resolve().parent.parent / "assets" / "vision"
REMEDY = "restore it from the repository with `git checkout -- engines/assets/vision`"


def load_tower(folder: Path) -> PictureTower:
    """The picture tower in float32; ModelUnavailable where a file is missing or damaged."""
    try:
        facts = json.loads((folder / "tower.json").read_text(encoding="utf-8"))
        weights = read_weights(folder / "tower.safetensors")
        tower = PictureTower(facts["attributes"], len(weights["basis"]))
        tower.load_state_dict(weights)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(f"The picture tower in {folder} is missing or damaged, {REMEDY}: {error}") from error
    return tower.requires_grad_(False).eval()


def load_captioner(folder: Path, tower: PictureTower) -> tuple[Captioner, Tokenizer]:
    """The decoder that belongs to the tower, in float32, and its words; ModelUnavailable as above."""
    try:
        tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "words.json"))
        sizes = [len(values) + 1 for _, values in tower.attributes]
        captioner = Captioner(sizes, tower.channels, tokenizer.get_vocab_size())
        captioner.load_state_dict(read_weights(folder / "captioner.safetensors"))
    except ModelUnavailable:
        raise
    except Exception as error:  # tokenizers raises bare Exceptions
        raise ModelUnavailable(f"The captioner in {folder} is missing or damaged, {REMEDY}: {error}") from error
    return captioner.requires_grad_(False).eval(), tokenizer
