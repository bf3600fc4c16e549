"""How texts compare with references, and how much they vary."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence


def words(text: str) -> list[str]:
    """Lower-case words, without punctuation."""
    return re.findall(r"\w+(?:'\w+)?", text.lower())


def bleu(texts: Sequence[str], references: Sequence[str]) -> float:
    """Corpus BLEU in 0..100 (Papineni et al. 2002) by sacrebleu, one reference a text."""
    import sacrebleu

    return float(sacrebleu.corpus_bleu(list(texts), [list(references)]).score)


def rouge(texts: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Mean F1 in 0..1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004) by rouge-score, without stemming; English alone."""
    from rouge_score.rouge_scorer import RougeScorer

    names = ("rouge1", "rouge2", "rougeL")
    scorer = RougeScorer(list(names))
    scores = [scorer.score(reference, text) for text, reference in zip(texts, references, strict=True)]
    return {name: sum(score[name].fmeasure for score in scores) / len(scores) for name in names}


def distinct(texts: Sequence[str], n: int) -> float:
    """Share of different n-grams among all n-grams of the texts (Li et al. 2016); 0 where there are none."""
    grams = [gram for text in texts for gram in _grams(words(text), n)]
    return len(set(grams)) / len(grams) if grams else 0.0


def perplexity(log_likelihood: float, tokens: int) -> float:
    """exp of the mean negative log-likelihood (in nats) of a token."""
    return math.exp(-log_likelihood / tokens)


def _grams(tokens: list[str], n: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[i:] for i in range(n)), strict=False))
