"""Measures a pipeline folder, with its own steps and guidance, on combinations that training never saw.

    python -m engines.training.evaluate --pipeline FOLDER --judge RUN --renders DIR256 --out RUN --words known

Prompts are in training's words (`known`), hold a word that training never saw for every attribute (`unknown`), or are
those of prompts/ordinary.jsonl, written by hand in the words of ordinary people (`ordinary`). Beside the judge's
accuracy on the pictures stand its ceiling (on real renders of held-out combinations, sent through the codec), the share
of the commonest value, and Frechet distances: pictures to renders, and renders to other renders as the floor.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

import engines.avatar.text_encoder  # noqa: F401 - diffusers finds our classes in modules already imported
from engines.avatar.codec import Decoded
from engines.avatar.completion import FILE, Examples, encode_prompts, read_examples
from engines.contract import EngineOptions
from engines.device import choose_dtype
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.captions import Caption, write
from engines.training.classifier import VISIBLE, Judge, accuracy, load_judge
from engines.training.data import Drawn, read_chunks
from engines.training.render import draw_colours, tint

ORDINARY = Path(__file__).parent / "prompts" / "ordinary.jsonl"
KINDS = {"cartoon": "person", "pixel": "person", "robot": "robot", "monster": "monster"}
"""style -> kind: whoever asks for 'a man' may get either style of people."""


def load_pipeline(folder: Path) -> Any:
    """The folder's pipeline on the CPU, in the number format that the engine takes there, silent."""
    dtype = choose_dtype(EngineOptions(folder), torch.device("cpu"))
    pipeline: Any = cast(Any, StableDiffusionPipeline).from_pretrained(folder, dtype=dtype, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def defaults(options: argparse.Namespace) -> tuple[int, float]:
    """Steps and guidance: the options', or else the folder's own."""
    said = json.loads((options.pipeline / "huashen.json").read_text(encoding="utf-8"))
    steps, guidance = options.steps, options.guidance
    return (
        said["num_inference_steps"] if steps is None else steps,
        said["guidance_scale"] if guidance is None else guidance,
    )


@torch.no_grad()
def generate(
    pipeline: Any, prompts: list[str], seed: int, steps: int, guidance: float, examples: Examples | None = None
) -> Tensor:
    """Pictures (B, 3, 256, 256) in 0..1; picture i is drawn from `seed + i` whatever the batches.

    With `examples` prompts are completed, as the engine does.
    """
    parts = []
    for first in range(0, len(prompts), 8):
        chosen = prompts[first : first + 8]
        seeds = range(seed + first, seed + first + len(chosen))
        asked = {"prompt": chosen} if examples is None else encode_prompts(pipeline, examples, chosen, None, seeds)
        generators = [torch.Generator().manual_seed(one) for one in seeds]
        made = pipeline(
            **asked, num_inference_steps=steps, guidance_scale=guidance, generator=generators, output_type="pt"
        )
        parts.append(made.images.float())
    return torch.cat(parts)


def examples_of(folder: Path, pipeline: Any) -> Examples | None:
    """The examples of a pipeline's folder, where it has some."""
    file = folder / FILE
    return read_examples(file, pipeline.text_encoder) if file.is_file() else None


def draw_prompts(
    drawn: list[Drawn], count: int, rng: random.Random, held_out_words: float
) -> list[tuple[Caption, Labels]]:
    """Captions of held-out combinations, with the complete labels they were written from."""
    chosen = []
    for one in rng.sample(drawn, count):
        labels, _ = draw_colours(one.labels, one.slots, rng, held_out=True)
        chosen.append((write(labels, rng, held_out_words), labels))
    return chosen


def ordinary_prompts() -> tuple[list[str], list[Labels]]:
    """The prompts of ordinary people, and what each asks for."""
    rows = [json.loads(line) for line in ORDINARY.read_text(encoding="utf-8").splitlines()]
    return [row["prompt"] for row in rows], [row["labels"] for row in rows]


@torch.no_grad()
def kinds(judge: Judge, latents: Tensor, labels: list[Labels]) -> float:
    """Share of latents in which the judge sees the asked kind: person, robot or monster."""
    styles = ATTRIBUTES["style"]
    seen = [KINDS[styles[i]] for i in judge(latents)[1][VISIBLE.index("style")].argmax(-1).tolist()]
    asked = [one.get("kind") or KINDS[one["style"]] if one.keys() & {"kind", "style"} else None for one in labels]
    return float(np.mean([s == a for s, a in zip(seen, asked, strict=True) if a]))


@torch.no_grad()
def renders_through(codec: Any, drawn: list[Drawn], rng: random.Random) -> tuple[Tensor, list[Labels]]:
    """Latents of renders of held-out combinations after encoding, decoding and encoding again, and their labels."""
    latents, all_labels = [], []
    for one in drawn:
        labels, colours = draw_colours(one.labels, one.slots, rng, held_out=True)
        picture = torch.from_numpy(tint(one.planes, colours)).permute(2, 0, 1)[None] * 2 - 1
        made = cast(Decoded, codec.decode(encode(codec, picture).to(codec.dtype))).sample
        latents.append(encode(codec, made.float()))
        all_labels.append(labels)
    return torch.cat(latents), all_labels


def encode(codec: Any, pictures: Tensor) -> Tensor:
    """Latents (B, C, 16, 16) of pictures (B, 3, 256, 256) in -1..1, in float32 whatever the codec's own format."""
    half = F.pixel_unshuffle(F.avg_pool2d(pictures, 2), 8) - codec.mean.float()[:, None, None]
    kernel = codec.basis.float() / codec.scale.float()[:, None]
    return F.conv2d(half, kernel[:, :, None, None])


@torch.no_grad()
def frechet(judge: Judge, first: Tensor, second: Tensor) -> float:
    """Frechet distance (Heusel et al. 2017) between two sets of latents in the judge's features."""
    moments = []
    for latents in (first, second):
        features = judge(latents)[0].double()
        moments.append((features.mean(0), features.T.cov()))
    (mean1, cov1), (mean2, cov2) = moments
    roots = torch.linalg.eigvals(cov1 @ cov2).real.clamp(min=0).sqrt().sum()
    return float((mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * roots)


def commonest(labels: list[Labels]) -> dict[str, float]:
    """Share of the commonest value, per attribute."""
    names = {name for one in labels for name in one if name in ATTRIBUTES}
    counts = {name: Counter(one[name] for one in labels if name in one) for name in names}
    return {name: max(count.values()) / count.total() for name, count in counts.items()}


def grid(pictures: Tensor, columns: int) -> Image.Image:
    """Pictures (B, 3, H, W) in 0..1 side by side."""
    rows = torch.split(pictures, columns)
    whole = torch.cat([torch.cat(list(row), dim=2) for row in rows if len(row) == columns], dim=1)
    return Image.fromarray((whole.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


def evaluate(options: argparse.Namespace) -> dict[str, Any]:
    """Draw, judge, and return the table."""
    pipeline, rng = load_pipeline(options.pipeline), random.Random(options.seed)
    drawn = [one for chunk in read_chunks(options.renders) for one in chunk]
    steps, guidance = defaults(options)
    prompts = draw_prompts(drawn, options.count, rng, float(options.words == "unknown"))
    texts, mentioned = [caption.text for caption, _ in prompts], [caption.mentioned for caption, _ in prompts]
    if options.words == "ordinary":
        texts, mentioned = ordinary_prompts()
    examples = examples_of(options.pipeline, pipeline)
    pictures = generate(pipeline, texts, options.seed * 10_000, steps, guidance, examples)
    grid(pictures[:24], min(6, len(pictures))).save(options.out / f"{options.words}.png")
    latents = encode(pipeline.vae, pictures * 2 - 1)
    ids = pipeline.tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt").input_ids
    understood = [one.values for one in pipeline.text_encoder.understand(ids)]
    read = {
        name: float(np.mean([u.get(name) == m[name] for u, m in zip(understood, mentioned, strict=True) if name in m]))
        for name in {name for one in mentioned for name in one} - {"kind"}
    }
    real, real_labels = renders_through(pipeline.vae, rng.sample(drawn, 2 * options.count), rng)
    half, judge = options.count, load_judge(options.judge)
    table = {
        "words": options.words, "count": len(texts), "steps": steps, "guidance": guidance,
        "accuracy": {"kind": kinds(judge, latents, mentioned)} | accuracy(judge, latents, mentioned),
        "text_read_rightly": read,
        "ceiling": {"kind": kinds(judge, real, real_labels)} | accuracy(judge, real, real_labels),
        "majority": commonest(real_labels),
        "prompts": texts[:24],
    }  # fmt: skip
    if options.words != "ordinary":  # those ask for other things than the renders show
        table |= {
            "frechet": frechet(judge, latents, real[:half]),
            "frechet_floor": frechet(judge, real[half:], real[:half]),
            "frechet_noise": frechet(judge, torch.randn_like(real[:half]), real[:half]),
        }
    return table


def as_markdown(table: dict[str, Any]) -> str:
    """The figures as the table of the model card."""
    lines = [
        "| attribute | pictures | judge's ceiling | commonest value | text alone |",
        "|---|---|---|---|---|",
    ]
    for name in table["ceiling"]:
        kinds = ("accuracy", "ceiling", "majority", "text_read_rightly")
        cells = (f"{table[kind][name]:.3f}" if name in table[kind] else "-" for kind in kinds)
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} |")
    distances = [f"{name.replace('_', ' ')} {table[name]:.1f}" for name in table if name.startswith("frechet")]
    header = f"{table['count']} pictures, {table['steps']} steps, guidance {table['guidance']:g}"
    header = "; ".join([header, ", ".join(distances)] if distances else [header])
    return "\n".join([header, "", *lines])


def main() -> None:
    """Evaluate and write the figures, and a grid of the first 24 pictures, named after the words asked in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--renders", type=Path, required=True, help="256 px characters the denoiser never saw")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, help="instead of the model's own")
    parser.add_argument("--guidance", type=float, help="instead of the model's own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", choices=("known", "unknown", "ordinary"), default="known")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    table = evaluate(options)
    (options.out / f"{options.words}.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
    print(as_markdown(table))


if __name__ == "__main__":
    main()
