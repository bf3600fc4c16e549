"""What an owner can decide: how each decision reads in the panel of /settings, and the menu that changes it.

To add one: its field in bot/domain/community.py, a row in FIELDS, `set-<name>` and `-help` in bot/locales.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ChannelType, SelectDefaultValue, SelectDefaultValueType, SelectOption
from discord.ui import ChannelSelect, Item, RoleSelect, Select

from adapters.discord.forms import NONE
from adapters.discord.ids import pack
from adapters.discord.page import clip
from adapters.discord.turn import Turn
from adapters.presentation import Choice
from bot.domain.community import AgePolicy
from bot.i18n import language_name, locales

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


def _several(offered: Callable[[Turn], Iterable[Choice]], field: str) -> Field:
    """Some of what there is, or all of it."""

    def read(turn: Turn) -> str:
        chosen = getattr(turn.rules, field)
        labels = [choice.label(turn.words.locale) for choice in offered(turn) if choice.key in chosen]
        return ", ".join(labels) or turn.words.text("all")

    def menu(turn: Turn, name: str) -> Item[Any]:
        options = _options(offered(turn), turn, getattr(turn.rules, field))
        return Select(custom_id=pack("set", name), options=options, min_values=0, max_values=len(options))

    return Field(read, menu, frozenset)


def _one(offered: Callable[[Turn], Iterable[Choice]], field: str) -> Field:
    """One of what there is; NONE stands for no choice."""

    def current(turn: Turn) -> str:
        return str(getattr(turn.rules, field) or NONE)

    def read(turn: Turn) -> str:
        return next((choice.label(turn.words.locale) for choice in offered(turn) if choice.key == current(turn)), "-")

    def menu(turn: Turn, name: str) -> Item[Any]:
        return Select(custom_id=pack("set", name), options=_options(offered(turn), turn, {current(turn)}))

    return Field(read, menu, lambda values: None if values[0] == NONE else values[0])


def _options(offered: Iterable[Choice], turn: Turn, chosen: Iterable[str]) -> list[SelectOption]:
    locale, marked = turn.words.locale, set(chosen)
    return [
        SelectOption(label=clip(choice.label(locale), 100), value=choice.key, default=choice.key in marked)
        for choice in list(offered)[:MANY]
    ]


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


def _said(turn: Turn, key: str, message: str) -> Choice:
    """A choice whose name is a sentence of the catalogues, in this turn's language."""
    return Choice(key, {turn.words.locale: turn.words.text(message)})


def _models(turn: Turn) -> list[Choice]:
    names = dict.fromkeys(name for names in turn.deps.models.values() for name in names)
    return [Choice(name, {}) for name in names]


def _default_styles(turn: Turn) -> list[Choice]:
    return [_said(turn, NONE, "style-none"), *turn.styles]


def _age_policies(turn: Turn) -> list[Choice]:
    return [_said(turn, policy.value, f"age-policy-{policy.value}") for policy in AgePolicy]


def _languages(turn: Turn) -> list[Choice]:
    own = _said(turn, NONE, "own-language")
    return [own, *(Choice(locale, {"en": language_name(locale)}) for locale in locales())]


FIELDS = {
    "styles": _several(lambda turn: turn.deps.styles, "styles"),
    "default_style": _one(_default_styles, "default_style"),
    "tones": _several(lambda turn: turn.deps.tones, "tones"),
    "default_tone": _one(lambda turn: turn.tones, "default_tone"),
    "models": _several(_models, "models"),
    "channels": _places("channels", PLACES, MANY),
    "age_policy": replace(_one(_age_policies, "age_policy"), value=lambda values: AgePolicy(values[0])),
    "review_channel": _places("review_channel", WRITABLE, 1),
    "trusted_roles": _ranks("trusted_roles"),
    "moderator_roles": _ranks("moderator_roles"),
    "language": _one(_languages, "language"),
}
