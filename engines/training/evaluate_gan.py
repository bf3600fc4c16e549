"""Measures the style-based generator: what it draws, what its children inherit, what its loops jump."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import Decoded
from engines.contract import EngineOptions, TextToImage
from engines.gan.checkpoint import Parts, load_parts
from engines.gan.engine import TRUNCATION_PSI, StyleEngine
from engines.gan.morph import trace
from engines.gan.styles import Parent, choose_shares, read_parent
from engines.pictures import to_png
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import Caption
from engines.training.classifier import VISIBLE, Judge, accuracy
from engines.training.evaluate import draw_prompts, grid, renders_through
from engines.training.figures import Reader, compare, renders

SETTINGS: dict[str, tuple[float | None, ...]] = {
    "all of the first": (0.0, 0.0, 0.0),
    "coarse of the second": (1.0, 0.0, 0.0),
    "middle of the second": (0.0, 1.0, 0.0),
    "fine of the second": (0.0, 0.0, 1.0),
    "coarse and middle": (1.0, 1.0, 0.0),
    "half of each": (0.5, 0.5, 0.5),
    "left to the seed": (None, None, None),
}
"""Shares of the second parent: coarse, middle, fine."""


@dataclass(frozen=True, slots=True)
class Real:
    """A render read back by the encoder."""

    latents: Tensor
    labels: Labels
    parent: Parent


def seen(parts: Parts, latents: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, 256, 256) in 0..1 of latents, and the latents that the codec reads off them again."""
    pictures = torch.cat([cast(Decoded, parts.codec.decode(one[None])).sample for one in latents])
    return pictures / 2 + 0.5, parts.codec.project(F.avg_pool2d(pictures, 2))


