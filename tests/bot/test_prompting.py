"""A member's words become the engine's, and nothing in them is taken for syntax."""

import pytest

from bot.domain.errors import InvalidRequest
from bot.domain.requests import AvatarRequest
from bot.prompting import for_style, style, styles, text_to_image


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
    ("seen", "key", "words"),
    [
        ("purple monster, horns, smiling", "pixel", "purple , horns, smiling"),
        ("cartoon woman, red hair", "robot", "woman, red hair"),
        ("Pixel art man", "cartoon", "man"),
        ("blue robot, antenna", "robot", "blue robot, antenna"),
        ("monster", "cartoon", ""),
        ("a robotics teacher", "monster", "a robotics teacher"),
    ],
)
def test_what_was_read_off_a_picture_gives_way_to_the_style(seen: str, key: str, words: str) -> None:
    assert for_style(seen, key) == words
