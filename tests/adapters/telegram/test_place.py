"""Telegram's chats, topics and people as an Origin, and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, User

from adapters.telegram.place import (
    Place,
    is_community,
    message_ids,
    origin_of,
    place_of,
    replied_to,
    standing,
    token_of,
)
from bot.domain.identity import Origin, Platform

GROUP, TOPIC, ALONE = Place(-1001, None), Place(-1001, 5), Place(42)
USER = User(42, "Ada", False, last_name="Lovelace", language_code="de")


def message(chat: int = -1001, **more: object) -> Message:
    return Message(7, datetime.now(UTC), Chat(chat, "supergroup" if chat < 0 else "private"), **more)  # type: ignore[arg-type]


def asked(place: Place = GROUP, token: str = "-1001:7", language: str = "en") -> Origin:
    return origin_of(USER, place, token, language)


@given(st.integers(-(2**52), 2**52), st.none() | st.integers(1, 2**31))
def test_a_place_is_read_as_it_was_written(chat: int, topic: int | None) -> None:
    assert Place.of(Place(chat, topic).channel_id) == Place(chat, topic)


def test_only_a_forums_thread_is_a_topic() -> None:
    assert place_of(message(message_thread_id=5, is_topic_message=True)) == TOPIC
    # Elsewhere it is a chain of replies, which nobody can write to.
    assert place_of(message(message_thread_id=5)) == GROUP


def test_who_asks_and_where() -> None:
    origin = asked()
    assert (origin.user_id, origin.display_name, origin.locale) == ("42", "Ada Lovelace", "de")
    assert (origin.community_id, origin.channel_id, origin.private) == ("-1001", "-1001", False)
    assert (asked(TOPIC).community_id, asked(TOPIC).parent_channel_id) == ("-1001", "-1001")
    assert (asked(ALONE).community_id, asked(ALONE).private) == (None, True)


@pytest.mark.parametrize(
    ("code", "house", "locale"),
    [
        ("pt-br", "en", "pt_BR"),
        ("zh-hant", "en", "zh_TW"),
        ("zh-hans", "en", "zh_CN"),
        ("xx", "fr", "fr"),
        (None, "fr", "fr"),
    ],
)
def test_the_members_language_else_the_houses(code: str | None, house: str, locale: str) -> None:
    user = User(1, "A", False, language_code=code)
    assert origin_of(user, ALONE, "", house).locale == locale


def test_a_press_is_a_request_of_its_own_that_replies_to_its_message() -> None:
    assert token_of(message()) == "-1001:7" != token_of(message(), "99")
    for token in (token_of(message()), token_of(message(), "99")):
        assert replied_to(asked(token=token)) == 7
    assert replied_to(asked(token="")) is None


def test_messages_of_another_chat_are_not_ours_to_name() -> None:
    stands = standing(asked(), GROUP, [8, 9])
    assert message_ids(stands) == [8, 9] and stands.token == "-1001:7"
    moved = Origin(Platform.TELEGRAM, "42", "-1002", "-1002", message_id="8,9", token="-1001:7")
    # The group became a supergroup, whose messages are counted anew.
    assert message_ids(moved) == [] and replied_to(moved) is None
    again = standing(moved, Place(-1002), [3])
    assert message_ids(again) == [3] and again.token == "-1002:3"


@pytest.mark.parametrize("platform", [platform for platform in Platform if platform is not Platform.TELEGRAM])
def test_what_stands_on_another_platform_has_no_message_here(platform: Platform) -> None:
    origin = Origin(platform, "42", "general", message_id="8", token="general:7")
    assert message_ids(origin) == [] and replied_to(origin) is None
    assert message_ids(Origin(platform, "42", "123", message_id="8")) == []


def test_groups_are_communities_and_private_chats_are_not() -> None:
    assert [is_community(Chat(1, kind)) for kind in ("private", "group", "supergroup", "channel")] == [
        False,
        True,
        True,
        False,
    ]
