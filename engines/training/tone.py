"""Trains a community's voice: a LoRA adapter of the embedded text model, on 12 or more of its own captions.

`python -m engines.training.tone --examples FILE.jsonl --out RUN --data-dir DIR [--tone discord.123]` takes minutes on
one thread. A line of the file is {"topic": ..., "caption": ...}.

1. The examples are dealt into folds. For each, an adapter learns the others, an epoch at a time, while the perplexity
   of the fold falls; the number of epochs that is best over all folds together is the one for good (early stopping,
   with every example held out once: two dozen are too few to set some aside).
2. An adapter learns all examples for so many epochs, and is judged: see engines/training/tone_evaluation.py for the
   figures and the rule by which it is offered.
3. With `--tone` it is put where the text engine finds it: DIR/tones/<tone>/<version>/.

The loss is the cross-entropy of the caption's tokens and of the one that ends it, given instruction and topic:
L = -1/T sum_t log p(y_t | x, y_<t); the weights are W + (alpha / r) B A with W frozen (arXiv:2106.09685).
A killed run continues from its last epoch when it is started again.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.text import adapters, embedded
from engines.training import tone_evaluation as evaluation
from engines.training.runs import Run, limit_threads
from engines.training.tone_data import Row, chat, encode, read_examples, read_lines

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
PATIENCE = 1
"""Worse epochs in a row after which a fold ends: with so few examples the perplexity turns once and for good."""


def losses(model: Any, rows: Sequence[Row]) -> tuple[Tensor, int]:
    """Summed negative log-likelihood (nats) of the rows' captions, and of how many tokens."""
    width = max(len(row.ids) for row in rows)
    ids = torch.tensor([[*row.ids, *[0] * (width - len(row.ids))] for row in rows])
    places = torch.arange(width)
    starts = torch.tensor([row.start for row in rows])[:, None]
    ends = torch.tensor([len(row.ids) for row in rows])[:, None]
    wanted = (places >= starts) & (places < ends)  # (rows, width)
    states = model.base_model.model.model(input_ids=ids, attention_mask=(places < ends).long()).last_hidden_state
    # Only what predicts a caption's token goes through the head, which is a fifth of the model.
    logits = model.base_model.model.lm_head(states[:, :-1][wanted[:, 1:]])
    return F.cross_entropy(logits.float(), ids[:, 1:][wanted[:, 1:]], reduction="sum"), int(wanted[:, 1:].sum())


@torch.no_grad()
def surprise(model: Any, rows: Sequence[Row], batch: int) -> tuple[float, int]:
    """Summed negative log-likelihood of held-out rows, and of how many tokens."""
    model.eval()
    found = [losses(model, rows[start : start + batch]) for start in range(0, len(rows), batch)]
    return sum(float(loss) for loss, _ in found), sum(tokens for _, tokens in found)


def train_epoch(model: Any, optimiser: torch.optim.Optimizer, rows: Sequence[Row], batch: int, seed: int) -> float:
    """Go once through the rows in an order and with a dropout that follow from `seed`; return the mean loss."""
    torch.manual_seed(seed)
    order = random.Random(seed).sample(range(len(rows)), len(rows))
    model.train()
    total, count = 0.0, 0
    for start in range(0, len(rows), batch):
        loss, tokens = losses(model, [rows[index] for index in order[start : start + batch]])
        (loss / tokens).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        total, count = total + float(loss.detach()), count + tokens
    return total / count


class Trainer:
    """The folds and then all examples, one after the other, with a checkpoint after each epoch."""

    def __init__(self, model: Any, rows: Sequence[Row], run: Run, options: argparse.Namespace) -> None:
        self.model, self.rows, self.run, self.options = model, rows, run, options
        self.folds = [list(range(fold, len(rows), options.folds)) for fold in range(options.folds)]
        self.initial = self._weights()
        begun = {"rows": hash(tuple(rows)), "version": time.strftime("%Y%m%dT%H%M%S", time.gmtime())}
        found = run.load()
        # Other examples than the killed run had make it another run.
        same = found is not None and found["rows"] == begun["rows"]
        self.state: dict[str, Any] = found if found and same else begun | {"curves": [[]], "final": 0}

    def train(self) -> tuple[int, float]:
        """Train to the end; return the number of epochs and the held-out perplexity over all folds."""
        curves: list[list[float]] = self.state["curves"]
        for fold in range(len(curves) - 1, len(self.folds)):
            self._fold(fold, curves)
        tokens = sum(len(row.ids) - row.start for row in self.rows)
        longest = max(map(len, curves))
        totals = [sum(curve[min(epoch, len(curve) - 1)] for curve in curves) for epoch in range(longest)]
        epochs = min(range(longest), key=totals.__getitem__) + 1
        optimiser = self._resume(self.state["final"])
        for epoch in range(self.state["final"], epochs):
            loss = train_epoch(self.model, optimiser, self.rows, self.options.batch, self._seed(len(self.folds), epoch))
            self.state["final"] = epoch + 1
            self._save(optimiser)
            self.run.report(part=len(self.folds), epoch=epoch + 1, of=epochs, loss=loss)
        return epochs, evaluation.perplexity(totals[epochs - 1], tokens)

    def _fold(self, fold: int, curves: list[list[float]]) -> None:
        held = set(self.folds[fold])
        kept = [self.rows[index] for index in self.folds[fold]]
        others = [row for index, row in enumerate(self.rows) if index not in held]
        if len(curves) == fold:
            curves.append([])
        curve = curves[fold]
        optimiser = self._resume(len(curve))
        while len(curve) < self.options.epochs and not _worsening(curve):
            loss = train_epoch(self.model, optimiser, others, self.options.batch, self._seed(fold, len(curve)))
            held_out, tokens = surprise(self.model, kept, self.options.batch)
            curve.append(held_out)
            self._save(optimiser)
            figures = {"loss": loss, "held_out_perplexity": evaluation.perplexity(held_out, tokens)}
            self.run.report(part=fold, epoch=len(curve), of=self.options.epochs, **figures)

    def _resume(self, epochs: int) -> torch.optim.Optimizer:
        """An optimiser after so many epochs of a part; at the start of one, fresh adapters too."""
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(self.model, self.state["adapter"] if epochs else self.initial)
        trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        optimiser = torch.optim.AdamW(trained, lr=self.options.lr, weight_decay=0.01)
        if epochs:
            optimiser.load_state_dict(self.state["optimiser"])
        return optimiser

    def _save(self, optimiser: torch.optim.Optimizer) -> None:
        self.state |= {"adapter": self._weights(), "optimiser": optimiser.state_dict()}
        self.run.save(self.state)

    def _weights(self) -> dict[str, Tensor]:
        from peft import get_peft_model_state_dict

        return {name: value.detach().clone() for name, value in get_peft_model_state_dict(self.model).items()}

    def _seed(self, part: int, epoch: int) -> int:
        return int(self.options.seed) * 1_000_003 + part * 1009 + epoch


