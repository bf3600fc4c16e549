"""Every figure of the picture model's card, and the same distances for folders of one's own pictures.

Pictures are compared by the judge (engines.training.classifier), which reads latents of the embedded codec: a small
network that knows nothing but avatars. Its figures rank models of avatars; they are not those of other projects.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.embedded import ASSETS, prepare
from engines.contract import (
    Embeddings,
    EngineOptions,
    FeatureExtraction,
    ImageFeatureExtraction,
    ModelUnavailable,
    Progress,
)
from engines.pictures import to_png
from engines.training import evaluate, metrics
from engines.training.attributes import ATTRIBUTES, Labels
from engines.training.classifier import VISIBLE, Judge, accuracy, load_judge
from engines.training.data import CHUNK, Drawn, read_chunks, render_chunk
from engines.training.folder import SUFFIXES, BadFolder, read_picture
from engines.vision.embedding import load_pictures, load_texts

JUDGE = ASSETS.parent / "judge"
CANDIDATES = 4
SEED = 7
"""Of the characters that are rendered to measure with: training uses others."""


class Reader:
    """The judge and the codec whose latents it reads."""

    def __init__(self, judge: Path = JUDGE) -> None:
        """Load both."""
        self.judge: Judge = load_judge(judge)
        self.codec = PatchAutoencoder.from_pretrained(ASSETS / "vae")

    @torch.no_grad()
    def latents(self, pictures: Tensor) -> Tensor:
        """Latents (B, C, 16, 16) of square pictures (B, 3, H, H) in 0..1, H a multiple of 128."""
        return cast(Tensor, self.codec.project(F.avg_pool2d(pictures.float() * 2 - 1, pictures.shape[-1] // 128)))

    @torch.no_grad()
    def read(self, latents: Tensor) -> tuple[np.ndarray, list[np.ndarray]]:
        """Features (B, D) and probabilities (B, values) for each visible attribute."""
        features, logits = self.judge(latents)
        return features.numpy(), [part.softmax(-1).numpy() for part in logits]


def compare(reader: Reader, made: Tensor, real: Tensor) -> dict[str, float]:
    """Distances of made latents to real ones, and the variety of the made ones."""
    (features, probabilities), (wanted, _) = reader.read(made), reader.read(real)
    precision, recall = metrics.precision_recall(features, wanted)
    size = np.sqrt(np.square(wanted).mean())  # the cubic kernel is made for features of about unit size
    return {
        "FID": metrics.frechet_distance(features, wanted),
        "KID": metrics.kernel_distance(features / size, wanted / size),
        "inception_score": metrics.inception_score(probabilities),
        "precision": precision,
        "recall": recall,
    }


def of_folders(pictures: Path, reference: Path) -> dict[str, Any]:
    """Figures of one folder of pictures against another; BadFolder, in one sentence, for what cannot be read."""
    reader = Reader()
    made, real = reader.latents(read_all(pictures)), reader.latents(read_all(reference))
    return {"pictures": len(made), "reference": len(real), **compare(reader, made, real)}


def read_all(folder: Path) -> Tensor:
    """Every picture of a folder as (B, 3, 256, 256) in 0..1."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    if len(paths) < 2:
        raise BadFolder(f"{folder} holds {len(paths)} pictures; at least 2 are needed.")
    return torch.from_numpy(np.stack([read_picture(path, 256) for path in paths])).permute(0, 3, 1, 2).float() / 255


def of_model(model: Path | None, work: Path, count: int, steps: int | None = None) -> dict[str, Any]:
    """Figures of the embedded picture model, or of a run's `weights` folder, on `count` combinations never trained on.

    'real' has the same figures for as many other renders: what a perfect model would reach. Writes samples.png.
    """
    folder = prepare(work, ASSETS if model is None else weights_of(model))
    defaults = json.loads((folder / "huashen.json").read_text(encoding="utf-8"))
    pipeline, rng = evaluate.load_pipeline(folder), random.Random(1)
    drawn = [one for chunk in renders(work / "renders", 2 * count) for one in chunk]
    prompts = evaluate.draw_prompts(drawn, count, rng, 0.0)
    texts, mentioned = [caption.text for caption, _ in prompts], [caption.mentioned for caption, _ in prompts]
    steps, guidance = steps or defaults["num_inference_steps"], defaults["guidance_scale"]
    examples = evaluate.examples_of(folder, pipeline)
    pictures = evaluate.generate(pipeline, texts, 10_000, steps, guidance, examples)
    evaluate.grid(pictures[:24], min(6, count)).save(work / "samples.png")
    reader = Reader()
    made = reader.latents(pictures)
    ordinary, asked = evaluate.ordinary_prompts()
    ordinary_pictures = evaluate.generate(pipeline, ordinary, 20_000, steps, guidance, examples)
    real, labels = evaluate.renders_through(reader.codec, rng.sample(drawn, 2 * count), rng)
    return {
        "count": count, "steps": steps, "guidance": guidance,
        **compare(reader, made, real[:count]),
        "real": compare(reader, real[count:], real[:count]),
        "accuracy": accuracy(reader.judge, made, mentioned),
        "ordinary words": accuracy(reader.judge, reader.latents(ordinary_pictures), asked),
        "ceiling": accuracy(reader.judge, real, labels),
        "prompt_agreement": agreement(reader, made, mentioned),
        "prompt_agreement_real": agreement(reader, real, labels),
        **dual_scores(work, texts, pictures),
    }  # fmt: skip


