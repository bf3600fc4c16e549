"""The methods that send messages."""

import itertools
from typing import Any

from tests.adapters.telegram.wire import contents, keyboards
from tests.adapters.telegram.wire.access import enter, may_send
from tests.adapters.telegram.wire.chats import Chat
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.payloads import message_payload
from tests.adapters.telegram.wire.refusals import Gap, bad
from tests.adapters.telegram.wire.world import World

ACTIONS = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
]
ALBUMS = itertools.count(13_000_000_000_000_001)


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Words."""
    chat = enter(world, call["chat_id"])
    may_send(world, chat, "text messages")
    return _posted(world, call, chat, contents.words(call))


def send_photo(world: World, call: Call) -> dict[str, Any]:
    """A picture."""
    return _file(world, call, "photo")


def send_document(world: World, call: Call) -> dict[str, Any]:
    """A file."""
    return _file(world, call, "document")


def send_animation(world: World, call: Call) -> dict[str, Any]:
    """A moving picture."""
    return _file(world, call, "animation")


def send_media_group(world: World, call: Call) -> list[dict[str, Any]]:
    """An album: all of it or nothing."""
    chat = enter(world, call["chat_id"])
    items = call["media"]
    if not items:
        raise bad("there are no messages to send")
    if len(items) > 10:
        raise bad("too many messages to send as an album")
    for item in items:
        may_send(world, chat, contents.KINDS.get(item.get("type"), "photos"))
    if len({item.get("type") == "document" for item in items}) > 1:
        raise bad("document can't be mixed with other media types")
    album = str(next(ALBUMS)) if len(items) > 1 else None
    made = [_message(world, call, chat, contents.media(world, item, call.files)) for item in items]
    for message in made:
        message.album = album
        world.post(message)
    return [message_payload(world, message) for message in made]


def send_chat_action(world: World, call: Call) -> bool:
    """'Typing…'"""
    chat = enter(world, call["chat_id"])
    if call["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    world.act(chat.id, call["action"])
    return True


def _file(world: World, call: Call, kind: str) -> dict[str, Any]:
    chat = enter(world, call["chat_id"])
    may_send(world, chat, contents.KINDS[kind])
    return _posted(world, call, chat, contents.sent(world, call, kind))


def _posted(world: World, call: Call, chat: Chat, content: dict[str, Any]) -> dict[str, Any]:
    return message_payload(world, world.post(_message(world, call, chat, content)))


def _message(world: World, call: Call, chat: Chat, content: dict[str, Any]) -> Message:
    reply_to = _replied(chat, call.get("reply_parameters"))
    markup = call.get("reply_markup")
    message = Message(chat.id, world.bot.id, content, reply_to=reply_to, topic=_topic(chat, call, reply_to))
    message.markup = keyboards.inline(markup)
    if markup and "inline_keyboard" not in markup:
        message.other_markup = markup
    if chat.type == "channel":
        message.sender_chat_id = chat.id
    return message


def _replied(chat: Chat, given: dict[str, Any] | None) -> int | None:
    if not given:
        return None
    if given.get("chat_id", chat.id) != chat.id:
        raise Gap("reply across chats")
    replied = chat.standing(given["message_id"])
    if replied is None and not given.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return replied.id if replied else None


def _topic(chat: Chat, call: Call, reply_to: int | None) -> int | None:
    topic: int | None = call.get("message_thread_id")
    if topic is None:
        return chat.messages[reply_to].topic if reply_to else None
    head = chat.standing(topic)
    if not chat.forum or head is None or "forum_topic_created" not in head.content:
        raise bad("message thread not found")
    return topic
