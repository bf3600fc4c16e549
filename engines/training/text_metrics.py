"""How texts compare with references, and how much they vary."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence


def words(text: str) -> list[str]:
    """Lower-case words, without punctuation."""
    return re.findall(r"\w+(?:'\w+)?", text.lower())


def bleu(texts: Sequence[str], references: Sequence[str]) -> float:
    """Corpus BLEU in 0..100 (Papineni et al. 2002) by sacrebleu, one reference a text."""
    import sacrebleu

    return float(sacrebleu.corpus_bleu(list(texts), [list(references)]).score)


def rouge(texts: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Mean F1 in 0..1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), without stemming."""
    pairs = [(words(text), words(reference)) for text, reference in zip(texts, references, strict=True)]
    scores = {f"rouge{n}": [_f1(_overlap(t, r, n), len(t) - n + 1, len(r) - n + 1) for t, r in pairs] for n in (1, 2)}
    scores["rougeL"] = [_f1(_common_subsequence(t, r), len(t), len(r)) for t, r in pairs]
    return {name: sum(values) / len(values) for name, values in scores.items()}


def distinct(texts: Sequence[str], n: int) -> float:
    """Share of different n-grams among all n-grams of the texts (Li et al. 2016); 0 where there are none."""
    grams = [gram for text in texts for gram in _grams(words(text), n)]
    return len(set(grams)) / len(grams) if grams else 0.0


def perplexity(log_likelihood: float, tokens: int) -> float:
    """exp of the mean negative log-likelihood (in nats) of a token."""
    return math.exp(-log_likelihood / tokens)


def _grams(tokens: list[str], n: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[i:] for i in range(n)), strict=False))


def _overlap(first: list[str], second: list[str], n: int) -> int:
    return (Counter(_grams(first, n)) & Counter(_grams(second, n))).total()


def _f1(matches: int, made: int, wanted: int) -> float:
    return 2 * matches / (made + wanted) if matches else 0.0


def _common_subsequence(first: list[str], second: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for a in first:
        before = 0
        for i, b in enumerate(second, 1):
            before, row[i] = row[i], before + 1 if a == b else max(row[i], row[i - 1])
    return row[-1]
