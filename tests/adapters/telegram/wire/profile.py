"""The methods about the bot itself: who it is, its commands and descriptions, by scope and language."""

import re
from collections.abc import Callable
from typing import Any

from tests.adapters.telegram.wire.access import find
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.refusals import bad
from tests.adapters.telegram.wire.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, _: Call) -> dict[str, Any]:
    """Who the bot is."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
    return world.bot.payload() | abilities


def set_my_commands(world: World, call: Call) -> bool:
    """Which commands are offered."""
    commands = call["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command.get("command", "").removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile[("commands", _scope(world, call), _language(call))] = commands
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, Any]]:
    """Which commands were set for exactly this scope and language."""
    commands: list[dict[str, Any]] = world.profile.get(("commands", _scope(world, call), _language(call)), [])
    return commands


def delete_my_commands(world: World, call: Call) -> bool:
    """No commands of its own for this scope and language."""
    world.profile.pop(("commands", _scope(world, call), _language(call)), None)
    return True


def setter(name: str, most: int) -> Callable[[World, Call], bool]:
    """A method that sets one of the bot's texts in a language."""

    def carry_out(world: World, call: Call) -> bool:
        text = call.get(name, "")
        if len(text) > most:
            raise bad(f"bot {name.replace('_', ' ')} is too long")
        world.profile[(name, "", _language(call))] = text
        return True

    return carry_out


def _scope(world: World, call: Call) -> str:
    scope = call.get("scope") or {"type": "default"}
    chat_id = scope.get("chat_id")
    if chat_id is not None:
        find(world, chat_id)
    return " ".join(str(part) for part in (scope["type"], chat_id, scope.get("user_id")) if part is not None)


def _language(call: Call) -> str:
    language = str(call.get("language_code", ""))
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad("invalid language code specified")
    return language
