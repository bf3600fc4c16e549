"""Writes a run's model card: what it was made of, by which command, and the figures it reached."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

from engines.training.runs import read_stats

TEMPLATE = """\
# {recipe}: {folder}

Trained with the recipe `{recipe}` of Huashen, from {start}.

```
{command}
```

## Figures

{figures}

Every report is in `stats.jsonl`; `tensorboard --logdir {folder}` draws them.
{samples}
## Data

{data}

## Options

| option | value |
|---|---|
{options}

Python {python}, torch {torch}, {machine}.

## Use and limits

Write here what it is for and what it must not be used for, and whose pictures or texts it learned from, under which
licence. What this card cannot know, it does not claim.
"""


def write_card(folder: Path, recipe: str, command: str, stages: list[str]) -> Path:
    """Write README.md into the run folder, anew each time a run ends; returns its path."""
    stats = read_stats(folder)
    path = folder / "options.json"
    options = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    samples = sorted((folder / "samples").glob("*.png"))
    card = folder / "README.md"
    card.write_text(
        TEMPLATE.format(
            recipe=recipe,
            folder=folder,
            command=command,
            start="published weights" if options.get("weights") else "random weights",
            figures=figures(stats),
            samples=f"\n![the newest samples](samples/{samples[-1].name})\n" if samples else "",
            data="\n".join(f"{i}. `python -m {stage}`" for i, stage in enumerate(stages, 1)) or "None was prepared.",
            options="\n".join(f"| {name.replace('_', '-')} | {value} |" for name, value in options.items()),
            python=platform.python_version(),
            torch=version("torch"),
            machine=platform.machine(),
        ),
        encoding="utf-8",
    )
    return card


def figures(stats: list[dict[str, float]]) -> str:
    """The first and the last report of each figure as a table, in Markdown."""
    if not stats:
        return "The recipe reported none."
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for line in stats:
        for name, value in line.items():
            first.setdefault(name, value)
            last[name] = value
    names = [name for name in last if name != "time"]
    minutes = (last["time"] - first["time"]) / 60
    rows = [f"| {name.replace('_', ' ')} | {first[name]:g} | {last[name]:g} |" for name in names]
    table = ["| figure | first report | last report |", "|---|---|---|", *rows]
    return "\n".join([*table, "", f"{len(stats)} reports in {minutes:.0f} minutes, pauses between runs included."])