def _worsening(curve: Sequence[float]) -> bool:
    return len(curve) - 1 - min(range(len(curve)), key=curve.__getitem__, default=0) >= PATIENCE


def train_tone(options: argparse.Namespace) -> Path:
    """Train, judge and save; return the adapter's folder. Repeated, it continues where it was killed."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    limit_threads(options.threads)
    examples = read_examples(options.examples)
    where = Path(options.base) if options.base else embedded.prepare(options.data_dir)
    name = options.base or embedded.NAME
    run = Run(options.out, vars(options))
    tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=True)
    model: Any = AutoModelForCausalLM.from_pretrained(where, dtype=torch.float32, local_files_only=True)
    rows = [encode(tokenizer, chat(each.topic), each.caption) for each in examples]
    torch.manual_seed(options.seed)
    rank = {"r": options.rank, "lora_alpha": 2 * options.rank, "lora_dropout": 0.05}
    model = get_peft_model(model, LoraConfig(**rank, target_modules=list(TARGETS), task_type="CAUSAL_LM"))
    trainer = Trainer(model, rows, run, options)
    epochs, perplexity = trainer.train()
    version: str = trainer.state["version"]
    folder: Path = options.out / adapters.FOLDER / "own.candidate" / version
    model.save_pretrained(folder)
    with model.disable_adapter():
        plain = surprise(model, rows, options.batch)
        shown = [evaluation.nearest(examples, each) for each in examples]
        prompted = zip(examples, shown, strict=True)
        few = surprise(model, [encode(tokenizer, chat(each.topic, few), each.caption) for each, few in prompted], 2)
    perplexities = {
        "plain": evaluation.perplexity(*plain),
        "few_shot": evaluation.perplexity(*few),
        "adapter": perplexity,
    }
    facts = {"base": name, "examples": len(examples), "epochs": epochs, "rank": options.rank, "seed": options.seed}
    evaluation.write_card(folder, facts, perplexities)  # the engine loads nothing without a card
    candidate = f"own.candidate/{version}"
    contrast = read_lines(options.contrast) if options.contrast else []
    judged = evaluation.judge(model.unload(), tokenizer, name, options.out, candidate, examples, contrast)
    evaluation.write_card(folder, facts, perplexities, judged)
    run.report(epochs=epochs, **{f"perplexity_{way}": value for way, value in perplexities.items()})
    if options.tone:
        folder = publish(folder, options.data_dir / adapters.FOLDER / options.tone / version)
    print((folder / "README.md").read_text(encoding="utf-8"))
    return folder


def publish(folder: Path, target: Path) -> Path:
    """Copy a finished adapter to its place, whole or not at all."""
    if not target.exists():
        partial = target.with_name(f".{target.name}")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(folder, partial)
        partial.rename(target)
    return target


def parser() -> argparse.ArgumentParser:
    """The options, with their defaults."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--examples", type=Path, required=True, help="JSONL: topic and caption a line")
    made.add_argument("--out", type=Path, required=True, help="the run's folder")
    made.add_argument("--data-dir", type=Path, required=True, help="where the text model is, and where tones go")
    made.add_argument("--tone", default="", help="put it there as this community's: 'discord.123'")
    made.add_argument("--base", default="", help="another transformers folder than the embedded model's")
    made.add_argument("--contrast", type=Path, help="JSONL of captions in other tones, to tell this one from")
    made.add_argument("--rank", type=int, default=16)
    made.add_argument("--lr", type=float, default=5e-4)
    made.add_argument("--batch", type=int, default=4)
    made.add_argument("--epochs", type=int, default=8, help="at most")
    made.add_argument("--folds", type=int, default=3)
    made.add_argument("--threads", type=int, default=1)
    made.add_argument("--seed", type=int, default=0)
    return made


def main() -> None:
    """The command."""
    train_tone(parser().parse_args())


if __name__ == "__main__":
    main()
