"""The methods that ask about chats, people and files, and the one that leaves."""

from typing import Any

from tests.adapters.telegram.wire.access import enter, find
from tests.adapters.telegram.wire.chats import PERMISSIONS, Member
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.refusals import bad
from tests.adapters.telegram.wire.store import DOWNLOAD_LIMIT
from tests.adapters.telegram.wire.world import World

GIFTS = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """Everything about a chat."""
    chat = find(world, call["chat_id"])
    if chat.type != "private":
        enter(world, chat.id)
    told: dict[str, Any] = {"accent_color_id": 1, "max_reaction_count": 11}
    told["accepted_gift_types"] = dict.fromkeys(GIFTS, False)
    if chat.is_group:
        told["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return chat.payload() | told


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    """How somebody stands in a chat."""
    chat = enter(world, call["chat_id"])
    user = world.users.get(call["user_id"])
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return chat.member(user.id).payload(user)


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    """Who has a say in a group; bots only on demand."""
    chat = enter(world, call["chat_id"])
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [
        member.payload(world.users[user_id])
        for user_id, member in chat.members.items()
        if member.status in ("creator", "administrator")
        and (call.get("return_bots") or not world.users[user_id].is_bot)
    ]


def leave_chat(world: World, call: Call) -> bool:
    """The bot goes."""
    chat = enter(world, call["chat_id"])
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    old = chat.member(world.bot.id)
    chat.members[world.bot.id] = Member("left")
    world.tell_member(chat, world.bot, old, world.bot)
    return True


def get_user_profile_photos(world: World, call: Call) -> dict[str, Any]:
    """What somebody looks like."""
    user = world.users.get(call["user_id"])
    if user is None:
        raise bad("user not found")
    offset, limit = call.get("offset", 0), call.get("limit", 100)
    return {"total_count": len(user.photos), "photos": user.photos[offset : offset + limit]}


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Where a file can be downloaded."""
    stored = world.store.get(call["file_id"])
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    told = {name: stored.told[name] for name in ("file_id", "file_unique_id", "file_size")}
    return told | {"file_path": stored.path}
