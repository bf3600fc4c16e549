"""Trains the captioner's decoder on what a trained picture tower sees, which stays as it is.

python -m engines.training.captioner --data LATENTS --drawings DIR --codec RUN/codec --tower RUN --out RUN
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.training.descriptions import describe
from engines.training.latents import LatentCharacters
from engines.training.low_rank import add_arguments, begin, publish
from engines.training.runs import Average, Run, limit_threads
from engines.training.tower import Batches, Drawings
from engines.training.vocabulary import build
from engines.vision.assets import load_tower
from engines.vision.captioner import END, PAD, START, Captioner
from engines.vision.tower import PictureTower

WEIGHTS = "captioner.safetensors"


def encode(tokenizer: Tokenizer, texts: list[str]) -> Tensor:
    """Token ids (B, T), with start and end, padded with PAD."""
    rows = [torch.tensor([START, *tokenizer.encode(text).ids, END]) for text in texts]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)


def new_captioner(tower: PictureTower, tokenizer: Tokenizer) -> Captioner:
    """An untrained decoder for the tower."""
    sizes = [len(values) + 1 for _, values in tower.attributes]
    return Captioner(sizes, tower.channels, tokenizer.get_vocab_size())


def loss_of(captioner: Captioner, tower: PictureTower, patches: Tensor, ids: Tensor) -> Tensor:
    """Cross-entropy of the words, in nats a word."""
    with torch.no_grad():
        grid, _, logits = tower(patches)
    words = captioner(captioner.see(grid, logits), ids[:, :-1])
    return F.cross_entropy(words.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD)


def export(captioner: Captioner, tokenizer: Tokenizer, folder: Path, rank: int = 0) -> None:
    """Write captioner.safetensors (fp16), or what was learned beside it, and words.json."""
    publish(captioner, folder / WEIGHTS, rank)
    tokenizer.save(str(folder / "words.json"))


def main() -> None:
    """Train for the given minutes and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawings", type=Path, required=True)
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tower", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=8.0, help="of training, all runs of this folder together")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--unseen", type=int, default=400, help="last characters kept for the test")
    add_arguments(parser)
    options = parser.parse_args()
    limit_threads(1)
    run, tokenizer, rng = Run(options.out, vars(options)), build(), random.Random()
    codec, tower = cast(Any, PatchAutoencoder).from_pretrained(options.codec), load_tower(options.tower)
    data, others = LatentCharacters(options.data), Drawings(options.drawings, codec)
    batches, captioner = Batches(data, others, options.unseen), new_captioner(tower, tokenizer)
    trained = begin(captioner, options, WEIGHTS)
    optimiser = torch.optim.AdamW(trained, lr=options.lr, weight_decay=0.02, betas=(0.9, 0.98))
    average, step, spent = Average(captioner, 0.99), 0, 0.0
    if state := run.load():
        captioner.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.updates = state["average"], state["step"]
        step, spent = state["step"], state["spent"]
    began, reported, seen = time.time() - spent, time.time(), []
    while (spent := time.time() - began) < options.minutes * 60:
        part = spent / (options.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 50) * max(0.02, min(1.0, 1.6 * (1 - part)))
        patches, labels = batches.draw(options.batch)
        loss = loss_of(captioner, tower, patches, encode(tokenizer, [describe(one, rng) for one in labels]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(captioner.parameters(), 1.0)
        optimiser.step()
        average.update(captioner)
        step += 1
        seen.append(loss.item())
        if time.time() - reported > 60:
            run.report(step=step, nats_a_word=float(np.mean(seen)))
            saved: dict[str, Any] = {"model": captioner.state_dict(), "optimiser": optimiser.state_dict()}
            run.save(saved | {"average": average.state, "step": step, "spent": time.time() - began})
            reported, seen = time.time(), []
    captioner.load_state_dict(average.state)
    export(captioner, tokenizer, options.out, options.rank)
    run.report(step=step)


if __name__ == "__main__":
    main()