def of_generator(work: Path, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every figure of the generator's card, part by part; writes prompts.png and children.png into `work`."""
    parts, reader = load_parts(EngineOptions(work)), Reader()
    rng = random.Random(1)
    drawn = [one for chunk in renders(work / "renders", 2 * count) for one in chunk]
    with torch.inference_mode():
        latents, labels = renders_through(parts.codec, rng.sample(drawn, 2 * count), rng)
        yield "gan", drawn_from_prompts(parts, reader, draw_prompts(drawn, count, rng, 0.0), latents, labels, work)
        pairs = zip(latents[:count], labels, strict=False)
        reals = [Real(one, named, read_parent(parts.generator, one)) for one, named in pairs]
        yield "gan, given back", given_back(parts, reader.judge, reals)
        yield "gan, children", inherited(parts, reader.judge, reals, work)
        yield "gan, morphs", steps_of_morphs(parts, reals, max(2, count // 20))
        yield "gan, milliseconds of processor time", milliseconds(parts)


def drawn_from_prompts(
    parts: Parts,
    reader: Reader,
    prompts: list[tuple[Caption, Labels]],
    latents: Tensor,
    labels: list[Labels],
    work: Path,
) -> dict[str, Any]:
    """Distances and accuracy on held-out combinations, by truncation, beside those of other renders."""
    half = len(prompts)
    read = [parts.read_prompt(caption.text)[0] for caption, _ in prompts]
    mentioned = [caption.mentioned for caption, _ in prompts]
    table: dict[str, Any] = {"count": half}
    for psi in (1.0, TRUNCATION_PSI):
        made = [parts.imagine(tokens, seed, psi) for seed, tokens in enumerate(read, start=10_000)]
        pictures, again = seen(parts, made)
        table[f"accuracy, psi {psi:g}"] = accuracy(reader.judge, again, mentioned)
        table[f"FID, psi {psi:g}"] = compare(reader, again, latents[:half])["FID"]
    grid(F.avg_pool2d(pictures[:48], 2), min(12, half)).save(work / "prompts.png")
    return table | {
        **compare(reader, again, latents[:half]),
        "real": compare(reader, latents[half:], latents[:half]),
        "ceiling": accuracy(reader.judge, latents, labels),
    }


def given_back(parts: Parts, judge: Judge, reals: list[Real]) -> dict[str, Any]:
    """How much of a parent its styles alone give back, without the residual."""
    truth, again = torch.stack([r.latents for r in reals]), torch.stack([r.latents - r.parent.residual for r in reals])
    wanted, made = seen(parts, list(truth))[0], seen(parts, list(again))
    return {
        "latents_mean_square": float((again - truth).square().mean()),
        "latents_variance": float(truth.var(dim=0).mean()),
        "pictures_db": float(-10 * (wanted - made[0]).square().flatten(1).mean(1).log10().mean()),
        "accuracy": accuracy(judge, made[1], [r.labels for r in reals]),
    }


def inherited(parts: Parts, judge: Judge, reals: list[Real], out: Path) -> dict[str, dict[str, float]]:
    """Of the attributes in which two parents differ, whose value the child shows, by the setting of the sliders."""
    pairs = list(zip(reals[0::2], reals[1::2], strict=False))
    table: dict[str, dict[str, float]] = {who: {} for who in ("first", "second", "neither", "agreed")}
    rows = [seen(parts, [r.latents for r in parents])[0] for parents in zip(*pairs[:12], strict=True)]
    for setting, shares in SETTINGS.items():
        made = [
            parts.breed(first.parent, second.parent, choose_shares(i, shares))
            for i, (first, second) in enumerate(pairs)
        ]
        pictures, read = seen(parts, made)
        rows.append(pictures[:12])
        count: Counter[str] = Counter()
        for logits, name in zip(judge(read)[1], VISIBLE, strict=True):
            for value, (first, second) in zip(logits.argmax(-1).tolist(), pairs, strict=True):
                count[_whose(ATTRIBUTES[name][value], first.labels.get(name), second.labels.get(name))] += 1
        whole = sum(count[who] for who in ("first", "second", "neither"))
        for who in ("first", "second", "neither"):
            table[who][setting] = count[who] / whole
        table["agreed"][setting] = count["kept"] / (count["kept"] + count["lost"])
    grid(F.avg_pool2d(torch.cat(rows), 2), min(12, len(pairs))).save(out / "children.png")
    return table


def _whose(value: str, first: str | None, second: str | None) -> str:
    if first is None or second is None:
        return "not comparable"
    if first == second:
        return "kept" if value == first else "lost"
    return "first" if value == first else "second" if value == second else "neither"


def steps_of_morphs(parts: Parts, reals: list[Real], loops: int, frames: int = 60) -> dict[str, float]:
    """Largest step between decoded frames, last to first too, over the median one: worst and mean of many loops."""
    ratios = []
    for i in range(loops):
        parents = [r.parent for r in reals[i : i + 2 + i % 4]]
        pictures = seen(parts, trace(parts.generator, parents, frames, parts.codec.scale))[0]
        steps = (pictures - pictures.roll(-1, 0)).square().flatten(1).mean(1).sqrt()
        ratios.append(float(steps.max() / steps.median()))
    return {"loops": loops, "frames": frames, "worst": max(ratios), "mean": sum(ratios) / len(ratios)}


def milliseconds(parts: Parts, count: int = 20) -> dict[str, float]:
    """Processor time of one avatar from prompt to PNG, and of its steps; the best of `count`, on one thread."""
    engine, request = StyleEngine(parts), TextToImage("a happy green robot with an antenna", model="gan")
    tokens = parts.read_prompt(request.prompt)[0]
    latents = parts.imagine(tokens, 0, TRUNCATION_PSI)
    (picture,) = parts.decode([latents])
    steps = {
        "whole": lambda: engine.run([request], lambda i, p: None, lambda i: False),
        "prompt": lambda: parts.read_prompt(request.prompt),
        "imagining": lambda: parts.imagine(tokens, 0, TRUNCATION_PSI),
        "settling, of that": lambda: parts.settler.settle(latents, tokens),
        "decoding": lambda: parts.decode([latents]),
        "PNG": lambda: to_png(picture),
    }
    return {name: min(_seconds(step) for _ in range(count)) * 1000 for name, step in steps.items()}


def _seconds(step: Any) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start
