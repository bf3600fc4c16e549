"""Whether a community is better off with its trained voice than with examples in the prompt, before anyone sees it.

Figures, all printed and kept in the adapter's folder (tone.json, README.md):

- perplexity of the community's captions: of the bare model, with its examples in the prompt (each caption judged with
  others as examples), and of adapters that did not learn the fold they are asked about;
- over captions written for TOPICS, from each of the three: distinct-1 and distinct-2, the share of different words and
  pairs (Li et al. 2016, arXiv:1510.03055); how much nearer, by sentence embeddings, they are to the middle of the
  examples than to the middle of other tones' captions; and the longest run of words that is an example's, as a share
  of the caption.

The rule: an adapter is offered if its perplexity is below both others', its distinct-2 at least DISTINCT of that of
few-shot captions, and at most COPIES of its captions are more than half an example's words in a row. Otherwise it is
kept with the reason, and the community's captions go on being written few-shot.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engines.contract import EngineError, TextGeneration, Texts
from engines.sentence_encoder import SentenceEncoder
from engines.text.adapters import CARD, FOLDER
from engines.text.engine import TextEngine
from engines.training.tone_data import Example, chat

TOPICS = (
    "my dog learned a trick",
    "a long queue at the bakery",
    "first day at a new job",
    "the bus was late again",
    "planting tomatoes",
    "a picnic by the lake",
    "our team won the match",
    "moving to a new flat",
    "a broken umbrella",
    "quiz night on Friday",
)
EACH = 4
"""Captions a topic."""
SHOWN = 5
"""Examples in a few-shot prompt."""
DISTINCT = 0.75
COPIES = 0.1
WAYS = ("plain", "few_shot", "adapter")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the captions written one way are like; `nearer` is a difference of cosines, `copied` shares of words."""

    distinct_1: float
    distinct_2: float
    nearer: float
    copied_mean: float
    copies: float
    samples: tuple[str, ...]


def perplexity(nats: float, tokens: int) -> float:
    """exp of the mean negative log-likelihood a token."""
    return math.exp(nats / tokens)


@cache
def _encoder() -> SentenceEncoder:
    return SentenceEncoder()


def nearest(examples: Sequence[Example], to: Example, count: int = SHOWN) -> list[Example]:
    """The other examples whose topics are nearest to that of `to`, the nearest last, beside the question."""
    others = [each for each in examples if each != to]
    vectors = _encoder().embed([to.topic, *(each.topic for each in others)])
    order = (vectors[1:] @ vectors[0]).argsort(descending=True)[:count].flip(0)
    return [others[int(index)] for index in order]


def judge(
    model: Any,
    tokenizer: Any,
    base: str,
    folder: Path,
    adapter: str,
    examples: Sequence[Example],
    contrast: Sequence[Example],
) -> dict[str, Figures]:
    """Write captions in each of the WAYS, by the engine that members are served by, and look at them.

    The adapter is `folder`/tones/`adapter`. Without `contrast` it is told from the bare model's captions.
    """
    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    engine = TextEngine(base, model.to(torch.bfloat16 if fast else torch.float32).eval(), tokenizer, folder / FOLDER)
    written = {way: _written(engine, way, adapter, examples) for way in WAYS}
    own = _middle([each.caption for each in examples])
    others = _middle([each.caption for each in contrast] or written["plain"])
    return {way: _figures(texts, examples, own - others) for way, texts in written.items()}


def _written(engine: TextEngine, way: str, adapter: str, examples: Sequence[Example]) -> list[str]:
    requests = [
        TextGeneration(
            chat(topic, nearest(examples, Example(topic, "")) if way == "few_shot" else ()),
            num_return_sequences=EACH,
            max_new_tokens=48,
            temperature=0.7,
            top_p=0.9,
            adapter=adapter if way == "adapter" else None,
        )
        for topic in TOPICS
    ]
    texts: list[str] = []
    for answer in engine.run(requests, lambda index, progress: None, lambda index: False):
        if isinstance(answer, EngineError):
            raise answer
        assert isinstance(answer, Texts)
        texts += answer.texts
    return texts


