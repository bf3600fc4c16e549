"""Measures what is in engines/assets/vision on held-out combinations: the figures of its model card.

    python -m engines.training.evaluate_vision --drawings DIR --photos DIR

counts kinds on pictures that are no avatars; everything else is measured by `huashen evaluate`.

Renders are of characters and colours together that training never saw. The dual encoder has to find each of `count`
pictures by a caption among all of them, and among eight that differ in one attribute; the captioner's sentences are
compared with five written for the labels (BLEU by sacrebleu, ROUGE-L by rouge-score) and read back attribute by
attribute; kinds are counted on drawings of styles kept for the test, and on photographs.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engines.contract import Description, EngineOptions, FeatureExtraction, ImageFeatureExtraction, ImageToText, Request
from engines.pictures import to_png
from engines.training.attributes import PALETTES, Labels
from engines.training.captions import Caption, write
from engines.training.data import Drawn
from engines.training.descriptions import EXPRESSIONS, EYES, TOPS, describe
from engines.training.figures import renders
from engines.training.kinds import crops, others
from engines.training.render import SLOTS, draw_colours, hex_to_rgb, tint
from engines.training.runs import limit_threads
from engines.vision import embedding, engine

CANDIDATES = 8
HAIR_WORDS = {"dreads": "dreadlocks", "scarf": "headscarf"}


def said(labels: Labels, sentence: str) -> dict[str, bool]:
    """Attribute -> whether the sentence says its value."""
    words = re.findall(r"[\w-]+", sentence.lower())
    style = next((word for word in ("pixel-art", "robot", "monster") if word in words), "cartoon")
    worn = next((word for word in ("sunglasses", "glasses") if word in words), "none")
    grown = next((word for word in ("beard", "moustache") if word in words), "none")
    text = sentence.lower()
    checks: dict[str, Callable[[str], bool]] = {
        "style": lambda value: style.removesuffix("-art") == value,
        "skin": lambda value: f"{value}-skinned" in words,
        "hair": lambda value: HAIR_WORDS.get(value, value) in words,
        "hair_colour": lambda value: bool(re.search(rf"{value} (hair|bob|afro|dreadlocks|beard|moustache)", text)),
        "hat_colour": lambda value: bool(re.search(rf"{value} (hat|headscarf|turban)", text)),
        "glasses": lambda value: worn == value,
        "facial_hair": lambda value: grown == value,
        "clothes": lambda value: bool(re.search(rf"in (an? )?{value} ", text)),
        "garment": lambda value: value in words,
        "expression": lambda value: EXPRESSIONS[value] in words,
        "colour": lambda value: f"{value} {labels['style']}" in text,
        "eyes": lambda value: EYES[value] in text,
        "top": lambda value: TOPS[value] in text,
        "background": lambda value: f"{value} background" in text,
    }
    return {name: check(labels[name]) for name, check in checks.items() if name in labels}


def coloured(one: Drawn, colours: np.ndarray) -> bytes:
    """The character in these colours, as PNG."""
    return to_png(Image.fromarray((tint(one.planes, colours) * 255).round().astype(np.uint8)))


def rivals(one: Drawn, labels: Labels, colours: np.ndarray, name: str, rng: random.Random) -> list[bytes]:
    """Seven pictures that differ from the labelled one in the colour attribute `name` alone."""
    slot = SLOTS if name == "background" else (one.slots or ()).index(name)
    others = [value for value in PALETTES[name] if value != labels[name]]
    pictures = []
    for value in rng.choices(others, k=CANDIDATES - 1):
        changed = colours.copy()
        changed[slot] = hex_to_rgb(rng.choice(PALETTES[name][value]))
        pictures.append(coloured(one, changed))
    return pictures


def ask(model: Any, requests: Sequence[Request]) -> list[Any]:
    """The engine's answers; an error among them is raised."""
    answers = model.run(requests, lambda *_: None, lambda _: False)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return list(answers)


def vectors(model: Any, requests: Sequence[Request]) -> Tensor:
    """The vectors (N, D) of embedding requests."""
    return torch.tensor([row for answer in ask(model, requests) for row in answer.vectors])


