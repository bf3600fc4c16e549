"""A member's words become the engine's, and nothing in them is taken for syntax."""

import pytest

from bot.domain.errors import InvalidRequest
from bot.domain.requests import AvatarRequest
from bot.prompting import style, styles, text_to_image, without_style


@pytest.mark.parametrize("key", list(styles()))
def test_every_style_keeps_the_members_words(key: str) -> None:
    asked = text_to_image(AvatarRequest("a {prompt} knight {0}", style=key, seed=3, count=2), None)
    assert "a {prompt} knight {0}" in asked.prompt
    assert (asked.seed, asked.num_images) == (3, 2)
    assert {"en", "zh_CN"} <= set(style(key).names)


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(InvalidRequest, match="cartoon"):
        style("oil")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ("purple monster, horns, smiling", "purple, horns, smiling"),
        ("cartoon woman, red hair", "woman, red hair"),
        ("Pixel art man", "man"),
        ("monster", ""),
        ("a robotics teacher", "a robotics teacher"),
    ],
)
def test_what_a_picture_shows_is_told_without_its_style(seen: str, words: str) -> None:
    assert without_style(seen) == words
