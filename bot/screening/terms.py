"""Words that a community's owner does not want to see, found however they are disguised."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.domain.moderation import Category, Signal
from bot.screening.normalise import normalise, views

SOURCE = "own-terms"
_SPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
"""Scripts without spaces between words: a term in one of them is met anywhere."""


def own_terms(text: str, terms: Sequence[str]) -> list[Signal]:
    """One signal when a term is met, with the member's words; terms and text are read as the rules read them."""
    pattern = _pattern(tuple(terms))
    if pattern is None:
        return []
    read = views(text)
    for view in (read.folded, read.plain, *read.others):
        if match := pattern.search(view.text):
            start, end = view.span(match)
            return [Signal(Category.OWN_TERMS, 1.0, SOURCE, text[start:end])]
    return []


@lru_cache(maxsize=256)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    read = sorted({normalise(term).strip() for term in terms} - {""}, key=len, reverse=True)
    words = [re.escape(term) if _SPACED.search(term) else rf"(?<!\w){re.escape(term)}(?!\w)" for term in read]
    return re.compile("|".join(words)) if words else None