def find(
    pictures: Sequence[bytes],
    captions: Sequence[Caption],
    drawn: Sequence[Drawn],
    truths: Sequence[Any],
    rng: random.Random,
) -> dict[str, float]:
    """Recall among all pictures, by full captions and by captions as people write them, and choices among eight."""
    options = EngineOptions(Path("unused"), device="cpu")
    eye, ear = embedding.load_pictures(options), embedding.load_texts(options)
    seen = vectors(eye, [ImageFeatureExtraction(tuple(pictures))])
    figures: dict[str, float] = {}
    for kind, texts in (
        ("captions", [caption.text for caption in captions]),
        ("full", [describe(labels, rng) for labels, _ in truths]),
    ):
        ranks = (vectors(ear, [FeatureExtraction(tuple(texts))]) @ seen.T).argsort(1, descending=True)
        place = (ranks == torch.arange(len(texts))[:, None]).nonzero()[:, 1]
        for most in (1, 5):
            figures[f"{kind}_recall_at_{most}"] = float((place < most).float().mean())
    chosen = defaultdict(list)
    for picture, one, (labels, colours) in zip(pictures, drawn, truths, strict=True):
        name = rng.choice([name for name in PALETTES if name in labels])
        if name != "background" and name not in (one.slots or ()):
            continue
        candidates = (picture, *rivals(one, labels, colours, name, rng))
        text = f"{labels['style']}, {_phrase(name, labels[name])}"
        scores = vectors(eye, [ImageFeatureExtraction(candidates)]) @ vectors(ear, [FeatureExtraction((text,))])[0]
        chosen[name].append(int(scores.argmax()) == 0)
    figures |= {f"of_eight_{name}": float(np.mean(hits)) for name, hits in chosen.items()}
    return figures | {"of_eight": float(np.mean([hit for hits in chosen.values() for hit in hits]))}


def _phrase(name: str, value: str) -> str:
    forms = {"skin": "{} skin", "hair_colour": "{} hair", "hat_colour": "{} hat", "clothes": "{} clothes",
             "colour": "{} body", "background": "{} background"}  # fmt: skip
    return forms[name].format(value)


def tell(pictures: Sequence[bytes], truths: Sequence[Any], rng: random.Random) -> dict[str, float]:
    """How the captioner's sentences compare with written ones, and which attributes they and the heads have right."""
    import sacrebleu
    from rouge_score import rouge_scorer

    describer = engine.load(EngineOptions(Path("unused"), device="cpu"))
    told: list[Description] = ask(describer, [ImageToText(picture) for picture in pictures])
    texts = [one.text.rstrip(".").lower() for one in told]
    written = [[describe(labels, rng) for labels, _ in truths] for _ in range(5)]
    scorer = rouge_scorer.RougeScorer(["rougeL"])
    rouge = [
        max(scorer.score(reference[i], text)["rougeL"].fmeasure for reference in written)
        for i, text in enumerate(texts)
    ]
    right, read = defaultdict(list), defaultdict(list)
    for one, (labels, _) in zip(told, truths, strict=True):
        for name, hit in said(labels, one.text).items():
            right[name].append(hit)
            if name in one.attributes:
                read[name].append(one.attributes[name] == labels[name])
    figures = {
        "bleu": sacrebleu.corpus_bleu(texts, written).score,
        "rouge_l": float(np.mean(rouge)),
        "avatars_known": float(np.mean([one.kind == "avatar" for one in told])),
        "confidence": float(np.mean([one.confidence for one in told])),
    }
    figures |= {f"said_{name}": float(np.mean(hits)) for name, hits in right.items()}
    return figures | {f"read_{name}": float(np.mean(hits)) for name, hits in read.items()}


def tell_apart(folders: tuple[Path, Path], count: int, rng: random.Random) -> dict[str, float]:
    """Shares of kinds that drawings and photographs which are no avatars are taken for."""
    describer = engine.load(EngineOptions(Path("unused"), device="cpu"))
    figures: dict[str, float] = {}
    parts = {"drawing": others(folders[0], "test", count, rng), "photo": crops(folders[1], count, rng)}
    for kind, pictures in parts.items():
        kinds = Counter(ask(describer, [ImageToText(to_png(picture))])[0].kind for picture in pictures)
        figures |= {f"{kind}_as_{name}": number / count for name, number in kinds.items()}
    return figures


def of_vision(work: Path, count: int) -> Iterator[tuple[str, dict[str, float]]]:
    """What the dual encoder finds and the captioner says of `count` renders, part by part."""
    rng = random.Random(1)
    drawn = rng.sample([one for chunk in renders(work / "renders", count) for one in chunk], count)
    truths = [draw_colours(one.labels, one.slots, rng, held_out=True) for one in drawn]
    pictures = [coloured(one, colours) for one, (_, colours) in zip(drawn, truths, strict=True)]
    captions = [write(labels, rng) for labels, _ in truths]
    yield "dual encoder", find(pictures, captions, drawn, truths, rng)
    yield "captioner", tell(pictures, truths, rng)


def main() -> None:
    """Count kinds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawings", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="photographs that the kinds were not fitted on")
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    limit_threads(1)
    figures = tell_apart((options.drawings, options.photos), options.count, random.Random(1))
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):28} {value:.3f}")


if __name__ == "__main__":
    main()