def of_candidates(work: Path, count: int) -> dict[str, float]:
    """What it brings to draw four and show the one that the dual encoder finds nearest to the prompt.

    Share of `count` prompts of which everything is there, in the first picture drawn, the chosen one and the best one.
    """
    folder = prepare(work)
    defaults = json.loads((folder / "huashen.json").read_text(encoding="utf-8"))
    pipeline, reader = evaluate.load_pipeline(folder), Reader()
    how = defaults["num_inference_steps"], defaults["guidance_scale"], evaluate.examples_of(folder, pipeline)
    drawn = [one for chunk in renders(work / "renders", count) for one in chunk]
    prompts = evaluate.draw_prompts(drawn, count, random.Random(2), 0.0)
    texts, mentioned = [caption.text for caption, _ in prompts], [caption.mentioned for caption, _ in prompts]
    rounds = [evaluate.generate(pipeline, texts, 30_000 + count * i, *how) for i in range(CANDIDATES)]
    right = np.array([whole(reader, reader.latents(pictures), mentioned) for pictures in rounds])
    cosines = np.array([cosines_of(work, texts, pictures).diagonal() for pictures in rounds])
    chosen = right[cosines.argmax(axis=0), np.arange(count)]
    return {
        "count": count,
        "candidates": CANDIDATES,
        "first": float(right[0].mean()),
        "chosen": float(chosen.mean()),
        "best": float(right.max(axis=0).mean()),
    }


def dual_scores(work: Path, prompts: list[str], pictures: Tensor) -> dict[str, float]:
    """Mean cosine in the dual encoder's space of pictures (B, 3, H, W) and their prompts, and of pairs mixed up.

    Nothing where its weights are not there.
    """
    try:
        cosines = cosines_of(work, prompts, pictures)
    except ModelUnavailable:
        return {}
    mixed_up = np.roll(cosines, 1, axis=1)
    return {
        "dual_encoder": float(cosines.diagonal().mean()),
        "dual_encoder_mixed_up": float(mixed_up.diagonal().mean()),
    }


def cosines_of(work: Path, prompts: list[str], pictures: Tensor) -> np.ndarray:
    """Cosines (pictures, prompts) in the dual encoder's space; raises ModelUnavailable where it is not there."""
    options = EngineOptions(work)
    eyes, ears = load_pictures(options), load_texts(options)
    files = tuple(to_png(evaluate.grid(one[None], 1)) for one in pictures)
    seen, read = (
        engine.run([request], _unheard, _never)[0]
        for engine, request in ((eyes, ImageFeatureExtraction(files)), (ears, FeatureExtraction(tuple(prompts))))
    )
    if not (isinstance(seen, Embeddings) and isinstance(read, Embeddings)):
        raise ValueError(f"The dual encoder did not answer: {seen if isinstance(read, Embeddings) else read}")
    cosines: np.ndarray = np.array(seen.vectors) @ np.array(read.vectors).T
    return cosines


def _unheard(_: int, __: Progress) -> None:
    """Nobody watches."""


def _never(_: int) -> bool:
    return False


def agreement(reader: Reader, latents: Tensor, wanted: list[Labels]) -> float:
    """Share of pictures in which the judge reads everything that was asked for and can be seen."""
    return float(np.mean(whole(reader, latents, wanted)))


@torch.no_grad()
def whole(reader: Reader, latents: Tensor, wanted: list[Labels]) -> list[bool]:
    """Whether the judge reads everything in a picture that was asked for and can be seen."""
    logits = reader.judge(latents)[1]
    answers = [part.argmax(-1).tolist() for part in logits]

    def all_there(row: int, labels: Labels) -> bool:
        asked = ((i, name) for i, name in enumerate(VISIBLE) if name in labels)
        return all(ATTRIBUTES[name][answers[i][row]] == labels[name] for i, name in asked)

    return [all_there(row, labels) for row, labels in enumerate(wanted)]


def weights_of(model: Path) -> Path:
    """The weights folder of a run of `train diffusion`, or `model` itself where it is one; BadFolder otherwise."""
    for folder in (model, model / "weights"):
        if (folder / "manifest.json").is_file():
            return folder
    raise BadFolder(f"{model} is no run of 'huashen train diffusion' that has come to its end: it has no weights.")


def renders(folder: Path, count: int) -> Iterator[list[Drawn]]:
    """Chunks of at least `count` characters at 256 px that no training uses, rendered where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = -(-count // CHUNK)
    for index in tqdm(range(chunks), desc="renders to compare with", unit="chunk", disable=None):
        render_chunk(folder, index, 256, SEED)
    return read_chunks(folder, limit=chunks)
