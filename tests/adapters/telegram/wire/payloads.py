"""A message as the Bot API sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.adapters.telegram.wire.chats import Chat
from tests.adapters.telegram.wire.messages import Message

if TYPE_CHECKING:
    from tests.adapters.telegram.wire.world import World


def message_payload(world: World, message: Message, *, nested: bool = False) -> dict[str, Any]:
    """The message, with the one that it replies to unless it is that itself."""
    chat = world.chats[message.chat_id]
    told: dict[str, Any] = {"message_id": message.id, "date": message.date, "chat": chat.payload()}
    if chat.type != "channel":
        told["from"] = world.users[message.sender_id].payload()
    if message.sender_chat_id:
        told["sender_chat"] = world.chats[message.sender_chat_id].payload()
    told |= _thread(chat, message)
    replied = chat.standing(message.reply_to or message.topic or 0)
    if replied and replied is not message and not nested:
        told["reply_to_message"] = message_payload(world, replied, nested=True)
    if message.markup:
        told["reply_markup"] = message.markup
    if message.album:
        told["media_group_id"] = message.album
    if message.origin:
        told["forward_origin"] = message.origin
    if message.via_bot:
        told["via_bot"] = world.bot.payload()
    if message.edited:
        told["edit_date"] = message.edited
    return told | message.content


def _thread(chat: Chat, message: Message) -> dict[str, Any]:
    """A topic; outside forums replies carry the thread that they began, which cannot be sent to."""
    if message.topic:
        return {"message_thread_id": message.topic, "is_topic_message": True}
    if chat.type != "supergroup" or not message.reply_to:
        return {}
    root = message.reply_to
    while (before := chat.messages[root].reply_to) is not None:
        root = before
    return {"message_thread_id": root}
