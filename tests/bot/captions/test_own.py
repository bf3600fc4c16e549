"""A community's own tone: which examples are shown, what it may say, and what an adapter changes in the prompt."""

import math

from bot.captions import build, choose
from bot.captions.own import SHOWN, own_tone, relevant
from bot.domain.voice import ToneExample

SAID = [
    ("rain", "Arr, the skies be leakin' on this here ship! 🏴"),
    ("pizza", "Arr, a round map covered in cheese!"),
    ("a storm", "Arr, hold fast, me hearties!"),
    ("cats", "Arr, a furry stowaway be at the helm!"),
    ("gold", "Arr, me chest be heavy with doubloons!"),
    ("sleep", "Arr, to yer hammocks with ye!"),
    ("fish", "Arr, I hauled up a boot, and a fine boot!"),
]
EXAMPLES = [ToneExample(str(number), *pair, "discord:1", float(number)) for number, pair in enumerate(SAID)]


def at(degrees: float) -> tuple[float, float]:
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def test_the_fitting_examples_are_shown_the_nearest_last() -> None:
    vectors = [at(0), at(5), at(170), at(20), at(40), at(60), at(80), at(100)]
    assert [each.topic for each in relevant(EXAMPLES, vectors)] == ["sleep", "gold", "cats", "a storm", "rain"]


def test_one_of_two_that_say_the_same_is_enough() -> None:
    vectors = [at(0), at(10), at(10), at(10), at(10), at(10), at(-25), at(-30)]
    assert "sleep" in {each.topic for each in relevant(EXAMPLES, vectors)}


def test_without_embeddings_the_newest_are_shown() -> None:
    assert relevant(EXAMPLES, None) == EXAMPLES[-SHOWN:]
    assert relevant(EXAMPLES[:3], None) == EXAMPLES[:3]


def test_an_adapter_needs_no_examples_in_the_prompt() -> None:
    few = build("a parrot", own_tone(EXAMPLES, EXAMPLES[:2]), 1, 7)
    assert [message.content for message in few.messages][1:] == [*SAID[0], *SAID[1], "a parrot"]
    trained = build("a parrot", own_tone(EXAMPLES, EXAMPLES[:2], "discord.1/20260101T000000"), 1, 7)
    assert trained.adapter == "discord.1/20260101T000000" and few.adapter is None
    assert [message.role for message in trained.messages] == ["system", "user"]


def test_what_is_an_example_again_is_dropped_also_one_that_was_not_shown() -> None:
    texts = ["Arr, I hauled up a boot, and a fine boot!", "Arr, the parrot knows where the treasure be buried! 🏴"]
    tone = own_tone(EXAMPLES, EXAMPLES[:2], "discord.1/20260101T000000")
    assert choose(texts, ["stop", "stop"], "a parrot", tone, 2) == texts[1:]
