"""Pictures and texts as vectors of the dual encoder: what finds 'the one with green hair' and ranks candidates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor

from engines.avatar.delta import factors_of, read_weights
from engines.avatar.text_encoder import SURE
from engines.contract import (
    Cancelled,
    Embeddings,
    Engine,
    EngineError,
    EngineOptions,
    FeatureExtraction,
    ImageFeatureExtraction,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
)
from engines.pictures import open_picture
from engines.vision import slots
from engines.vision.assets import ASSETS, load_tower
from engines.vision.dual import DualEncoder, placed
from engines.vision.slots import Slots
from engines.vision.tower import PictureTower, to_tensor

NAME = "huashen-clip"


class PictureVectors:
    """Embeds pictures, each by itself; see engines.contract.Engine."""

    max_batch = 8

    def __init__(self, tower: PictureTower, dual: DualEncoder, name: str = NAME) -> None:
        self._tower, self._dual, self.name = tower, dual, name

    def batch_key(self, request: Request) -> Hashable:
        """Any pictures may share a batch: each is brought to one size."""
        return self.name

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request; one unreadable picture fails its own request only."""
        return [_unless(is_cancelled(index)) or self._answer(request) for index, request in enumerate(batch)]

    def _answer(self, request: Request) -> Result | EngineError:
        if not isinstance(request, ImageFeatureExtraction):
            return InvalidInput(f"{self.name} embeds pictures.")
        try:
            return Embeddings(tuple(self._embed(image) for image in request.images), self.name)
        except InvalidInput as error:
            return error

    @torch.inference_mode()
    def _embed(self, image: bytes) -> tuple[float, ...]:
        features = self._tower(self._tower.project(to_tensor(open_picture(image))))[1]
        return _row(self._dual.picture(features))


class TextVectors:
    """Embeds texts into the pictures' space, each by itself; see engines.contract.Engine."""

    max_batch = 8

    def __init__(self, reader: Slots, dual: DualEncoder, name: str = NAME) -> None:
        self._reader, self._dual, self.name = reader, dual, name

    def batch_key(self, request: Request) -> Hashable:
        """Any texts may share a batch."""
        return self.name

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request, in order."""
        return [_unless(is_cancelled(index)) or self._answer(request) for index, request in enumerate(batch)]

    def _answer(self, request: Request) -> Result | EngineError:
        if not isinstance(request, FeatureExtraction):
            return InvalidInput(f"{self.name} embeds texts.")
        return Embeddings(tuple(self._embed(text) for text in request.texts), self.name)

    @torch.inference_mode()
    def _embed(self, text: str) -> tuple[float, ...]:
        """A unit vector, or nought for words that name nothing: no picture is near those."""
        read = self._reader.read([text])
        vector = _row(self._dual.text(placed(self._dual.attributes, read, 1)))
        named = any(float(probability) > SURE for values in read.values() for probability in values.values())
        return vector if named else (0.0,) * len(vector)


def load_dual(folder: Path, features: int) -> DualEncoder:
    """The trained heads of a folder; ModelUnavailable where they are missing or damaged."""
    try:
        facts = json.loads((folder / "dual.json").read_text(encoding="utf-8"))
        dual = DualEncoder(features, facts["attributes"])
        dual.load_state_dict(read_weights(folder / "dual.safetensors"))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(f"The dual encoder in {folder} is missing or damaged: {error}") from error
    return dual.requires_grad_(False).eval()


def name_of(folder: Path) -> str:
    """The space's name, which changes with its weights: vectors are kept by it, and those of two spaces do not mix."""
    files = [folder / f"{part}.safetensors" for part in ("tower", "dual")]
    learned = [file for file in map(factors_of, files) if file.is_file()]
    weights = b"".join(file.read_bytes() for file in (*files, *learned))
    return f"{NAME}-{hashlib.sha256(weights).hexdigest()[:8]}"


def load_pictures(options: EngineOptions) -> Engine:
    """Load the picture side, on the CPU: a picture takes a few milliseconds."""
    tower = load_tower(ASSETS)
    return PictureVectors(tower, load_dual(ASSETS, tower.features), name_of(ASSETS))


def load_texts(options: EngineOptions) -> Engine:
    """Load the text side, on the CPU."""
    return TextVectors(slots.load(), load_dual(ASSETS, load_tower(ASSETS).features), name_of(ASSETS))


def _unless(cancelled: bool) -> EngineError | None:
    return Cancelled("The request is no longer wanted.") if cancelled else None


def _row(vectors: Tensor) -> tuple[float, ...]:
    return tuple(vectors[0].tolist())
