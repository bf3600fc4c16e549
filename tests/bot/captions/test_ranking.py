import math

from hypothesis import given
from hypothesis import strategies as st

from bot.captions import choose, tone

PLAIN = tone("plain")
TOPIC = "my cat on the windowsill"
SUN = "The cat has found the only sunny spot and will not share it."
RAIN = "Rain outside, warm paws inside, and nobody in a hurry."
NAP = "The cat has found the only sunny place and will not share it."
LINK = "See more sleepy cats at www.cats.example today."


def unit(angle: float) -> tuple[float, float]:
    return (math.cos(math.radians(angle)), math.sin(math.radians(angle)))


def ranked(texts: list[str], angles: list[float] | None, count: int = 3) -> list[str]:
    vectors = [unit(0), *(unit(angle) for angle in angles)] if angles else None
    return choose(texts, ["stop"] * len(texts), TOPIC, PLAIN, count, vectors)


def test_what_breaks_a_rule_is_never_shown() -> None:
    assert ranked([LINK, SUN, TOPIC], [5, 40, 0]) == [SUN]
    assert ranked([LINK, TOPIC, ""], None) == []


def test_the_nearer_to_the_topic_comes_first_and_the_far_is_dropped() -> None:
    assert ranked([RAIN, SUN], [70, 40]) == [SUN, RAIN]
    assert ranked([SUN, RAIN], [70, 40]) == [RAIN, SUN]
    assert ranked([RAIN, SUN], [88, 40]) == [SUN]


def test_of_equally_near_ones_the_likelier_comes_first() -> None:
    assert ranked([RAIN, SUN], [40, 40]) == [RAIN, SUN]
    assert ranked([SUN, RAIN], [40, 40]) == [SUN, RAIN]


def test_a_near_copy_of_the_topic_loses_to_something_said_about_it() -> None:
    assert ranked([SUN, RAIN], [1, 45], count=1) == [RAIN]


def test_variety_beats_a_second_one_of_the_same() -> None:
    assert set(ranked([SUN, NAP, RAIN], [40, 41, -50], count=2)) == {SUN, RAIN}


def test_what_makes_up_a_name_or_a_count_is_shown_only_when_all_do() -> None:
    story = tone("story-opening")
    topic, named = "a cat in the rain", "The cat waited in the rain. Only Emma knew what it was waiting for."
    counted, plain = "The cat in the rain had seven shadows.", "The cat sat in the rain. It was not wet."
    assert choose([named, counted, plain], ["stop"] * 3, topic, story, 3) == [plain]
    assert set(choose([named, counted], ["stop"] * 2, topic, story, 3)) == {named, counted}


def test_equal_candidates_are_shown_once() -> None:
    assert ranked([SUN, f'"{SUN}"', SUN], [40, 40, 40]) == [SUN]


def test_without_vectors_words_decide() -> None:
    assert ranked([RAIN, SUN], None) == [SUN, RAIN]


@given(st.lists(st.tuples(st.text(st.characters(), max_size=80), st.floats(0, 360)), max_size=8), st.integers(1, 4))
def test_any_candidates_give_at_most_count_different_texts(candidates, count) -> None:
    shown = ranked([text for text, _ in candidates], [angle for _, angle in candidates] or None, count)
    assert len(shown) <= count and len(set(shown)) == len(shown) and all(shown)
