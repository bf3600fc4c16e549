"""Short and long captions: what is asked, and which candidates are taken."""

import pytest

from bot.captions import build, choose, length, tone
from bot.captions.words import words
from bot.domain.errors import InvalidRequest
from bot.domain.requests import CaptionRequest, Length

PLAIN = tone("plain")
TOPIC = "my cat on the windowsill"
BRIEF = "The cat found the only sunny spot."
MIDDLE = "The cat has found the only sunny spot and will not share it today with anybody else."
LONG = (
    "The cat has found the only sunny spot and will not share it. Outside it rains, inside nobody is in a hurry, "
    "and the kettle sings for both of us."
)


def taken(texts: list[str], step: Length, count: int = 1) -> list[str]:
    return choose(texts, ["stop"] * len(texts), TOPIC, PLAIN, count, None, step)


def test_the_limit_the_instruction_and_the_examples_follow_the_length() -> None:
    asked = {step: build(TOPIC, PLAIN, 3, 1, length=step) for step in Length}
    tokens = [asked[step].max_new_tokens for step in Length]
    assert tokens == sorted(set(tokens))
    assert str(PLAIN.max_words // 2) in asked[Length.SHORT].messages[0].content
    assert asked[Length.NORMAL].messages[0].content == PLAIN.instruction
    examples = [sum(len(words(m.content)) for m in asked[step].messages if m.role == "assistant") for step in Length]
    assert examples[0] * 1.4 < examples[1] < examples[2] / 1.4
    assert asked[Length.NORMAL] == build(TOPIC, PLAIN, 3, 1)


def test_the_length_decides_which_is_best() -> None:
    assert taken([LONG, MIDDLE, BRIEF], Length.SHORT) == [BRIEF]
    assert taken([BRIEF, MIDDLE, LONG], Length.LONG) == [LONG]


def test_what_fits_comes_first_and_the_nearest_in_length_rather_than_none() -> None:
    assert taken([MIDDLE, BRIEF], Length.SHORT, 3) == [BRIEF, MIDDLE]
    assert taken([MIDDLE], Length.SHORT) == [MIDDLE]
    assert taken([BRIEF], Length.LONG) == [BRIEF]


def test_a_longer_text_is_cut_to_its_first_sentences_for_a_short_one() -> None:
    assert taken([f"{BRIEF} It will not share it with anybody in this house."], Length.SHORT) == [BRIEF]


def test_the_rules_stay() -> None:
    for step in Length:
        assert taken(["See more sleepy cats at www.cats.example today.", TOPIC], step) == []
    assert taken([LONG], Length.NORMAL) == [LONG.partition(" Outside")[0]]


def test_a_longer_text_may_repeat_more_of_an_example_only_where_phrases_are_stock() -> None:
    reply = tone("customer-reply")
    assert length.fitted(reply, Length.LONG).echo > reply.echo == length.fitted(reply, Length.SHORT).echo
    assert length.fitted(PLAIN, Length.LONG).echo == PLAIN.echo


def test_an_unknown_length_is_refused_by_name() -> None:
    with pytest.raises(InvalidRequest, match="length-unknown"):
        CaptionRequest("rain", length="endless")  # type: ignore[arg-type]
