"""A run folder: what a training leaves behind, and what a killed one continues from.

options.json   the options it was started with
stats.jsonl    one line of figures a report; the same as TensorBoard events where tensorboardX is installed
samples/       a picture every few minutes, where the recipe can draw
checkpoint.pt  tensors and plain values
"""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from tqdm import tqdm


class Run:
    """The folder of one run."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        """Create the folder, or continue in it; options of a continued run are written again."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        plain = {key: str(value) if isinstance(value, Path) else value for key, value in options.items()}
        (folder / "options.json").write_text(json.dumps(plain, indent=1), encoding="utf-8")
        self._events: Any = None
        self._draw: Callable[[], Image.Image] | None = None
        self._every, self._drawn = 0.0, 0.0

    def draw_samples(self, draw: Callable[[], Image.Image], every: float = 180) -> None:
        """Call `draw` at the first report and then at most every so many seconds, and keep its picture."""
        self._draw, self._every, self._drawn = draw, every, 0.0

    def report(self, **figures: float) -> None:
        """Append one line to stats.jsonl and print it, above the progress bar where there is one."""
        line = json.dumps({"time": round(time.time(), 1)} | {k: round(v, 5) for k, v in figures.items()})
        with (self.folder / "stats.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        tqdm.write(line)
        step = int(figures.get("step", 0))
        if self._events is None and (events := _event_writer(self.folder)) is not None:
            self._events = events
            weakref.finalize(self, events.close)
        if self._events is not None:
            for name, value in figures.items():
                if name != "step":
                    self._events.add_scalar(name, value, step)
            self._events.flush()
        if self._draw is not None and time.monotonic() - self._drawn >= self._every:
            self._keep(self._draw(), step)
            self._drawn = time.monotonic()

    def _keep(self, picture: Image.Image, step: int) -> None:
        folder = self.folder / "samples"
        folder.mkdir(exist_ok=True)
        picture.save(folder / f"{step:07}.png")
        if self._events is not None:
            self._events.add_image("samples", np.asarray(picture.convert("RGB")), step, dataformats="HWC")

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


def read_stats(folder: Path) -> list[dict[str, float]]:
    """Every reported line of a run; a last line that a kill has cut short is left out."""
    path = folder / "stats.jsonl"
    stats: list[dict[str, float]] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            stats.append(json.loads(line))
        except ValueError:
            continue
    return stats


def mean_figures(figures: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each figure over the steps that have it."""
    names = dict.fromkeys(name for one in figures for name in one)
    return {name: float(np.mean([one[name] for one in figures if name in one])) for name in names}


def _event_writer(folder: Path) -> Any:
    """A writer of TensorBoard's event files, or None: stats.jsonl holds the same figures, which is enough."""
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), write_to_disk=True)


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
    if torch.get_num_interop_threads() != 1:  # may be set but once in a process, which may run several stages
        torch.set_num_interop_threads(1)


def save_half(network: nn.Module, target: Path, metadata: dict[str, str] | None = None) -> None:
    """Write a network's state in float16, as it is published."""
    half = {name: value.detach().half().contiguous() for name, value in network.state_dict().items()}
    save_file(half, target, metadata)
