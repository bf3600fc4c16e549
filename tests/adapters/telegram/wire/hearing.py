"""What a bot hears: everything in private, and in a group with privacy only what is meant for it."""

from tests.adapters.telegram.wire.chats import Chat, User
from tests.adapters.telegram.wire.entities import part
from tests.adapters.telegram.wire.messages import Message


def hears(bot: User, chat: Chat, message: Message) -> bool:
    """Whether the bot is told of a message."""
    if message.sender_id == bot.id:
        return False
    if chat.type == "private":
        return True
    if not chat.has(bot.id):
        return False
    if chat.member(bot.id).status == "administrator" or message.is_service or message.via_bot:
        return True
    if chat.type == "channel":
        return False
    return not chat.privacy or _is_meant_for(bot, chat, message)


def _is_meant_for(bot: User, chat: Chat, message: Message) -> bool:
    replied = chat.messages.get(message.reply_to or 0)
    if replied and replied.sender_id == bot.id:
        return True
    own = f"@{bot.username}".lower()
    for entity in message.entities:
        words = part(message.text, entity).lower()
        if entity["type"] == "mention" and words == own:
            return True
        if entity["type"] == "bot_command" and entity["offset"] == 0 and ("@" not in words or words.endswith(own)):
            return True
    return False
