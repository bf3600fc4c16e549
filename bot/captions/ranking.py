"""Which candidates a member is shown: about the topic but not the topic again, fluent, and unlike each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.captions.catalogue import Tone
from bot.captions.repair import repair
from bot.captions.rules import faults
from bot.captions.words import STOPWORDS, content, words

VARIETY = 0.35
"""How much likeness to a caption already chosen costs, against relevance (Carbonell & Goldstein 1998, MMR)."""
PARROT_COSINE = 0.85
"""A text nearer to the topic than this repeats it."""
RELEVANT_COSINE = 0.25
"""A text farther from the topic than this is about something else."""

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    vector: Vector | None
    score: float


def choose(
    texts: Sequence[str],
    finish_reasons: Sequence[str],
    topic: str,
    tone: Tone,
    count: int,
    vectors: Sequence[Vector] | None = None,
) -> list[str]:
    """The best captions among the candidates, `count` or fewer; none when none is worth showing.

    `vectors` are unit vectors of the topic and then of each text; None ranks by words alone.
    """
    pool: list[_Candidate] = []
    for index, (text, reason) in enumerate(zip(texts, finish_reasons, strict=True)):
        repaired = repair(text, reason, topic, tone)
        if faults(repaired, topic, tone) or any(repaired == other.text for other in pool):
            continue
        vector = vectors[index + 1] if vectors else None
        relevance = _dot(vectors[0], vector) if vectors and vector else _overlap(content(topic), content(repaired))
        if vectors and relevance < RELEVANT_COSINE:
            continue
        pool.append(_Candidate(repaired, vector, _worth(repaired, topic, tone, relevance)))
    chosen: list[_Candidate] = []
    while pool and len(chosen) < count:
        best = max(
            pool, key=lambda one: one.score - VARIETY * max((_likeness(one, other) for other in chosen), default=0)
        )
        pool.remove(best)
        chosen.append(best)
    return [one.text for one in chosen]


def _worth(text: str, topic: str, tone: Tone, relevance: float) -> float:
    """Relevance, less what makes a caption poor: being the topic again, being too brief, saying the same word twice."""
    said = words(text)
    telling = content(text)
    parroting = max(0.0, relevance - PARROT_COSINE)
    news = len(set(telling) - set(content(topic)))
    brief = max(0, 7 - len(said)) / 7
    repeating = 1 - len(set(telling)) / max(1, len(telling))
    hollow = sum(word in STOPWORDS for word in said) / max(1, len(said))
    return (
        min(relevance, PARROT_COSINE)
        - 3 * parroting
        - 0.3 * brief
        - 0.5 * repeating
        - 0.3 * hollow
        + 0.02 * min(news, 6)
    )


def _likeness(one: _Candidate, other: _Candidate) -> float:
    if one.vector and other.vector:
        return _dot(one.vector, other.vector)
    return _overlap(content(one.text), content(other.text))


def _overlap(some: Sequence[str], others: Sequence[str]) -> float:
    """The share of words in common (Jaccard)."""
    together = set(some) | set(others)
    return len(set(some) & set(others)) / len(together) if together else 0.0


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
