"""Which words training never sees: one in eight, by chance, wherever it stands.

The evaluation asks with phrases that hold such a word, to see how far the sentence encoder's knowledge of English
carries. Words that many phrases share ('hair', 'with') and the commonest names of a value are always taught: a member
uses them in every prompt, and without them there is nothing to carry over from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from zlib import crc32

from engines.training import words as w

ONE_IN = 8
SHARED = 4
"""Phrases that hold a word from which on it is always taught."""
COMMONEST = 3
"""How many of a value's first phrases are always taught."""


def known(phrases: w.Words) -> w.Words:
    """The phrases that training may use, in their order."""
    return _split(phrases)[0]


def unknown(phrases: w.Words) -> w.Words:
    """The phrases with a word that training never sees."""
    return _split(phrases)[1]


@cache
def _split(phrases: w.Words) -> tuple[w.Words, w.Words]:
    kept = kept_words()
    unseen = tuple(p for p in phrases if _words(p) & kept)
    return tuple(p for p in phrases if not _words(p) & kept), unseen


@cache
def kept_words() -> frozenset[str]:
    """Every word that is kept for the test; of a value whose words the chance would all teach, the one next in line."""
    tables = list(_tables())
    shared = Counter(word for phrases in tables for phrase in phrases for word in _words(phrase))
    taught = {word for word, count in shared.items() if count >= SHARED}
    taught |= {word for phrases in tables for phrase in phrases[:COMMONEST] for word in _words(phrase)}
    everywhere = (w.CALLINGS, w.SHADES, w.OPENINGS, w.ENDINGS, w.OUT_OF_REACH)
    taught |= {word for phrases in everywhere for phrase in phrases for word in _words(phrase)}
    kept = {word for word in shared.keys() - taught if _lot(word) % ONE_IN == 0}
    for phrases in tables:
        rest = {word for phrase in phrases for word in _words(phrase)} - taught
        if rest and not rest & kept:
            kept.add(min(rest, key=_lot))
    return frozenset(kept)


def _tables() -> Iterator[w.Words]:
    by_value = (
        w.PEOPLE, w.STYLES, w.COLOURS, w.SKINS, w.SKIN_PHRASES, w.HAIR_COLOURS, w.HAIR_COLOUR_ADJECTIVES,
        w.HAIR_ADJECTIVES, w.HAIR_PHRASES, w.HATS, w.GLASSES, w.FACIAL_HAIR, w.FACIAL_HAIR_ADJECTIVES, w.GARMENTS,
        w.EXPRESSIONS, w.EXPRESSION_PHRASES, w.EYES, w.TOPS,
    )  # fmt: skip
    for table in by_value:
        yield from table.values()
    yield w.BACKGROUNDS


def _words(phrase: str) -> set[str]:
    return set(re.findall(r"[a-z0-9']+", phrase.lower()))


def _lot(word: str) -> int:
    return crc32(word.encode())
