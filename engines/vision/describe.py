"""Says what a picture shows: avatars of ours in full, other drawings in a few words, photographs with hedges.

Three networks look, each picture by itself: MobileNetV2 says of which kind it is and what a photograph may show, the
tower reads attributes, and the captioner writes. Where they are not sure, the sentence says so.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engines.contract import (
    Cancelled,
    Description,
    EngineError,
    ImageToText,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
)
from engines.pictures import open_picture
from engines.vision import colours, photos
from engines.vision.assets import load_captioner, load_tower
from engines.vision.captioner import Captioner
from engines.vision.photos import Photos
from engines.vision.prompts import prompt_of
from engines.vision.tower import PictureTower, to_tensor

NAME = "huashen-captioner"
KINDS = ("avatar", "drawing", "photo")
READ, TOLD, CERTAIN = 0.5, 0.8, 0.9
"""Least probability of an attribute that is passed on; of gender, which is guessed from looks; and of a background that
the border's own colour need not confirm."""
KEPT = ("age", "drawing", "shape", "count", "shape_colour")
"""Attributes for the sentence alone: what drawings that are no avatars show, and age, whose head was taught old and
young but never neither."""
WRITTEN, COUNTED = 0.6, 0.9
"""Least mean probability of its words with which a drawing's sentence is believed; one that counts shapes is told a
little too readily."""
NAMED = 0.35
"""Least probability with which a photograph's class is named at all."""


@dataclass(frozen=True, slots=True)
class Networks:
    """What looks at a picture; `kinds` (3, 1280) and `kinds_bias` (3) read KINDS off MobileNetV2's features."""

    tower: PictureTower
    captioner: Captioner
    words: Sequence[str]
    photos: Photos
    kinds: Tensor
    kinds_bias: Tensor


class Describer:
    """Describes pictures; see engines.contract.Engine."""

    name = NAME
    max_batch = 4

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    def batch_key(self, request: Request) -> Hashable:
        """Any pictures may share a batch: each is looked at by itself."""
        return self.name

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Describe each picture; one that cannot be read fails its own request only."""
        answers: list[Result | EngineError] = []
        for index, request in enumerate(batch):
            if not isinstance(request, ImageToText):
                answers.append(InvalidInput(f"{self.name} serves image-to-text only."))
            elif is_cancelled(index):
                answers.append(Cancelled("The request is no longer wanted."))
            else:
                try:
                    answers.append(self.describe(open_picture(request.image)))
                except InvalidInput as error:
                    answers.append(error)
        return answers

    @torch.inference_mode()
    def describe(self, picture: Image.Image) -> Description:
        """The sentence, how sure it is, and what was read."""
        began, nets = time.perf_counter(), self._networks
        grid, _, logits = nets.tower(nets.tower.project(to_tensor(picture)))
        pooled, classes = nets.photos.read(to_tensor(picture, photos.SIZE))
        kinds = (pooled @ nets.kinds.T + nets.kinds_bias)[0].softmax(-1).tolist()
        read = [row[0].softmax(-1) for row in logits]
        style = [name for name, _ in nets.tower.attributes].index("style")
        kinds = weighed(kinds, 1 - float(read[style][-1]))
        self._confirm(picture, logits, read)
        kind = max(zip(kinds, KINDS, strict=True))[1] if max(kinds) >= READ else "unknown"
        if kind == "avatar":
            text, sure = self._write(grid, logits)
            attributes = self._attributes(read)
        elif kind == "drawing":
            text, sure = self._write(grid, logits)
            if sure < (COUNTED if text.endswith("background.") else WRITTEN):
                text = f"A drawing, mostly {' and '.join(colours.mostly(picture))}."
            attributes = _background(picture)
        elif kind == "photo":
            best = int(classes[0].argmax())
            sure = float(classes[0, best])
            text = hedged(nets.photos.names[best], sure)
            # What the classifier can name is no face, whatever its colour.
            attributes = _background(picture) | (colours.skin_and_hair(picture) if sure < NAMED else {})
        else:
            text, sure = (
                f"A picture, mostly {' and '.join(colours.mostly(picture))}; what it shows, I cannot tell.",
                0.5,
            )
            attributes = _background(picture)
        seconds = time.perf_counter() - began
        return Description(text, round(sure * max(kinds), 4), kind, attributes, prompt_of(attributes), NAME, seconds)

    def _write(self, grid: Tensor, logits: list[Tensor]) -> tuple[str, float]:
        captioner = self._networks.captioner
        ids, sure = captioner.write(captioner.see(grid, logits))
        text = " ".join(self._networks.words[index] for index in ids).replace(" ,", ",")
        return f"{text[:1].upper()}{text[1:]}.", sure

    def _confirm(self, picture: Image.Image, logits: list[Tensor], read: list[Tensor]) -> None:
        """Where the head doubts the background's colour and the border has one, take the border's."""
        place = [name for name, _ in self._networks.tower.attributes].index("background")
        values = self._networks.tower.attributes[place][1]
        if float(read[place].max()) < CERTAIN and (seen := colours.background(picture)) in values:
            read[place] = torch.eye(len(values) + 1)[values.index(seen)]
            logits[place] = read[place][None] * 12

    def _attributes(self, read: list[Tensor]) -> dict[str, str]:
        found = {}
        for (name, values), row in zip(self._networks.tower.attributes, read, strict=True):
            best = int(row.argmax())
            least = TOLD if name == "gender" else READ
            if name not in KEPT and best < len(values) and float(row[best]) >= least:
                found[name] = values[best]
        return found


def weighed(kinds: list[float], avatar: float) -> list[float]:
    """Probabilities of KINDS with the tower's word on avatars; it was taught drawings beside them, no photographs."""
    drawn = kinds[0] + kinds[1]
    first, second = kinds[0] * avatar + 1e-9, kinds[1] * (1 - avatar) + 1e-9
    return [drawn * first / (first + second), drawn * second / (first + second), kinds[2]]


def hedged(name: str, sure: float) -> str:
    """A sentence about a photograph, as careful as the classifier is unsure."""
    if sure < NAMED:
        return "A photo; what it shows, I cannot tell."
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"A photo; it may show {article} {name}."


def _background(picture: Image.Image) -> dict[str, str]:
    name = colours.background(picture)
    return {"background": name} if name else {}


def load_networks(folder: Path) -> Networks:
    """Everything a Describer needs; ModelUnavailable where a file is missing or damaged."""
    tower = load_tower(folder)
    captioner, tokenizer = load_captioner(folder, tower)
    try:
        kinds = load_file(folder / "kinds.safetensors")
        weight, bias = kinds["weight"].float(), kinds["bias"].float()
    except (OSError, KeyError, SafetensorError) as error:
        raise ModelUnavailable(f"{folder / 'kinds.safetensors'} is missing or damaged: {error}") from error
    vocabulary = tokenizer.get_vocab()
    words = sorted(vocabulary, key=lambda word: vocabulary[word])
    return Networks(tower, captioner, words, photos.load(folder), weight, bias)
