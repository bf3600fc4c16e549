"""Train the text screen: python -m engines.training.safety.text

Freezes MiniLM, reads its token states once for every sentence (several dressings of each), and fits
the small head of engines.safety.head on them, then sets where suspicion begins. Some ten minutes on
one core; writes head.safetensors. benchmarks/screening.py measures it.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engines.safety.head import LABELS, LAYERS, Head
from engines.safety.text import WEIGHTS
from engines.sentence_encoder import SentenceEncoder, by_length
from engines.training.safety.corpus import Example, dress, read, styles


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights."""

    seed: int = 0
    per_line: int = 12
    dressings: int = 2
    epochs: int = 4
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.1
    dropout: float = 0.4
    label_smoothing: float = 0.02
    hold: float = 0.6
    false_holds: float = 0.015


@dataclass(frozen=True, slots=True)
class Batch:
    """Frozen states of sentences of similar length: low, high (b, t, 384), mask (b, t), targets (b, labels)."""

    low: Tensor
    high: Tensor
    mask: Tensor
    targets: Tensor


def encode(encoder: SentenceEncoder, examples: Sequence[Example], batch_size: int) -> list[Batch]:
    """The frozen encoder's states of all examples, kept as bfloat16 to fit into memory."""
    batches = []
    for indices in by_length([example.text for example in examples], batch_size):
        chosen = [examples[index] for index in indices]
        states = encoder.states([example.text for example in chosen])
        targets = torch.tensor([[float(label in example.labels) for label in LABELS] for example in chosen])
        batches.append(Batch(states.low.bfloat16(), states.high.bfloat16(), states.mask, targets[states.owner]))
    return batches


def fit(batches: Sequence[Batch], recipe: Recipe) -> Head:
    """Minimise the binary cross-entropy of every label with AdamW and a one-cycle schedule."""
    head = Head(recipe.dropout).train()
    optimizer = torch.optim.AdamW(head.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, total_steps=steps)
    order = list(batches)
    for epoch in range(recipe.epochs):
        random.shuffle(order)
        total = 0.0
        for batch in order:
            smooth = batch.targets * (1 - 2 * recipe.label_smoothing) + recipe.label_smoothing
            logits = head(batch.low.float(), batch.high.float(), batch.mask)
            loss = nn.functional.binary_cross_entropy_with_logits(logits, smooth)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(order):.4f}", flush=True)
    return head.eval()


def calibrate(head: Head, ordinary: Sequence[Batch], recipe: Recipe) -> float:
    """Shift every logit so that `false_holds` of ordinary development sentences reach the score `hold`; the shift."""
    with torch.inference_mode():
        worst = torch.cat([head(b.low.float(), b.high.float(), b.mask).amax(dim=1) for b in ordinary])
    wanted = torch.logit(torch.tensor(recipe.hold))
    shift = (wanted - torch.quantile(worst, 1 - recipe.false_holds)).item()
    with torch.no_grad():
        head.overall.bias.add_(shift)
    return shift


def main() -> None:
    """Train with the recipe and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = Recipe()
    random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    started = time.monotonic()
    sentences = read("train", recipe.per_line, recipe.seed)
    dressed = dress(sentences, styles("train"), recipe.dressings, recipe.seed)
    print(f"{len(sentences)} sentences, {len(dressed)} with their dressings", flush=True)
    encoder = SentenceEncoder(LAYERS)
    batches = encode(encoder, dressed, recipe.batch_size)
    print(f"encoded after {time.monotonic() - started:.0f} s", flush=True)
    head = fit(batches, recipe)
    ordinary = [example for example in read("development") if not example.labels]
    ordinary = dress(ordinary, styles("train"), 1, recipe.seed)
    print(f"logits shifted by {calibrate(head, encode(encoder, ordinary, recipe.batch_size), recipe):.2f}")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"recipe": json.dumps(asdict(recipe)), "labels": json.dumps(LABELS)}
    save_file(head.state_dict(), arguments.out, metadata)
    print(f"wrote {arguments.out.name} after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
