"""Measures the style-based generator: what it draws, what its children inherit, what its loops jump.

    python -m engines.training.evaluate_gan --judge RUN --renders DIR256 --data-dir DATA --out RUN

Prompts are those of `engines.training.evaluate` at the same seed and count; `--pipeline FOLDER` draws them with the
denoiser as well. Renders are of characters that training never saw.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import Decoded
from engines.contract import EngineOptions, TextToImage
from engines.gan.checkpoint import ASSETS, Parts, load_parts
from engines.gan.engine import TRUNCATION_PSI, StyleEngine
from engines.gan.morph import trace
from engines.gan.styles import Parent, breed, choose_shares, draw_styles, read_parent
from engines.pictures import to_png
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.classifier import VISIBLE, Judge, accuracy, load_judge
from engines.training.data import read_chunks
from engines.training.evaluate import draw_prompts, frechet, generate, grid, load_pipeline, renders_through

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


def drawn_from_prompts(parts: Parts, judge: Judge, options: argparse.Namespace) -> tuple[dict[str, Any], list[Real]]:
    """Accuracy on prompts, by truncation and beside the judge's ceiling and the denoiser; and renders as parents."""
    rng = random.Random(options.seed)
    drawn = [one for chunk in read_chunks(options.renders) for one in chunk]
    prompts = draw_prompts(drawn, options.count, rng, 0.0 if options.known_words else 1.0)
    texts, mentioned = [caption.text for caption, _ in prompts], [caption.mentioned for caption, _ in prompts]
    conditions = [parts.read_prompt(text)[0] for text in texts]
    latents, labels = renders_through(parts.codec, rng.sample(drawn, 2 * options.count), rng)
    half = options.count
    table: dict[str, Any] = {
        "ceiling": accuracy(judge, latents, labels),
        "frechet_floor": frechet(judge, latents[half:], latents[:half]),
    }
    for psi in (TRUNCATION_PSI, 1.0):
        made = []
        for i, condition in enumerate(conditions):
            whole = parts.examples.complete(condition, 10_000 + i)
            made.append(parts.generator.synthesis(draw_styles(parts.generator, whole, 10_000 + i, psi)[None])[0])
        pictures, read = seen(parts, made)
        table[f"gan, psi {psi:g}"] = accuracy(judge, read, mentioned)
        table[f"frechet, psi {psi:g}"] = frechet(judge, read, latents[:half])
        grid(F.avg_pool2d(pictures[:48], 2), 12).save(options.out / f"prompts-{psi:g}.png")
    if options.pipeline:
        pipeline = load_pipeline(options.pipeline)
        pictures = generate(pipeline, texts, options.seed * 10_000, options.steps, options.guidance)
        read = parts.codec.project(F.avg_pool2d(pictures * 2 - 1, 2))
        table["diffusion"] = accuracy(judge, read, mentioned)
        table["frechet, diffusion"] = frechet(judge, read, latents[:half])
    chosen = zip(latents[: options.pairs * 2], labels, strict=False)
    return table, [Real(one, named, read_parent(parts.generator, one)) for one, named in chosen]


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
    """Per setting of the sliders: of the attributes in which two parents differ, whose value the child shows."""
    pairs = list(zip(reals[0::2], reals[1::2], strict=False))
    table: dict[str, dict[str, float]] = {}
    rows = [seen(parts, [r.latents for r in parents])[0] for parents in zip(*pairs[:12], strict=True)]
    for setting, shares in SETTINGS.items():
        made = [
            breed(parts.generator, first.parent, second.parent, choose_shares(i, shares))
            for i, (first, second) in enumerate(pairs)
        ]
        pictures, read = seen(parts, made)
        rows.append(pictures[:12])
        count: Counter[str] = Counter()
        for logits, name in zip(judge(read)[1], VISIBLE, strict=True):
            for value, (first, second) in zip(logits.argmax(-1).tolist(), pairs, strict=True):
                count[_whose(ATTRIBUTES[name][value], first.labels.get(name), second.labels.get(name))] += 1
        whole = sum(count[who] for who in ("first", "second", "neither"))
        table[setting] = {who: count[who] / whole for who in ("first", "second", "neither")}
        table[setting]["both agree and so does the child"] = count["kept"] / (count["kept"] + count["lost"])
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
    condition = parts.read_prompt(request.prompt)[0]
    latents = parts.generator.synthesis(draw_styles(parts.generator, condition, 0, 0.7)[None])
    (picture,) = parts.decode([latents[0]])
    steps = {
        "whole": lambda: engine.run([request], lambda i, p: None, lambda i: False),
        "prompt": lambda: parts.read_prompt(request.prompt),
        "styles and synthesis": lambda: parts.generator.synthesis(
            draw_styles(parts.generator, condition, 0, 0.7)[None]
        ),
        "decoding": lambda: parts.decode([latents[0]]),
        "PNG": lambda: to_png(picture),
    }
    return {name: min(_seconds(step) for _ in range(count)) * 1000 for name, step in steps.items()}


def _seconds(step: Any) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def as_markdown(table: dict[str, Any]) -> str:
    """The figures as the tables of the model card."""
    drawn = table["prompts"]
    columns = [name for name, value in drawn.items() if isinstance(value, dict)]
    lines = [f"| attribute | {' | '.join(columns)} | given back |", "|---" * (len(columns) + 2) + "|"]
    for name in drawn["ceiling"]:
        parts = [drawn[column] for column in columns] + [table["given_back"]["accuracy"]]
        cells = (f"{part[name]:.3f}" if name in part else "-" for part in parts)
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} |")
    lines += ["", ", ".join(f"{name} {value:.1f}" for name, value in drawn.items() if isinstance(value, float)), ""]
    columns = list(next(iter(table["children"].values())))
    lines += [f"| shares | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for setting, row in table["children"].items():
        lines.append(f"| {setting} | {' | '.join(f'{row[column]:.2f}' for column in columns)} |")
    lines.append("")
    for name in ("given_back", "morphs", "milliseconds"):
        figures = (f"{k.replace('_', ' ')} {v:.3g}" for k, v in table[name].items() if isinstance(v, (int, float)))
        lines.append(f"{name.replace('_', ' ')}: {', '.join(figures)}")
    return "\n".join(lines)


def main() -> None:
    """Measure everything, print it, and write gan.json and grids."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--renders", type=Path, required=True, help="256 px characters that training never saw")
    parser.add_argument("--data-dir", type=Path, required=True, help="where the embedded model's folder is built")
    parser.add_argument("--assets", type=Path, default=ASSETS)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--loops", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known-words", action="store_true", help="ask in training's words instead")
    parser.add_argument("--pipeline", type=Path, help="pipeline folder of the denoiser, to stand beside")
    parser.add_argument("--steps", type=int, default=12, help="of the denoiser")
    parser.add_argument("--guidance", type=float, default=3.0, help="of the denoiser")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    parts, judge = load_parts(EngineOptions(options.data_dir), options.assets), load_judge(options.judge)
    with torch.inference_mode():
        prompts, reals = drawn_from_prompts(parts, judge, options)
        table = {
            "prompts": prompts,
            "given_back": given_back(parts, judge, reals),
            "children": inherited(parts, judge, reals, options.out),
            "morphs": steps_of_morphs(parts, reals, options.loops),
            "milliseconds": milliseconds(parts),
        }
    (options.out / "gan.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(as_markdown(table))


if __name__ == "__main__":
    main()
