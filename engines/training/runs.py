"""A run folder: options as JSON, one line of figures per report, and a checkpoint that a killed run continues from."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn


class Run:
    """A folder with options.json, stats.jsonl and checkpoint.pt (tensors and plain values only)."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        """Create the folder, or continue in it; options of a continued run are written again."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        plain = {key: str(value) if isinstance(value, Path) else value for key, value in options.items()}
        (folder / "options.json").write_text(json.dumps(plain, indent=1), encoding="utf-8")

    def report(self, **figures: float) -> None:
        """Append one line to stats.jsonl and print it."""
        line = json.dumps({"time": round(time.time(), 1)} | {k: round(v, 5) for k, v in figures.items()})
        with (self.folder / "stats.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def save(self, state: Mapping[str, Any]) -> None:
        """Write the checkpoint under another name first, so that a kill leaves the old one or the new one."""
        target = self.folder / "checkpoint.pt"
        partial = target.with_suffix(".partial")
        torch.save(dict(state), partial)
        partial.replace(target)

    def load(self) -> dict[str, Any] | None:
        """Read the checkpoint back, refusing anything but tensors and plain values; None where there is none."""
        target = self.folder / "checkpoint.pt"
        if not target.exists():
            return None
        state: dict[str, Any] = torch.load(target, map_location="cpu", weights_only=True)
        return state


class Average:
    """An exponential moving average of a model's state, all of it floating-point."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        """`decay` is approached as (1 + updates) / (10 + updates), so that early weights are forgotten."""
        self.decay, self.updates = decay, 0
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move the average towards the model's present weights."""
        self.updates += 1
        step = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        now = model.state_dict()
        torch._foreach_lerp_([self.state[name] for name in now], list(now.values()), step)


def limit_threads(threads: int) -> None:
    """Compute with this many threads; without spinning, so that neighbours on the machine are left alone."""
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
