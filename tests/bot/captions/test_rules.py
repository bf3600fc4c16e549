import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.captions import tones
from bot.captions.repair import repair
from bot.captions.rules import SENTENCE_RULES, TEXT_RULES, faults

TOPIC = "my cat on the windowsill"
FINE = "The windowsill belongs to the cat, and the sun is only a guest."
anything = st.text(st.characters(), max_size=300)  # lone surrogates included
some_tone = st.sampled_from(list(tones().values()))


@given(anything, st.sampled_from(["stop", "length"]), anything, some_tone)
def test_no_text_whatever_breaks_a_rule_or_the_repair(text, reason, topic, tone) -> None:
    repaired = repair(text, reason, topic, tone)
    assert repair(repaired, reason, topic, tone) == repaired
    assert "\n" not in repaired and len(repaired) <= 2 * len(text) + 1
    faults(repaired, topic, tone)
    faults(text, topic, tone)


words_and_marks = st.lists(
    st.sampled_from(
        [
            "cat",
            "Sun",
            '"',
            "”",
            "…",
            "...",
            "!",
            "?!",
            "Caption:",
            "#cat",
            "@cat",
            "🔥",
            "😺",
            "and",
            "2 days",
            ".",
            "\n",
            "“",
        ]
    ),
    max_size=25,
).map(" ".join)


@given(words_and_marks, st.sampled_from(["stop", "length"]), some_tone)
def test_repair_is_idempotent_on_the_marks_models_write(text, reason, tone) -> None:
    repaired = repair(text, reason, TOPIC, tone)
    assert repair(repaired, reason, TOPIC, tone) == repaired


@given(some_tone, anything)
def test_what_a_sentence_rule_forbids_never_survives_repair(tone, text) -> None:
    repaired = repair(text, "stop", TOPIC, tone)
    assert not repaired or not (faults(repaired, TOPIC, tone) & SENTENCE_RULES.keys() - {"emoji", "shouting"})


BROKEN = {
    "handle": "Follow @catlover and the windowsill gets warmer.",
    "link": "More cats and warm windows at www.cats.example every time.",
    "meta": "Here is a funny caption about a cat in the sun.",
    "placeholder": "Dear [name], the cat has taken the windowsill again.",
    "number": "The cat has owned the windowsill since 2014.",
    "moment": "The cat will leave the windowsill tomorrow, says the family.",
    "name": "The cat looks out over Willow Creek and yawns.",
    "waffle": "I'm not sure what the cat is looking for outside.",
    "forbidden": "The cat is free with every warm windowsill.",
    "mood": "We are sorry that the cat likes the sun.",
    "contradiction": "The blue cat owns the windowsill and the sun.",
    "emoji": "The cat owns the windowsill and the sun 🍕",
    "shouting": "The cat LOVES THAT WARM WINDOWSILL more than dinner.",
    "language": "Кошка сидит на окне и смотрит вдаль.",
    "short": "Cat in sun.",
    "long": "The cat sleeps and dreams and turns and purrs and blinks " * 6,
    "parrot": "My cat is on the windowsill.",
    "copied": "A neighbourhood bakery where the bread is warm and a cat sleeps.",
    "loop": "The cat on the mat saw the cat on the mat outside.",
}


def test_every_rule_has_a_text_that_breaks_it() -> None:
    assert BROKEN.keys() == SENTENCE_RULES.keys() | TEXT_RULES.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named(name: str) -> None:
    tone = tones()["ad-copy"]
    topic = {"mood": f"I love {TOPIC}", "contradiction": f"a red vase and {TOPIC}"}.get(name, TOPIC)
    assert name in faults(BROKEN[name], topic, tone)
    assert not faults(FINE, topic, tone)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("pizza party on Friday", "The pizza party is on Friday, so bring your friends and an empty stomach!"),
        ("1000 members in our server", "We are 1000 members strong, and every single voice makes us louder!"),
        ("trip to Lisbon", "Lisbon, we are coming! The hills are steep, and Lisbon's pastries are worth it."),
        ("do you ship to Canada?", "Thank you for asking! Please tell us where in Canada you live, and we will check."),
        ("two friends on a train 🚂", "The two friends watch the hills go by 🚂 and the tea gets cold."),
        ("a sad robot with red horns", "A robot with red horns is sad, and nobody has found a hat that fits."),
        ("visit huashen.example.com", "Everyone is welcome at huashen.example.com, so come over and look around."),
    ],
)
def test_what_the_member_said_may_be_repeated(topic: str, text: str) -> None:
    assert not faults(text, topic, tones()["announcement"])


def test_a_story_may_have_people_and_a_joke_its_moment() -> None:
    assert "name" not in faults("At night, Mara heard the clock run backwards.", "a clock", tones()["story-opening"])
    assert "moment" not in faults("Monday asked me for two coffees today.", "Mondays", tones()["funny"])
    assert "moment" in faults("The mayor plants two trees today.", "trees", tones()["news-brief"])


@pytest.mark.parametrize(
    ("raw", "reason", "wanted"),
    [
        ('"The cat owns the sun."', "stop", "The cat owns the sun."),
        ("Caption: the cat owns the sun", "stop", "The cat owns the sun."),
        ("The cat owns the sun. #cat #sun #love", "stop", "The cat owns the sun."),
        ("The cat owns the sun. It will never giv", "length", "The cat owns the sun."),
        ("The cat owns the sun. The cat owns the sun.", "stop", "The cat owns the sun."),
        ("The cat owns the sun!!! \n\nHere is another one: cats.", "stop", "The cat owns the sun!"),
        ("The cat owns the sun. Follow @cats for more. Purr.", "stop", "The cat owns the sun."),
        ("The cat\u202e owns\x07 the sun 🍕.", "stop", "The cat owns the sun ."),
        ("Sure! Here is a caption.", "stop", "Sure!"),
        ("   ", "stop", ""),
    ],
)
def test_repairs(raw: str, reason: str, wanted: str) -> None:
    assert repair(raw, reason, TOPIC, tones()["plain"]) == wanted


def test_emoji_of_the_tone_and_of_the_topic_stay() -> None:
    assert "🔥" in repair("The cat is on FIRE 🔥 today!", "stop", TOPIC, tones()["hype"])
    assert "😺" in repair("The cat smiles 😺 at the sun.", "stop", "cat 😺", tones()["plain"])
