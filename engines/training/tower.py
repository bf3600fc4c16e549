"""Trains the picture tower and its attribute heads on renders in fresh colours.

    python -m engines.training.tower --data LATENTS --drawings DIR --codec RUN/codec --out RUN --minutes 15

One sample in eight is a drawing that is no avatar, with labels of its own. A killed run continues from its checkpoint.
The evaluation's judge is another network, trained apart.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.training import drawings
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.classifier import VISIBLE
from engines.training.latents import LatentCharacters
from engines.training.low_rank import add_arguments, begin, publish
from engines.training.runs import Average, Run, limit_threads
from engines.vision.tower import PictureTower

READ = tuple({name: ATTRIBUTES[name] for name in (*VISIBLE, "gender", "age")} | drawings.ATTRIBUTES)
VALUES = ATTRIBUTES | drawings.ATTRIBUTES
"""Attributes with a head and their values. Gender and age are learnt only where a character was drawn as one."""

WEIGHTS = "tower.safetensors"


def targets(labels: list[Labels]) -> Tensor:
    """Class indices (B, attributes): the place after the values where a picture lacks the attribute; -1 is untaught."""
    rows = []
    for one in labels:
        untaught: tuple[str, ...] = ("gender", "age") if one.get("style") in ("cartoon", "pixel") else ()
        if one.get("drawing", "shapes") != "shapes":
            untaught = ("background",)
        lacks = {name: -1 if name in untaught else len(VALUES[name]) for name in READ}
        rows.append([VALUES[name].index(one[name]) if name in one else lacks[name] for name in READ])
    return torch.tensor(rows)


class Drawings:
    """Drawings that are no avatars as patches: those of a folder of `engines.training.drawings`, and plain ones."""

    def __init__(self, folder: Path, codec: PatchAutoencoder, part: str = "train") -> None:
        """Read `part` of the folder."""
        held = np.load(folder / f"{part}.npz", allow_pickle=False)
        self.pixels, self.texts, self.codec = held["pixels"], [str(text) for text in held["texts"]], codec

    @torch.no_grad()
    def draw(self, rng: random.Random) -> tuple[Tensor, Labels]:
        """A drawing's patches (C, 16, 16), its colours in another order now and then, and its labels."""
        if not self.texts or rng.random() < 0.5:
            plain = drawings.draw_plain(rng)
            pixels, labels = np.asarray(plain.picture), plain.labels
        else:
            index = rng.randrange(len(self.texts))
            pixels, labels = self.pixels[index][..., rng.sample(range(3), 3)], {"drawing": self.texts[index]}
        picture = torch.tensor(pixels, dtype=torch.float32).permute(2, 0, 1)[None] / 127.5 - 1
        return self.codec.project(picture)[0], labels


class Batches:
    """Patches and labels, drawn anew each time: an eighth of them drawings, all with some noise, as decoders leave."""

    def __init__(self, data: LatentCharacters, others: Drawings, unseen: int) -> None:
        """The last `unseen` characters are left for the test."""
        self.data, self.others, self.unseen, self.rng = data, others, unseen, random.Random()

    def draw(self, size: int) -> tuple[Tensor, list[Labels]]:
        """Patches (size, C, 16, 16) and their labels."""
        rng, last = self.rng, len(self.data) - self.unseen
        drawn = [self.others.draw(rng) for _ in range(size // 8)]
        drawn += [self.data.draw(rng.randrange(last), rng) for _ in range(size - len(drawn))]
        patches = torch.stack([patch for patch, _ in drawn])
        noise = torch.randn_like(patches) * torch.rand(size, 1, 1, 1) * 0.3
        return patches + noise, [labels for _, labels in drawn]


def new_tower(codec: PatchAutoencoder) -> PictureTower:
    """An untrained tower that reads the codec's patches."""
    tower = PictureTower([(name, VALUES[name]) for name in READ], len(codec.basis))
    tower.mean, tower.basis = codec.mean.clone(), codec.basis / codec.scale[:, None]
    return tower


def loss_of(logits: list[Tensor], wanted: Tensor) -> Tensor:
    """Cross-entropy summed over the attributes."""
    parts = [F.cross_entropy(row, wanted[:, i], ignore_index=-1) for i, row in enumerate(logits)]
    return torch.stack(parts).nan_to_num(0).sum()


@torch.no_grad()
def accuracy(tower: PictureTower, patches: Tensor, labels: list[Labels]) -> dict[str, float]:
    """Share of pictures whose value is read rightly, per attribute, over those that have it."""
    logits = [torch.cat(rows) for rows in zip(*(tower(part)[2] for part in torch.split(patches, 100)), strict=True)]
    scores = {}
    for name, rows in zip(READ, logits, strict=True):
        asked = [(row, one[name]) for row, one in zip(rows.argmax(-1).tolist(), labels, strict=True) if name in one]
        if asked:
            scores[name] = float(np.mean([row == VALUES[name].index(value) for row, value in asked]))
    return scores


def export(tower: PictureTower, folder: Path, rank: int = 0) -> None:
    """Write tower.safetensors (fp16), or what was learned beside it, and tower.json."""
    publish(tower, folder / WEIGHTS, rank)
    facts = {"attributes": [[name, list(values)] for name, values in tower.attributes]}
    (folder / "tower.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Train for the given minutes and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawings", type=Path, required=True)
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15.0, help="of training, all runs of this folder together")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--unseen", type=int, default=400, help="last characters kept for the test")
    add_arguments(parser)
    options = parser.parse_args()
    limit_threads(1)
    run, data, codec = Run(options.out, vars(options)), LatentCharacters(options.data), _codec(options.codec)
    batches = Batches(data, Drawings(options.drawings, codec), options.unseen)
    rng = random.Random(0)
    test = [data.draw(i, rng, held_out=True) for i in range(len(data) - options.unseen, len(data))]
    test_patches, test_labels = torch.stack([patch for patch, _ in test]), [labels for _, labels in test]
    tower = new_tower(codec)
    optimiser = torch.optim.AdamW(begin(tower, options, WEIGHTS, [*tower.heads]), lr=options.lr, weight_decay=0.02)
    average, step, spent = Average(tower, 0.995), 0, 0.0
    if state := run.load():
        tower.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates = state["average"], state["step"]
        step, spent = state["step"], state["spent"]
    began, reported, seen = time.time() - spent, time.time(), []
    while (spent := time.time() - began) < options.minutes * 60:
        part = spent / (options.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 50) * max(0.02, min(1.0, 1.6 * (1 - part)))
        patches, labels = batches.draw(options.batch)
        loss = loss_of(tower(F.dropout2d(patches, 0.03))[2], targets(labels))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        average.update(tower)
        step += 1
        seen.append(loss.item())
        if time.time() - reported > 60:
            run.report(step=step, loss=float(np.mean(seen)), **accuracy(tower, test_patches, test_labels))
            saved: dict[str, Any] = {"model": tower.state_dict(), "optimiser": optimiser.state_dict()}
            run.save(saved | {"average": average.state, "step": step, "spent": time.time() - began})
            reported, seen = time.time(), []
    tower.load_state_dict(average.state)
    run.report(step=step, **accuracy(tower.eval(), test_patches, test_labels))
    export(tower, options.out, options.rank)


def _codec(folder: Path) -> PatchAutoencoder:
    return cast(PatchAutoencoder, cast(Any, PatchAutoencoder).from_pretrained(folder))


if __name__ == "__main__":
    main()
