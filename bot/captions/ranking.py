"""Which candidates a member is shown: about the topic but not the topic again, fluent, and unlike each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.captions import length as lengths
from bot.captions.catalogue import Tone
from bot.captions.repair import repair
from bot.captions.rules import faults, makes_up
from bot.captions.words import content, words
from bot.domain.requests import Length

VARIETY = 0.5
"""How much likeness to a caption already chosen costs, against relevance (Carbonell & Goldstein 1998, MMR)."""
PARROT_COSINE = 0.85
"""A text nearer to the topic than this repeats it."""
ENOUGH_COSINE = 0.65
"""Nearer than this is no better: it is about the topic, and more would be the same words again."""
RELEVANT_COSINE = 0.25
"""A text farther from the topic than this is about something else."""
FLUENCY = 0.35
"""What the least likely candidate loses against the likeliest: a small model's unlikely texts make little sense."""

_OURS = frozenset({"my", "our", "i", "i'm", "we", "we're"})
_THEIRS = frozenset({"you", "your", "you're", "they're", "their", "they"})

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    news: frozenset[str]
    vector: Vector | None
    score: float


def choose(
    texts: Sequence[str],
    finish_reasons: Sequence[str],
    topic: str,
    tone: Tone,
    count: int,
    vectors: Sequence[Vector] | None = None,
    length: Length = Length.NORMAL,
) -> list[str]:
    """The best captions among the candidates, `count` or fewer; none when none is worth showing.

    A short one may be as long as the tone allows when too few are shorter.

    One that makes up a count, a person or a place is taken only when all do.

    `texts` come likeliest first, as the text engine gives them: an earlier one is taken for more fluent.
    `vectors` are unit vectors of the topic and then of each text; None ranks by words alone.
    """
    fitted = lengths.fitted(tone, length)
    widest = replace(fitted, max_words=max(fitted.max_words, tone.max_words))
    pool: list[_Candidate] = []
    for index, (text, reason) in enumerate(zip(texts, finish_reasons, strict=True)):
        repaired = repair(text, reason, topic, fitted) or repair(text, reason, topic, widest)
        if faults(repaired, topic, widest) or any(repaired == other.text for other in pool):
            continue
        vector = vectors[index + 1] if vectors else None
        relevance = _dot(vectors[0], vector) if vectors and vector else _coverage(topic, repaired)
        if vectors and relevance < RELEVANT_COSINE:
            continue
        news = frozenset(content(repaired)) - frozenset(content(topic))
        score = _worth(repaired, topic, relevance) - FLUENCY * index / len(texts)
        score += lengths.worth(repaired, length, fitted.max_words)
        pool.append(_Candidate(repaired, news, vector, score))
    pool = [one for one in pool if not makes_up(one.text, topic)] or pool
    chosen: list[_Candidate] = []
    while pool and len(chosen) < count:
        best = max(
            pool, key=lambda one: one.score - VARIETY * max((_likeness(one, other) for other in chosen), default=0)
        )
        pool.remove(best)
        chosen.append(best)
    return [one.text for one in chosen]


def _worth(text: str, topic: str, relevance: float) -> float:
    """Relevance, less what makes a caption poor: the topic again, brevity, one word twice, another speaker."""
    said, telling = words(text), content(text)
    parroting = 3 * max(0.0, relevance - PARROT_COSINE)
    brief = 0.3 * max(0, 7 - len(said)) / 7
    repeating = 0.5 * (1 - len(set(telling)) / max(1, len(telling)))
    mine = not _OURS.isdisjoint(words(topic))
    stranger = 0.15 * (mine and not _THEIRS.isdisjoint(said[:2]))
    return min(relevance, ENOUGH_COSINE) - parroting - brief - repeating - stranger


def _likeness(one: _Candidate, other: _Candidate) -> float:
    """How much two captions say the same, 0..1: what they mean, and what they add to the topic in so many words."""
    both = one.news | other.news
    words_shared = len(one.news & other.news) / len(both) if both else 1.0
    meaning = _dot(one.vector, other.vector) if one.vector and other.vector else words_shared
    return 0.5 * meaning + 0.5 * words_shared


def _coverage(topic: str, text: str) -> float:
    """The share of the topic's words that a text takes up."""
    about = set(content(topic))
    return len(about & set(content(text))) / max(1, len(about))


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
