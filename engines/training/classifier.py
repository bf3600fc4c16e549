"""The judge: a small network that reads attributes off a picture's latent.

    python -m engines.training.classifier --data LATENTS --out RUN --until 07:20

It is trained on renders only, with noise, and is used nowhere but in the evaluation. Its own accuracy on renders it has
not seen is the ceiling of what the evaluation can show.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.avatar.delta import read_weights
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.clock import progress_until
from engines.training.latents import LatentCharacters
from engines.training.low_rank import add_arguments, begin, publish
from engines.training.runs import Average, Run, limit_threads

VISIBLE = tuple(name for name in ATTRIBUTES if name not in ("gender", "age"))
"""Attributes that can be seen in a picture."""
FEATURES = 128
WEIGHTS = "judge.safetensors"


class Judge(nn.Module):
    """Latents (B, C, 16, 16) to features (B, FEATURES) and logits per visible attribute."""

    def __init__(self, channels: int = 16) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, 64, 3, padding=1), nn.ReLU(),
            nn.Conv2d(64, 96, 3, padding=1, stride=2), nn.ReLU(),
            nn.Conv2d(96, 128, 3, padding=1), nn.ReLU(),
            nn.Conv2d(128, 128, 3, padding=1, stride=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(128 * 16, FEATURES), nn.ReLU(),
        )  # fmt: skip
        self.heads = nn.ModuleList([nn.Linear(FEATURES, len(ATTRIBUTES[name])) for name in VISIBLE])

    def forward(self, latents: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Features and one row of logits per attribute."""
        features = self.body(latents)
        return features, [head(features) for head in self.heads]


def targets(labels: list[Labels]) -> Tensor:
    """Class indices (B, attributes), -1 where an attribute does not apply."""
    rows = [[ATTRIBUTES[a].index(one[a]) if a in one else -1 for a in VISIBLE] for one in labels]
    return torch.tensor(rows)


def load_judge(folder: Path) -> Judge:
    """The trained judge of a folder, with what it learned since in factors of low rank, if there are any."""
    state = read_weights(folder / WEIGHTS)
    judge = Judge(state["body.0.weight"].shape[1])
    judge.load_state_dict(state)
    return judge.eval()


@torch.no_grad()
def accuracy(judge: Judge, latents: Tensor, labels: list[Labels]) -> dict[str, float]:
    """Share of latents whose label the judge reads rightly, per attribute, over those that have the label."""
    logits, wanted = judge(latents)[1], targets(labels)
    scores = {}
    for i, name in enumerate(VISIBLE):
        asked = wanted[:, i] >= 0
        if asked.any():
            scores[name] = float((logits[i].argmax(-1) == wanted[:, i])[asked].float().mean())
    return scores


def main() -> None:
    """Train until the given time, on from what a killed run left, and save the judge or what it learned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", required=True, help="time of day to stop, HH:MM")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--unseen", type=int, default=800, help="last characters kept for the test")
    parser.add_argument("--every", type=float, default=60, help="seconds between reports")
    add_arguments(parser)
    options = parser.parse_args()
    limit_threads(1)
    run, data, rng = Run(options.out, vars(options)), LatentCharacters(options.data), random.Random(0)
    test = [data.draw(i, rng) for i in range(len(data) - options.unseen, len(data))]
    test_latents, test_labels = torch.stack([latent for latent, _ in test]), [labels for _, labels in test]
    judge = Judge(data.shape[0])
    optimiser = torch.optim.AdamW(begin(judge, options, WEIGHTS, [*judge.heads]), lr=options.lr, weight_decay=0.02)
    average, step = Average(judge, 0.995), 0
    if (saved := run.load()) is not None:
        judge.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average.state, average.updates, step = saved["average"], saved["updates"], saved["step"]
    clock, reported, losses = progress_until(options.until), time.time(), []
    while (part := clock()) < 1:
        for group in optimiser.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 50) * max(0.02, min(1.0, 2 * (1 - part)))
        drawn = [data.draw(rng.randrange(len(data) - options.unseen), rng) for _ in range(options.batch)]
        latents = torch.stack([latent for latent, _ in drawn])
        latents = latents + torch.randn_like(latents) * torch.rand(len(latents), 1, 1, 1) * 0.3
        wanted = targets([labels for _, labels in drawn])
        logits = judge(F.dropout2d(latents, 0.03))[1]
        parts = [F.cross_entropy(row, wanted[:, i], ignore_index=-1) for i, row in enumerate(logits)]
        loss = torch.stack(parts).nan_to_num(0).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        average.update(judge)
        step += 1
        losses.append(loss.item())
        if time.time() - reported > options.every:
            state = {"model": judge.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
            run.save(state | {"updates": average.updates, "step": step})
            run.report(step=step, loss=float(np.mean(losses)), **accuracy(judge, test_latents, test_labels))
            reported, losses = time.time(), []
    judge.load_state_dict(average.state)
    run.report(step=step, **accuracy(judge.eval(), test_latents, test_labels))
    publish(judge, options.out / WEIGHTS, options.rank)


if __name__ == "__main__":
    main()
