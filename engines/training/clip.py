"""Trains the dual encoder with CLIP's contrastive objective (Radford et al. 2021) on a trained picture tower.

    python -m engines.training.clip --data LATENTS --tower RUN --out RUN --pictures 20000 --steps 1500

The tower is locked (Zhai et al. 2022), so its features are computed once. Hard negatives: each character comes in three
colourings, two of which differ in one colour, and each caption has a twin with one attribute changed. Labels say which
other captions of a batch are true of a picture as well; those pairs stay out of the loss instead of counting as wrong.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor

from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import write
from engines.training.conditions import draw_mentioned, tokens_of
from engines.training.latents import LatentCharacters
from engines.training.low_rank import add_arguments, begin, publish
from engines.training.runs import Average, Run, limit_threads
from engines.vision.assets import load_tower
from engines.vision.dual import DualEncoder
from engines.vision.tower import PictureTower

PLACES = sum(len(values) + 1 for values in ATTRIBUTES.values())

WEIGHTS = "dual.safetensors"


@torch.no_grad()
def featured(tower: PictureTower, data: LatentCharacters, count: int, unseen: int) -> tuple[Tensor, list[Labels]]:
    """Features (count, F) and labels of characters, three colourings after each other of each."""
    rng, rows = random.Random(), []
    labels: list[Labels] = []
    while len(labels) < count:
        patches = []
        for _ in range(32):
            index, mirror = rng.randrange(len(data) - unseen), rng.random() < 0.5
            for _ in range(3):
                patch, named = data.draw(index, rng, mirror=mirror)
                patches.append(patch)
                labels.append(named)
        noisy = torch.stack(patches)
        noisy = noisy + torch.randn_like(noisy) * torch.rand(len(noisy), 1, 1, 1) * 0.25
        rows.append(tower(noisy)[1])
    return torch.cat(rows), labels


def asked(labels: Labels, rng: random.Random) -> Labels:
    """What a caption of the labels mentions; at least one attribute."""
    while True:
        told = write(labels, rng).mentioned if rng.random() < 0.5 else draw_mentioned(labels, rng)
        if mentioned := {name: value for name, value in told.items() if name in ATTRIBUTES}:  # nobody asks for forms
            return mentioned


def changed(mentioned: Labels, rng: random.Random) -> Labels:
    """The same with one attribute of another value."""
    name = rng.choice(list(mentioned))
    others = [value for value in ATTRIBUTES[name] if value != mentioned[name]]
    return mentioned | {name: rng.choice(others)}


def indices(labels: list[Labels]) -> Tensor:
    """(B, attributes) of values, -1 where an attribute is absent."""
    rows = [[values.index(one[a]) if a in one else -1 for a, values in ATTRIBUTES.items()] for one in labels]
    return torch.tensor(rows)


def truth(pictures: Tensor, texts: Tensor) -> Tensor:
    """Whether text j (T, attributes) is true of picture i (B, attributes), or cannot be told: (B, T).

    Who was drawn as neither man nor woman may be called either.
    """
    told = texts[None] == pictures[:, None]
    open_questions = [list(ATTRIBUTES).index(name) for name in ("gender", "age")]
    told[..., open_questions] |= pictures[:, None][..., open_questions] < 0
    return (told | (texts[None] < 0)).all(-1)


def loss_of(similarity: Tensor, true: Tensor) -> Tensor:
    """Symmetric InfoNCE: similarity (B, T) with T >= B, text i written of picture i; other true pairs are left out."""
    count = len(similarity)
    own = torch.eye(count, similarity.shape[1], dtype=torch.bool)
    rivals = similarity.masked_fill(true & ~own, float("-inf"))
    wanted = torch.arange(count)
    cross = torch.nn.functional.cross_entropy
    return (cross(rivals, wanted) + cross(rivals[:, :count].T, wanted)) / 2


def main() -> None:
    """Compute the features, train the heads, and export dual.safetensors and dual.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tower", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=20000)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=192, help="a multiple of three")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--unseen", type=int, default=400, help="last characters kept for the test")
    add_arguments(parser)
    options = parser.parse_args()
    limit_threads(1)
    run, rng = Run(options.out, vars(options)), random.Random()
    data, tower = LatentCharacters(options.data), load_tower(options.tower)
    features, labels = featured(tower, data, options.pictures, options.unseen)
    model = DualEncoder(tower.features, list(ATTRIBUTES.items()))
    optimiser = torch.optim.AdamW(begin(model, options, WEIGHTS), lr=options.lr, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.lr, total_steps=options.steps, pct_start=0.1)
    average = Average(model, 0.99)
    for step in range(1, options.steps + 1):
        rows = [3 * rng.randrange(len(labels) // 3) + i for _ in range(options.batch // 3) for i in range(3)]
        mine = [asked(labels[row], rng) for row in rows]
        texts = mine + [changed(one, rng) for one in mine]
        read = tokens_of(texts, rng).sum(1)[:, :PLACES]
        pictures = features[rows]
        pictures = pictures + torch.randn_like(pictures) * 0.05
        similarity = model.scale() * model.picture(pictures) @ model.text(read).T
        loss = loss_of(similarity, truth(indices([labels[row] for row in rows]), indices(texts)))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        average.update(model)
        if step % 100 == 0:
            hit = (similarity[:, : len(rows)].argmax(1) == torch.arange(len(rows))).float().mean()
            run.report(step=step, loss=loss.item(), scale=model.scale().item(), hit=float(hit))
    model.load_state_dict(average.state)
    publish(model, options.out / WEIGHTS, options.rank)
    facts = {"attributes": [[name, list(values)] for name, values in model.attributes]}
    (options.out / "dual.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
