"""Whether the bot may do something in a chat, and what Telegram says if not."""

from typing import Any

from tests.adapters.telegram.wire.chats import Chat
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.refusals import bad, forbidden
from tests.adapters.telegram.wire.world import World

NAMES = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}
RIGHTS = {
    "text messages": "can_send_messages",
    "photos": "can_send_photos",
    "documents": "can_send_documents",
    "animations": "can_send_other_messages",
}


def find(world: World, chat_id: Any) -> Chat:
    """The chat, whether or not the bot may do anything there."""
    chat = world.chats.get(chat_id)
    if chat is None:
        raise bad("chat not found")
    if chat.type == "private" and chat.member(world.bot.id).status == "left":
        met = any(each.has(chat_id) and each.has(world.bot.id) for each in world.chats.values())
        raise forbidden("bot can't initiate conversation with a user") if met else bad("chat not found")
    return chat


def enter(world: World, chat_id: Any) -> Chat:
    """The chat, which the bot can write in."""
    chat = find(world, chat_id)
    if chat.upgraded_to:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
    status = chat.member(world.bot.id).status
    if chat.type == "private":
        if status == "kicked":
            raise forbidden("bot was blocked by the user")
        return chat
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {NAMES[chat.type]}")
    if status == "left":
        raise forbidden(f"bot is not a member of the {NAMES[chat.type]}")
    return chat


def may_send(world: World, chat: Chat, what: str) -> None:
    """Refuse what the bot is not allowed to send."""
    if chat.member(world.bot.id).rights.get(RIGHTS[what], True) is False:
        raise bad(f"not enough rights to send {what} to the chat")


def own(world: World, chat: Chat, message_id: Any) -> Message:
    """A message that the bot can edit."""
    message = chat.standing(message_id)
    if message is None:
        raise bad("message to edit not found")
    if message.sender_id != world.bot.id or message.origin or message.other_markup or message.is_service:
        raise bad("message can't be edited")
    return message