def _middle(texts: Sequence[str]) -> Tensor:
    """The direction of the texts' mean, (384)."""
    return nn.functional.normalize(_encoder().embed(texts).mean(0), dim=0)


def _figures(texts: Sequence[str], examples: Sequence[Example], direction: Tensor) -> Figures:
    copied = [max(copied_share(text, each.caption) for each in examples) for text in texts]
    return Figures(
        distinct_1=distinct(texts, 1),
        distinct_2=distinct(texts, 2),
        nearer=float((_encoder().embed(texts) @ direction).mean()),
        copied_mean=sum(copied) / len(copied),
        copies=sum(share > 0.5 for share in copied) / len(copied),
        samples=tuple(texts[::EACH]),
    )


def distinct(texts: Sequence[str], n: int) -> float:
    """The share of different n-grams among all n-grams of the texts."""
    grams = [tuple(said[at : at + n]) for said in map(_words, texts) for at in range(len(said) - n + 1)]
    return len(set(grams)) / max(1, len(grams))


def copied_share(text: str, example: str) -> float:
    """The longest run of words that both have, as a share of the text's."""
    said, source = _words(text), _words(example)
    longest, before = 0, [0] * (len(source) + 1)
    for word in said:  # the longest common substring, a row of its table at a time
        row = [0] * (len(source) + 1)
        for place, other in enumerate(source, 1):
            row[place] = before[place - 1] + 1 if word == other else 0
        longest, before = max(longest, *row), row
    return longest / max(1, len(said))


def _words(text: str) -> list[str]:
    return [word for word in (part.strip(".,;:!?…\"'()").casefold() for part in text.split()) if word]


def reason_against(perplexities: Mapping[str, float], judged: Mapping[str, Figures]) -> str | None:
    """Why an adapter is not offered, by name of the rule's part; None when it is."""
    if perplexities["adapter"] >= min(perplexities["plain"], perplexities["few_shot"]):
        return "perplexity"
    if judged["adapter"].distinct_2 < DISTINCT * judged["few_shot"].distinct_2:
        return "distinct"
    return "copies" if judged["adapter"].copies > COPIES else None


def write_card(
    folder: Path,
    facts: Mapping[str, Any],
    perplexities: Mapping[str, float],
    judged: Mapping[str, Figures] | None = None,
) -> None:
    """Write tone.json, for the program, and README.md, for people; not `judged` yet, it is not offered."""
    against = reason_against(perplexities, judged) if judged else "unjudged"
    figures = {way: asdict(each) for way, each in judged.items()} if judged else {}
    card = {**facts, "offered": against is None, "against": against, "perplexity": perplexities, "figures": figures}
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False), encoding="utf-8")
    if not judged:
        return
    rows = [
        f"| {way.replace('_', '-')} | {perplexities[way]:.1f} | {each.distinct_1:.2f} | {each.distinct_2:.2f} "
        f"| {each.nearer:+.3f} | {each.copied_mean:.2f} | {each.copies:.2f} |"
        for way, each in judged.items()
    ]
    samples = [
        f"- {topic}\n" + "\n".join(f"  - {way.replace('_', '-')}: {judged[way].samples[index]}" for way in WAYS)
        for index, topic in enumerate(TOPICS)
    ]
    head = "Offered." if against is None else f"Kept aside: {against}."
    text = [
        f"# A voice for {facts['base']}",
        f"{head} A LoRA adapter of rank {facts['rank']}, trained on {facts['examples']} captions for "
        f"{facts['epochs']} epochs by `engines/training/tone.py`; it knows nothing but how this community sounds.",
        "| way | held-out perplexity | distinct-1 | distinct-2 | nearer to the tone | longest copied run | copies |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(rows),
        "What each way wrote first, unpicked:\n\n" + "\n".join(samples),
    ]
    (folder / "README.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")
