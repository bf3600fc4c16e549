"""An owner's own terms are found as the rules find theirs: however they are disguised, and as whole words."""

import pytest

from bot.domain.moderation import Category
from bot.screening.terms import own_terms

TERMS = ("goblin", "Zug um Zug", "妖怪", "c++", "café")


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("A Goblin!", "Goblin"),
        ("a g o b l i n", "g o b l i n"),
        ("a g0blin", "g0blin"),
        ("a gοblin", "gοblin"),
        ("zug um  zug", "zug um  zug"),
        ("Zug um Zug, please", "Zug um Zug"),
        ("一只妖怪在山上", "妖怪"),
        ("I like C++ here", "C++"),
        ("a cafe", "cafe"),
        ("goblins", None),
        ("hobgoblin", None),
        ("a knight", None),
    ],
)
def test_a_term_is_found_in_its_disguises(text: str, evidence: str | None) -> None:
    found = own_terms(text, TERMS)
    assert [(signal.category, signal.evidence) for signal in found] == (
        [(Category.OWN_TERMS, evidence)] if evidence else []
    )


def test_no_terms_see_nothing() -> None:
    assert own_terms("a goblin", ()) == [] == own_terms("a goblin", ("", "\u200b"))
