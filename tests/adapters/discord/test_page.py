"""A stranger's words lose their life, and a message stays within Discord's limits."""

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.wording import clip
from adapters.discord.page import ALT_LIMIT, NOBODY, Page, Picture, inert

ALIVE = st.sampled_from(
    [
        "@everyone",
        "@here",
        "<@1>",
        "<@&1>",
        "<#1>",
        "</avatar:1>",
        "<t:1:R>",
        "<:x:1>",
        "https://a.b",
        "http://_x_",
        "discord.gg/a",
        "[a](http://b)",
        "**",
        "__",
        "~~",
        "||",
        "`",
        "```",
        ">>>",
        ">",
        "#",
        "-",
        "\\",
        "\n",
        "\r",
    ]
)
MIXED = st.lists(st.one_of(ALIVE, st.text(max_size=5)), max_size=12).map("".join)


@given(MIXED)
def test_nothing_in_it_acts(text: str) -> None:
    shown = inert(text)
    assert not re.search(r"@(everyone|here)|<|>|://|discord\.gg/|\n|\r", shown)
    # Each sign of markdown is behind a backslash of its own.
    assert not re.search(r"[*_~|`\\\[\]]", re.sub(r"\\[\\*_~|`\[\]#+-]", "", shown))
    assert not re.match(r"#{1,3} |-", shown)


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@given(st.text(), st.integers(1, 50))
def test_clipped_text_fits(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
    assert clip(text, max(limit, len(text))) == text


def test_nobody_is_called_and_alt_text_fits() -> None:
    page = Page("x" * 3000, (Picture(b"p", "a.png", "y" * 2000, spoiler=True),))
    for given_ in (page.send(), page.edit()):
        assert len(given_["content"]) == 2000
        assert given_["allowed_mentions"].to_dict() == NOBODY.to_dict() == {"parse": []}
    file = page.send()["files"][0]
    assert file.filename == "SPOILER_a.png"
    assert len(file.description) == ALT_LIMIT


@pytest.mark.parametrize("page", [Page("same"), Page("same", (Picture(b"1", "1.png", "one"),), cover="1.png")])
def test_two_that_say_the_same_are_equal(page: Page) -> None:
    again = Page("same", page.pictures, (discord.ui.Button(label="x", custom_id="x"),), page.cover)
    assert page == again
    assert page != Page("other", page.pictures, cover=page.cover)
