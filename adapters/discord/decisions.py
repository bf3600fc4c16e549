"""What the owner of a server can decide: how each decision reads in the panel, and the menu that changes it.

Those that every chat platform has are in adapters/chat/decisions.py; channels and roles are Discord's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ChannelType, SelectDefaultValue, SelectDefaultValueType, SelectOption
from discord.ui import ChannelSelect, Item, RoleSelect, Select

from adapters.chat.decisions import DECISIONS, Decision
from adapters.chat.payload import pack
from adapters.chat.wording import clip
from adapters.discord.turn import Turn

MANY = 25
"""Options that Discord takes in one menu."""
WRITABLE = [ChannelType.text, ChannelType.news]
PLACES = [*WRITABLE, ChannelType.forum, ChannelType.voice]


@dataclass(frozen=True, slots=True)
class Field:
    """One decision: how it reads, the menu that changes it, and what the chosen values mean."""

    read: Callable[[Turn], str]
    menu: Callable[[Turn, str], Item[Any]]
    value: Callable[[list[str]], Any]


def _chosen(decision: Decision) -> Field:
    """By name, from what there is."""

    def menu(turn: Turn, name: str) -> Item[Any]:
        locale, marked = turn.words.locale, decision.chosen(turn)
        options = [
            SelectOption(label=clip(choice.label(locale), 100), value=choice.key, default=choice.key in marked)
            for choice in list(decision.offered(turn))[:MANY]
        ]
        most = len(options) if decision.several else 1
        return Select(
            custom_id=pack("set", name), options=options, min_values=0 if decision.several else 1, max_values=most
        )

    return Field(decision.read, menu, decision.value)


def _places(field: str, kinds: list[ChannelType], most: int) -> Field:
    """Channels of the server."""

    def menu(turn: Turn, name: str) -> Item[Any]:
        marked = _marked(turn, field, discord.Guild.get_channel, SelectDefaultValueType.channel)
        return ChannelSelect(
            custom_id=pack("set", name), channel_types=kinds, min_values=0, max_values=most, default_values=marked
        )

    return Field(lambda turn: _mentions(turn, field, "<#{}>"), menu, frozenset if most > 1 else _first)


def _ranks(field: str) -> Field:
    """Roles of the server."""

    def menu(turn: Turn, name: str) -> Item[Any]:
        marked = _marked(turn, field, discord.Guild.get_role, SelectDefaultValueType.role)
        return RoleSelect(custom_id=pack("set", name), min_values=0, max_values=MANY, default_values=marked)

    return Field(lambda turn: _mentions(turn, field, "<@&{}>"), menu, frozenset)


def _marked(
    turn: Turn, field: str, get: Callable[[discord.Guild, int], object], kind: SelectDefaultValueType
) -> list[SelectDefaultValue]:
    """What is chosen now and still exists: Discord takes nothing else."""
    guild, chosen = turn.interaction.guild, [int(key) for key in _ids(turn, field)]
    return [SelectDefaultValue(id=key, type=kind) for key in chosen if guild and get(guild, key)]


def _ids(turn: Turn, field: str) -> list[str]:
    value = getattr(turn.rules, field)
    return [value] if isinstance(value, str) else sorted(value or ())


def _mentions(turn: Turn, field: str, form: str) -> str:
    nothing = turn.words.text("all" if field == "channels" else "none")
    return " ".join(form.format(key) for key in _ids(turn, field)) or nothing


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


_SHARED = {name: _chosen(decision) for name, decision in DECISIONS.items()}
FIELDS = {
    **{name: _SHARED[name] for name in ("styles", "default_style", "tones", "default_tone", "models")},
    "channels": _places("channels", PLACES, MANY),
    "age_policy": _SHARED["age_policy"],
    "review_channel": _places("review_channel", WRITABLE, 1),
    "trusted_roles": _ranks("trusted_roles"),
    "moderator_roles": _ranks("moderator_roles"),
    "language": _SHARED["language"],
}
