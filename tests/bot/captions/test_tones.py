import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import captions
from bot.captions import length
from bot.captions.repair import repair
from bot.captions.rules import faults
from bot.domain.errors import InvalidRequest
from bot.domain.requests import Length
from bot.i18n import locales
from engines.contract import Message

WANTED = [
    "plain",
    "funny",
    "poetic",
    "hype",
    "ad-copy",
    "news-brief",
    "story-opening",
    "customer-reply",
    "announcement",
]
TONES = list(captions.tones().values())


def test_the_tones_are_there_in_order() -> None:
    assert list(captions.tones()) == WANTED


@pytest.mark.parametrize("tone", TONES, ids=lambda tone: tone.key)
def test_a_tone_is_complete_and_its_examples_keep_its_own_rules(tone: captions.Tone) -> None:
    for texts in (tone.names, tone.descriptions, tone.fallbacks):
        assert set(texts) >= {"en"} and set(texts) <= set(locales()) and all(texts.values())
    for kind in ("question", "praise", "complaint"):
        assert 4 <= sum(example.kind in (None, kind) for example in tone.examples) <= 8
    for fitted in (length.fitted(tone, step) for step in Length):
        for example in fitted.examples:
            assert repair(example.caption, "stop", example.topic, fitted) == example.caption
            assert faults(example.caption, example.topic, fitted) <= {"copied"}


def test_an_unknown_tone_is_refused_by_name() -> None:
    with pytest.raises(InvalidRequest) as caught:
        captions.tone("sarcastic")
    assert caught.value.reason.message == "tone-unknown"
    assert "poetic" in str(caught.value.reason.values()["known"])


def test_the_request_holds_the_examples_and_ends_with_the_topic() -> None:
    tone = captions.tone("funny")
    asked = captions.build("a cat 🐈 {topic}", tone, count=4, seed=7, model="embedded")
    assert asked.messages[0] == Message("system", tone.instruction)
    assert asked.messages[-1] == Message("user", "a cat 🐈 {topic}")
    assert len(asked.messages) == 2 + 2 * len(tone.examples)
    assert (asked.seed, asked.model) == (7, "embedded")
    assert asked.num_return_sequences >= 3 * 4


@pytest.mark.parametrize("model", ["default", "embedded"])
def test_the_embedded_model_says_what_it_cannot(model: str) -> None:
    assert captions.unsupported("下雨天的猫", model)
    assert captions.unsupported("🌧️🐈", model)
    assert captions.unsupported("кошка на окне", model)
    assert not captions.unsupported("un café à Paris ☕", model)
    assert not captions.unsupported("my cat 小花 on the windowsill", model)
    assert not captions.unsupported("下雨天的猫", "Qwen/Qwen3-1.7B")


@pytest.mark.parametrize("tone", TONES, ids=lambda tone: tone.key)
@given(topic=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1000))
def test_a_fallback_is_short_and_keeps_braces(tone: captions.Tone, topic: str) -> None:
    text = captions.fallback(topic, tone)
    assert text.strip() and len(text) < 260
    if "{" not in topic:
        assert "{" not in text


@pytest.mark.parametrize(
    ("key", "topic", "wanted"),
    [
        ("plain", "my {cat} on a mat.", "My {cat} on a mat. Just as it is."),
        ("hype", "game night!", "Game night! Let's go!"),
        ("news-brief", "rain, again?", "In brief: rain, again?"),
        ("announcement", "周五停服维护", "公告：周五停服维护。"),
        ("plain", "窓辺の猫", captions.tone("plain").fallbacks["ja"].format(topic="窓辺の猫")),
        ("plain", "창가의 고양이", captions.tone("plain").fallbacks["ko"].format(topic="창가의 고양이")),
        ("plain", "кошка", captions.tone("plain").fallbacks["ru"].format(topic="кошка", Topic="Кошка")),
        ("customer-reply", "where is it", captions.tone("customer-reply").fallbacks["en"]),
    ],
)
def test_fallbacks(key: str, topic: str, wanted: str) -> None:
    assert captions.fallback(topic, captions.tone(key)) == wanted


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("where is my refund?", "question"),
        ("your staff were very friendly", "praise"),
        ("great food but it came late", "complaint"),
        ("the jacket is too small", "complaint"),
    ],
)
def test_a_customer_is_answered_by_examples_of_the_same_kind(topic: str, kind: str) -> None:
    tone = captions.tone("customer-reply")
    asked = captions.build(topic, tone, count=1, seed=0)
    wanted = [example.caption for example in tone.examples if example.kind == kind]
    assert [message.content for message in asked.messages if message.role == "assistant"] == wanted
