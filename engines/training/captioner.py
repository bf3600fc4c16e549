"""Trains the captioner: picture tower, attribute heads and decoder together, on renders worn as pictures are.

    python -m engines.training.captioner --data DIR128 --drawings DIR --out RUN --minutes 20

One picture in eight is a drawing that is no avatar; for those only the sentence is learnt. A killed run continues from
its checkpoint. `export` writes what engines/assets/vision holds of it.
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
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.embedded import ASSETS
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.characters import PictureCharacters, Wear
from engines.training.classifier import VISIBLE
from engines.training.descriptions import describe
from engines.training.drawings import draw_plain
from engines.training.runs import Average, Run, limit_threads
from engines.training.vocabulary import build
from engines.vision.captioner import END, PAD, START, Captioner

READ = tuple((name, ATTRIBUTES[name]) for name in (*VISIBLE, "gender", "age"))
"""Attributes with a head. Gender and age are learnt where a character was drawn as one."""


def targets(labels: list[Labels]) -> Tensor:
    """Class indices (B, attributes): the place after the values where a picture lacks the attribute; -1 is untaught.

    A character drawn as neither man nor woman, or of no age, teaches nothing of them.
    """
    rows = []
    for one in labels:
        person = one["style"] in ("cartoon", "pixel")
        row = []
        for name, values in READ:
            untaught = person and name in ("gender", "age")
            row.append(values.index(one[name]) if name in one else -1 if untaught else len(values))
        rows.append(row)
    return torch.tensor(rows)


def encode(tokenizer: Tokenizer, texts: list[str]) -> Tensor:
    """Token ids (B, T), with start and end, padded with PAD."""
    rows = [torch.tensor([START, *tokenizer.encode(text).ids, END]) for text in texts]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)


class Drawings:
    """Drawings that are no avatars: those of a folder of `engines.training.drawings`, and plain ones drawn at once."""

    def __init__(self, folder: Path, part: str = "train") -> None:
        """Read `part` of the folder."""
        held = np.load(folder / f"{part}.npz", allow_pickle=False)
        self.pixels, self.texts = held["pixels"], [str(text) for text in held["texts"]]

    def draw(self, rng: random.Random) -> tuple[Tensor, str]:
        """A drawing (3, 128, 128) in -1..1, its colours in another order now and then, and what it is called."""
        if rng.random() < 0.4:
            plain = draw_plain(rng)
            pixels, text = np.asarray(plain.picture), plain.text
        else:
            index = rng.randrange(len(self.texts))
            pixels, text = self.pixels[index], self.texts[index]
            pixels = pixels[..., rng.sample(range(3), 3)]
        return torch.tensor(pixels, dtype=torch.float32).permute(2, 0, 1) / 127.5 - 1, text


class Batches:
    """Pictures, attribute targets (-1: untaught) and token ids, drawn anew each time."""

    def __init__(self, data: PictureCharacters, drawings: Drawings, tokenizer: Tokenizer, unseen: int) -> None:
        """The last `unseen` characters are left for the test."""
        self.data, self.drawings, self.tokenizer, self.unseen = data, drawings, tokenizer, unseen
        self.rng = random.Random()
        self.wear = Wear(PatchAutoencoder.from_pretrained(ASSETS / "vae"), self.rng)

    def draw(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """`size` pictures (B, 3, 128, 128), an eighth of them drawings."""
        rng, others = self.rng, size // 8
        chosen = [rng.randrange(len(self.data) - self.unseen) for _ in range(size - others)]
        pictures, labels = self.data.draw(chosen, rng)
        drawn = [self.drawings.draw(rng) for _ in range(others)]
        pictures = self.wear(torch.cat([pictures, torch.stack([picture for picture, _ in drawn])]))
        wanted = torch.cat([targets(labels), torch.full((others, len(READ)), -1)])
        texts = [describe(one, rng) for one in labels] + [text for _, text in drawn]
        return pictures, wanted, encode(self.tokenizer, texts)


def losses(model: Captioner, pictures: Tensor, wanted: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy summed over the attributes, and that of the words, (nats a word)."""
    memory, logits = model.see(pictures)
    parts = [F.cross_entropy(row.float(), wanted[:, i], ignore_index=-1) for i, row in enumerate(logits)]
    words = model.tell(memory, ids[:, :-1]).float()
    said = F.cross_entropy(words.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD)
    return torch.stack(parts).nan_to_num(0).sum(), said


@torch.no_grad()
def accuracy(model: Captioner, pictures: Tensor, labels: list[Labels]) -> dict[str, float]:
    """Share of pictures whose value is read rightly, per attribute, over those that have it."""
    logits = [torch.cat(rows) for rows in zip(*(model.look(part)[1] for part in pictures.split(50)), strict=True)]
    scores = {}
    for (name, values), rows in zip(READ, logits, strict=True):
        asked = [(row, one[name]) for row, one in zip(rows.argmax(-1).tolist(), labels, strict=True) if name in one]
        if asked:
            scores[name] = float(np.mean([row == values.index(value) for row, value in asked]))
    return scores


def export(model: Captioner, tokenizer: Tokenizer, folder: Path) -> None:
    """Write captioner.safetensors (fp16), captioner.json and words.json."""
    folder.mkdir(parents=True, exist_ok=True)
    half = {name: value.detach().half().contiguous() for name, value in model.state_dict().items()}
    save_file(cast(dict[str, Tensor], half), folder / "captioner.safetensors")
    facts = {"attributes": [[name, list(values)] for name, values in READ], "words": tokenizer.get_vocab_size()}
    (folder / "captioner.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    tokenizer.save(str(folder / "words.json"))


def main() -> None:
    """Train for the given minutes and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawings", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20.0, help="of training, all runs of this folder together")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--unseen", type=int, default=400, help="last characters kept for the test")
    options = parser.parse_args()
    limit_threads(1)
    run, tokenizer = Run(options.out, vars(options)), build()
    data = PictureCharacters(options.data)
    batches = Batches(data, Drawings(options.drawings), tokenizer, options.unseen)
    test = data.draw(range(len(data) - options.unseen, len(data)), random.Random(0), held_out=True)
    model: Any = Captioner(READ, tokenizer.get_vocab_size())
    model = model.to(memory_format=torch.channels_last)  # a sixth faster on a CPU; bfloat16 is slower at these sizes
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.lr, weight_decay=0.02, betas=(0.9, 0.98))
    average, step, spent = Average(model, 0.997), 0, 0.0
    if state := run.load():
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates = state["average"], state["step"]
        step, spent = state["step"], state["spent"]
    began, reported, seen = time.time() - spent, time.time(), []
    while (spent := time.time() - began) < options.minutes * 60:
        part = spent / (options.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 100) * max(0.02, min(1.0, 1.6 * (1 - part)))
        pictures, wanted, ids = batches.draw(options.batch)
        attributes, words = losses(model, pictures.contiguous(memory_format=torch.channels_last), wanted, ids)
        optimiser.zero_grad()
        (attributes + 2 * words).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        average.update(model)
        step += 1
        seen.append((attributes.item(), words.item()))
        if time.time() - reported > 60:
            mean = np.mean(seen, axis=0)
            run.report(step=step, attributes=float(mean[0]), words=float(mean[1]), **accuracy(model, *test))
            saved: dict[str, Any] = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
            run.save(saved | {"average": average.state, "step": step, "spent": time.time() - began})
            reported, seen = time.time(), []
    model.load_state_dict(average.state)
    run.report(step=step, **accuracy(model.eval(), *test))
    export(model, tokenizer, options.out)


if __name__ == "__main__":
    main()
