"""A stranger's words lose their life in Telegram's HTML, and a message stays within the limits."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from adapters.telegram.page import CAPTION_LIMIT, MARKUP, OWN_COMMANDS, TEXT_LIMIT, Page, Photo, length
from bot.domain.identity import Origin, Platform
from bot.i18n import translator
from tests.adapters.telegram.scenes import LIVE
from tests.adapters.telegram.wire import entities
from tests.adapters.telegram.wire.markup import parsed

ALIVE = st.sampled_from(
    [
        "@somebody",
        "@",
        "#tag",
        "$USD",
        "/start",
        "/avatar",
        "/avatar@evil_bot",
        "1.2.3.4",
        "пример.рф",
        "/",
        "https://a.example",
        "https://",
        "http://evil.com/x?y=1",
        "evil.com",
        "t.me/evil",
        "tg://user?id=1",
        "a@evil.org",
        "www.evil.io",
        "<b>",
        "</b>",
        "<a href='https://evil.com'>",
        "</a>",
        "</code>",
        "</blockquote>",
        "<tg-spoiler>",
        "&lt;",
        "&amp;",
        "&",
        "<",
        ">",
        '"',
        "`",
        "**",
        "\n",
        "\r\n",
        "\t",
        " ",
        ".",
        ":",
        "_",
        "🦊",
        "\u202e",
        "\u200d",
    ]
)
MIXED = st.lists(st.one_of(ALIVE, st.text(max_size=5)), max_size=12).map("".join)


def seen(markup: str) -> tuple[str, list[str]]:
    """The text and the kinds of its entities, as Telegram makes them of our markup."""
    text, found = parsed(f"|{markup}|", "HTML", None)
    own = [("bot_command", f"/{name}") for name in OWN_COMMANDS]
    return text[1:-1], [one["type"] for one in found if (one["type"], entities.part(text, one)) not in own]


@given(MIXED)
@example("/avatar")
def test_a_strangers_words_are_code_and_nothing_else(text: str) -> None:
    shown, kinds = seen(MARKUP.inert(text))
    assert shown == " ".join(text.split())
    assert kinds == ["code"] * bool(shown)


@given(MIXED)
def test_a_quote_is_one_line_of_code(text: str) -> None:
    shown, kinds = seen(MARKUP.quote(text))
    assert "\n" not in shown and set(kinds) <= {"code", "blockquote"}


@given(MIXED)
def test_our_own_words_that_quote_a_strangers_act_on_nothing(text: str) -> None:
    for markup, kind in ((MARKUP.plain, None), (MARKUP.strong, "bold"), (MARKUP.small, "italic")):
        shown, kinds = seen(markup(text))
        assert shown.replace("\u2060", "") == text.replace("\u2060", "")
        assert set(kinds) <= {kind}
        assert not LIVE & set(kinds)


@given(MIXED, st.sampled_from(["1", "x", "²", ""]))
def test_a_person_is_a_link_to_themselves_at_most(name: str, user_id: str) -> None:
    _, kinds = seen(MARKUP.person(user_id, name))
    assert set(kinds) <= ({"text_link"} if user_id == "1" else set())


@given(MIXED)
def test_a_caption_can_be_copied(text: str) -> None:
    shown, kinds = seen(MARKUP.copyable(2, text))
    assert shown == f"2. {' '.join(text.split())}"
    assert set(kinds) <= {"code"}


@pytest.mark.parametrize("name", OWN_COMMANDS)
def test_our_own_commands_stay_alive(name: str) -> None:
    text, found = parsed(MARKUP.plain(f"Ask with /{name}."), "HTML", None)
    assert [entities.part(text, entity) for entity in found] == [f"/{name}"]


@given(st.lists(st.one_of(MIXED.map(MARKUP.quote), MIXED.map(MARKUP.plain)), min_size=1, max_size=5))
def test_length_is_what_telegram_counts(lines: list[str]) -> None:
    text, _ = parsed(f"|{'x'.join(lines)}|", "HTML", None)
    assert length(f"|{'x'.join(lines)}|") == entities.length(text)


@given(
    st.lists(st.integers(0, 900), min_size=2, max_size=9),
    st.sampled_from(["x", "🦊", "&", "<"]),
    st.booleans(),
)
def test_a_message_is_as_long_as_telegram_takes(counts: list[int], sign: str, photo: bool) -> None:
    lines = (*(MARKUP.inert(sign * count) for count in counts[:-1]), MARKUP.small("the end"))
    page = Page(lines, Photo(b"p", "p.png") if photo else None)
    text, _ = parsed(page.text, "HTML", None)
    assert entities.length(text) <= (CAPTION_LIMIT if photo else TEXT_LIMIT)
    # What is left out is in the middle: the end says what became of it.
    assert text.endswith("the end")


def test_a_question_opens_the_reply_field_and_buttons_do_not() -> None:
    question = Page(("?",), ask="x" * 100).markup
    assert question is not None and len(question.to_dict()["input_field_placeholder"]) == 64
    assert question.to_dict()["selective"]
    row = (InlineKeyboardButton("x", callback_data="x"),)
    assert Page(("?",), keyboard=(row,)).markup == Page(("other",), keyboard=(row,)).buttons
    assert Page(("?",)).markup is None


def test_a_message_has_an_address_in_supergroups_only() -> None:
    def at(chat: str, message_id: str = "7,8") -> str:
        return MARKUP.link(Origin(Platform.TELEGRAM, "1", chat, chat, message_id=message_id))

    assert at("-1001234") == at("-1001234/5") == "https://t.me/c/1234/7"
    assert at("-1234") == at("1234") == at("-1001234", "") == ""


def test_two_that_say_the_same_are_equal_whatever_is_below() -> None:
    page = Page(("same",), album=(Photo(b"1", "1.png"),))
    assert page == Page(("same",), album=(Photo(b"2", "2.png"),)) != Page(("other",))


def test_the_address_where_somebody_listens_can_be_tapped() -> None:
    assert "findahelpline.com" in MARKUP.plain(translator("en").text("self-harm-help"))
