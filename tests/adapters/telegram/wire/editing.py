"""The methods that change and delete messages."""

import time
from typing import Any

from tests.adapters.telegram.wire import contents, keyboards
from tests.adapters.telegram.wire.access import enter, own
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.payloads import message_payload
from tests.adapters.telegram.wire.refusals import Gap, bad
from tests.adapters.telegram.wire.world import World

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = 48 * 3600


def edit_message_text(world: World, call: Call) -> dict[str, Any]:
    """Other words."""
    message = _message(world, call)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return _changed(world, call, message, contents.words(call))


def edit_message_caption(world: World, call: Call) -> dict[str, Any]:
    """Other words below the same picture."""
    message = _message(world, call)
    if not message.takes_caption:
        raise bad("there is no caption in the message to edit")
    words = ("caption", "caption_entities")
    kept = {name: value for name, value in message.content.items() if name not in words}
    return _changed(world, call, message, kept | contents.caption(call.parameters))


def edit_message_media(world: World, call: Call) -> dict[str, Any]:
    """Another picture or file, instead of words too."""
    message = _message(world, call)
    media = call["media"]
    if message.album and (media.get("type") == "document") != ("document" in message.content):
        raise bad("message content type can't be changed in an album")
    return _changed(world, call, message, contents.media(world, media, call.files))


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any]:
    """Other buttons."""
    message = _message(world, call)
    return _changed(world, call, message, message.content)


def delete_message(world: World, call: Call) -> bool:
    """Take a message away."""
    chat = enter(world, call["chat_id"])
    message = chat.standing(call["message_id"])
    if message is None:
        raise bad("message to delete not found")
    if not _may_delete(world, message):
        raise bad("message can't be deleted")
    world.delete(message)
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Take messages away; those that cannot be found are passed over."""
    chat = enter(world, call["chat_id"])
    found = [message for message_id in call["message_ids"] if (message := chat.standing(message_id))]
    if not 1 <= len(call["message_ids"]) <= 100:
        raise bad("too many message identifiers specified")
    if not all(_may_delete(world, message) for message in found):
        raise bad("message can't be deleted")
    for message in found:
        world.delete(message)
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    """A bot has one reaction to a message."""
    message = enter(world, call["chat_id"]).standing(call["message_id"])
    if message is None:
        raise bad("message to react not found")
    reactions = call.get("reaction") or []
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    message.reactions = reactions
    world.stir()
    return True


def _message(world: World, call: Call) -> Message:
    if call.get("inline_message_id"):
        raise Gap("edit inline messages")
    return own(world, enter(world, call["chat_id"]), call["message_id"])


def _changed(world: World, call: Call, message: Message, content: dict[str, Any]) -> dict[str, Any]:
    """Put in the new content and buttons; buttons that are not given again are gone."""
    markup = keyboards.inline_only(call.get("reply_markup"))
    if content == message.content and markup == message.markup:
        raise bad(UNCHANGED)
    message.markup = markup
    world.change(message, content)
    return message_payload(world, message)


def _may_delete(world: World, message: Message) -> bool:
    chat = world.chats[message.chat_id]
    if chat.member(world.bot.id).rights.get("can_delete_messages"):
        return True
    young = message.date > time.time() - TOO_OLD
    return young and (message.sender_id == world.bot.id or chat.type == "private")
