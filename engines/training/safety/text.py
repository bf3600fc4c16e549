"""Train the text screen: python -m engines.training.safety.text

Fits the low-rank changes of engines.safety.encoder and the head of engines.safety.head together, on texts
drawn anew in every epoch from the patterns in data/ and on descriptions of characters, then sets where
suspicion begins. Most of an hour on one core; writes screen.safetensors. benchmarks/moderation.py measures it.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engines.safety.head import LABELS
from engines.safety.text import WEIGHTS, Network
from engines.training.runs import save_half
from engines.training.safety.characters import describe
from engines.training.safety.corpus import HELD_OUT, Example, read, registers
from engines.training.safety.dressing import dress, mangle


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights."""

    seed: int = 0
    epochs: int = 3
    per_line: int = 24
    per_ordinary_line: int = 48
    characters: int = 4000
    least: int = 4
    dressed: float = 0.5
    mangled: float = 0.15
    tokens: int = 2048
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    dropout: float = 0.2
    other_labels: float = 0.3
    hold: float = 0.6
    false_holds: float = 0.01
    block: float = 0.9
    false_blocks: float = 0.005


def draw(recipe: Recipe, epoch: int) -> list[Example]:
    """The texts of one epoch, none of them held out: each as it is or dressed, some with slips."""
    rng = random.Random(f"{recipe.seed}/{epoch}")
    held_out = {e.text for part in HELD_OUT for folder in registers(part) for e in read(folder)}
    characters = [text for text in describe(recipe.characters, rng) if text not in held_out]
    examples = [Example(text, frozenset()) for text in characters]
    for folder in registers("train"):
        register = folder.split("/")[1]
        few = read(folder, recipe.per_line, rng.randrange(1 << 30), recipe.least)
        many = read(folder, recipe.per_ordinary_line, rng.randrange(1 << 30), recipe.least)
        talk = [example.text for example in many if not example.labels]
        for example in [e for e in few if e.labels] + [e for e in many if not e.labels]:
            if example.text in held_out:  # a pattern can come to say the same
                continue
            if rng.random() < recipe.dressed:
                place = rng.choice(("prompts", "comments")) if register == "mixed" else register
                example = dress(example, place, rng, talk if "comment" in place else characters)
            examples.append(mangle(example, rng) if rng.random() < recipe.mangled else example)
    return examples


def batches(examples: Sequence[Example], tokens: int, rng: random.Random) -> Iterator[list[Example]]:
    """The examples in batches of similar length and about `tokens` tokens, in random order."""
    ordered = sorted(examples, key=lambda example: len(example.text.encode()) * rng.uniform(0.9, 1.1))
    grouped: list[list[Example]] = [[]]
    for example in ordered:
        if (len(grouped[-1]) + 1) * (len(example.text.encode()) / 4 + 4) > tokens:
            grouped.append([])
        grouped[-1].append(example)
    rng.shuffle(grouped)
    yield from grouped


def loss_of(logits: Tensor, examples: Sequence[Example], recipe: Recipe) -> Tensor:
    """Binary cross-entropy of every label; that a bad text has no second label is taken less seriously."""
    targets = torch.tensor([[example.target(label) for label in LABELS] for example in examples])
    weights = torch.ones_like(targets)
    weights[(targets == 0) & (targets.sum(1, keepdim=True) > 0)] = recipe.other_labels
    return nn.functional.binary_cross_entropy_with_logits(logits, targets, weights)


def fit(network: Network, recipe: Recipe, keep: Path) -> None:
    """Minimise the loss with AdamW and a one-cycle schedule; what was reached after each epoch is kept."""
    rng = random.Random(recipe.seed)
    size = sum(1 for _ in batches(draw(recipe, 0), recipe.tokens, rng))
    optimizer = torch.optim.AdamW(network.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * size + size // 2
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1)
    started = time.monotonic()
    network.train()
    for epoch in range(recipe.epochs):
        total = 0.0
        for step, batch in enumerate(batches(draw(recipe, epoch), recipe.tokens, rng)):
            logits = network.logits([example.text for example in batch])
            loss = loss_of(logits, batch, recipe)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % 100 == 99:
                seconds = time.monotonic() - started
                print(f"epoch {epoch + 1} step {step + 1}/{size}: {total / 100:.4f} {seconds:.0f} s", flush=True)
                total = 0.0
        save(network, recipe, keep)
    network.eval()


def calibrate(network: Network, ordinary: Sequence[Example], recipe: Recipe) -> None:
    """Let at most `false_holds` of ordinary texts reach `hold` in each label, and `false_blocks` reach `block` in any.

    Each label's logits are lowered, then all are drawn towards that of `hold`; neither changes a label's order.
    """
    hold, block = torch.logit(torch.tensor((recipe.hold, recipe.block)))
    with torch.inference_mode():
        rows = torch.cat([network.logits([example.text]) for example in ordinary])  # (texts, labels)
        lower = (torch.quantile(rows, 1 - recipe.false_holds, dim=0) - hold).clamp(min=0)
        worst = torch.quantile((rows - lower).amax(dim=1), 1 - recipe.false_blocks)
        shrink = ((block - hold) / (worst - hold)).clamp(min=0.2, max=1).item() if worst > hold else 1.0
        overall = network.head.overall
        network.head.opinion.mul_(shrink)
        overall.weight.mul_(shrink)
        overall.bias.sub_(lower).sub_(hold).mul_(shrink).add_(hold)
    print(f"logits lowered by {[round(value, 2) for value in lower.tolist()]}, then multiplied by {shrink:.2f}")


def save(network: Network, recipe: Recipe, path: Path) -> None:
    """Write what was learned, in half precision."""
    metadata = {"recipe": json.dumps(asdict(recipe)), "labels": json.dumps(LABELS)}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_half(network, path, metadata)


def main() -> None:
    """Train with the recipe and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--per-line", type=int, default=Recipe().per_line)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = Recipe(epochs=arguments.epochs, per_line=arguments.per_line, per_ordinary_line=2 * arguments.per_line)
    torch.manual_seed(recipe.seed)
    network = Network(recipe.dropout)
    fit(network, recipe, arguments.out)
    rng = random.Random(recipe.seed)
    ordinary = []
    for folder in registers("development"):
        plain = [example for example in read(folder) if not example.labels]
        ordinary += plain + [dress(example, folder.split("/")[1], rng) for example in plain]
    calibrate(network, ordinary, recipe)
    save(network, recipe, arguments.out)


if __name__ == "__main__":
    main()
