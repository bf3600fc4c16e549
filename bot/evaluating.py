"""`huashen evaluate`: asks engines.training for the figures and prints them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from bot.captions import build, tones
from engines.contract import TextGeneration

PARTS = ("pictures", "gan", "vision", "text")


def measure(
    only: str | None,
    pictures: Path | None,
    reference: Path | None,
    model: Path | None,
    count: int,
    work: Path,
    as_json: bool,
) -> None:
    """Measure what was asked for, printing each part when it is done; ValueError where it cannot be."""
    if only not in (None, *PARTS):
        raise ValueError(f"--only is one of {', '.join(PARTS)}.")
    if model is not None and only not in (None, "pictures"):
        raise ValueError("--model draws pictures, and that is all that can be measured of it.")
    if (pictures is None) != (reference is None):
        raise ValueError("--pictures and --reference belong together: the one is measured against the other.")
    if count < 2:
        raise ValueError("--count must be at least 2.")
    work.mkdir(parents=True, exist_ok=True)
    from engines.training.quiet import quiet
    from engines.training.runs import limit_threads

    quiet()
    limit_threads(1)  # as training: on a shared machine two threads wait for each other
    if pictures is not None and reference is not None:
        from engines.training.figures import of_folders

        show("pictures", of_folders(pictures, reference), as_json)
        return
    for part in ("pictures",) if model is not None else PARTS if only is None else (only,):
        for name, figures in _figures(part, model, work, count):
            show(name, figures, as_json)


def _figures(part: str, model: Path | None, work: Path, count: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is measured of one of the PARTS, under the names it is shown by; each loads what it needs and no more."""
    if part == "pictures":
        from engines.training.figures import of_candidates, of_model

        yield "pictures", of_model(model, work, count)
        if model is None:
            yield "pictures, best of several", of_candidates(work, max(2, count // 2))
    elif part == "gan":
        from engines.training.evaluate_gan import of_generator

        yield from of_generator(work, count)
    elif part == "vision":
        from engines.training.evaluate_vision import of_vision

        yield from of_vision(work, count)
    else:
        from engines.training.language import of_captions

        yield "text", of_captions(work, list(left_out()))


def left_out() -> Iterator[tuple[TextGeneration, str]]:
    """Each tone's every example: what would be asked for its topic without it, and the caption it has."""
    for tone in tones().values():
        for example in tone.examples:
            others = tuple(other for other in tone.examples if other is not example)
            yield build(example.topic, replace(tone, examples=others), 1, 0), example.caption


def show(part: str, figures: Mapping[str, Any], as_json: bool) -> None:
    """Print figures: one JSON object, or a line each, attributes as a table."""
    if as_json:
        typer.echo(json.dumps({"part": part, **figures}))
        return
    typer.echo(part)
    tables = {name: value for name, value in figures.items() if isinstance(value, Mapping) and name != "real"}
    real = figures.get("real", {})
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            beside = f"   (other renders: {_number(real[name])})" if name in real else ""
            typer.echo(f"  {name.replace('_', ' '):24}{_number(value)}{beside}")
    if tables:
        width = max(12, 2 + max(map(len, tables)))
        typer.echo(f"  {'':24}" + "".join(f"{name:>{width}}" for name in tables))
        for row in dict.fromkeys(row for table in tables.values() for row in table):
            cells = "".join(f"{_number(table[row]) if row in table else '-':>{width}}" for table in tables.values())
            typer.echo(f"  {row.replace('_', ' '):24}{cells}")


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4g}"
