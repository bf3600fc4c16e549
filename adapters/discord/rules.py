"""/settings: what the owner of a server decides for it. One panel, from which a menu opens a page for each decision.

To add a decision: its field in bot/domain/community.py, a row in FIELDS, and `discord-set-<name>` in bot/locales.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ChannelType, SelectDefaultValue, SelectDefaultValueType, SelectOption
from discord.ui import ChannelSelect, Item, RoleSelect, Select

from adapters.commandline import whole
from adapters.discord.forms import NONE, quota_form
from adapters.discord.ids import Press, pack
from adapters.discord.page import Page, clip
from adapters.discord.turn import Turn
from adapters.presentation import Choice
from bot.domain.community import AgePolicy
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Role
from bot.domain.quota import CAPTION_UNITS, PICTURE_UNITS
from bot.i18n import language_name, locales
from bot.usecases import community

MANY = 25
"""Options that Discord takes in one menu."""
WRITABLE = [ChannelType.text, ChannelType.news]
PLACES = [*WRITABLE, ChannelType.forum, ChannelType.voice]
GRANTED = (Role.MEMBER, Role.TRUSTED, Role.MODERATOR)
"""Roles whose quota a server sets; its owner has what the machine's owner gives."""


@dataclass(frozen=True, slots=True)
class Field:
    """One decision: how it reads, the menu that changes it, and what the chosen values mean."""

    read: Callable[[Turn], str]
    menu: Callable[[Turn, str], Item[Any]]
    value: Callable[[list[str]], Any]


async def show(turn: Turn) -> None:
    """The panel."""
    await turn.think(ephemeral=True)
    await _owner(turn)
    await turn.show(panel(turn))


async def home(turn: Turn, press: Press) -> None:
    """Back to the panel."""
    await turn.quietly()
    await _owner(turn)
    await turn.turn_to(panel(turn))


async def choose(turn: Turn, press: Press) -> None:
    """The page of one decision; quotas come as a form."""
    name = turn.values[0]
    await _owner(turn)
    if name == "quota":
        await turn.ask(quota_form(turn.words, _quotas(turn), turn.desk.policy.quota.member_day))
    elif name == "reset":
        await turn.turn_to(_reset_page(turn))
    else:
        await turn.turn_to(_page(turn, name))


async def change(turn: Turn, press: Press) -> None:
    """Something was chosen on a decision's page."""
    await turn.quietly()
    await _change(turn, **{press.target: _field(press.target).value(turn.values)})


async def quotas(turn: Turn, press: Press) -> None:
    """The form with units a day comes back."""
    fields = turn.fields
    chosen = {role: whole("quota", fields[role.value]) for role in GRANTED if fields.get(role.value)}
    await turn.quietly()
    machine = turn.desk.policy.quota.member_day
    await _change(turn, member_day={role: units for role, units in chosen.items() if units != machine[role]})


async def reset(turn: Turn, press: Press) -> None:
    """Everything back to how it was when the bot joined."""
    await turn.quietly()
    turn.rules = await community.reset(await turn.origin(), turn.desk.transactions, turn.desk.clock)
    await turn.turn_to(panel(turn, "discord-saved"))


async def _owner(turn: Turn) -> None:
    """What is decided here is nobody else's business."""
    if (await turn.origin()).role is not Role.OWNER:
        raise NotAllowed("owners-only")


def _field(name: str) -> Field:
    """A decision by its name; one that an earlier version had is gone."""
    if name not in FIELDS:
        raise NotFound("discord-old-button")
    return FIELDS[name]


async def _change(turn: Turn, **changes: Any) -> None:
    origin, desk = await turn.origin(), turn.desk
    turn.rules = await community.change(origin, desk.transactions, desk.clock, languages=locales(), **changes)
    await turn.turn_to(panel(turn, "discord-saved"))


def panel(turn: Turn, news: str | None = None) -> Page:
    """Every decision in a line, and the menu that opens its page."""
    words = turn.words
    lines = [f"**{words.text('command-settings')}**", *([f"✅ {words.text(news)}"] if news else [])]
    names = [*FIELDS, "quota"]
    texts = {name: FIELDS[name].read(turn) if name in FIELDS else _quota_text(turn) for name in names}
    lines += [f"**{words.text(f'discord-set-{name}')}**: {texts[name]}" for name in names]
    costs = words.text("discord-set-costs", picture=PICTURE_UNITS, captions=CAPTION_UNITS)
    lines.append(f"-# {costs}")
    if warning := _channel_warning(turn):
        lines.append(f"⚠️ {warning}")
    options = [SelectOption(label=words.text(f"discord-set-{name}"), value=name) for name in (*names, "reset")]
    menu: Select[Any] = Select(custom_id=pack("rule"), placeholder=words.text("discord-set"), options=options)
    return Page("\n".join(lines), items=(menu,))


def _page(turn: Turn, name: str) -> Page:
    words, field = turn.words, _field(name)
    text = f"**{words.text(f'discord-set-{name}')}**: {field.read(turn)}\n{words.text(f'discord-set-{name}-help')}"
    return Page(text, items=(field.menu(turn, name), _back(turn)))


def _reset_page(turn: Turn) -> Page:
    label, danger = turn.words.text("discord-set-reset"), discord.ButtonStyle.danger
    really: discord.ui.Button[Any] = discord.ui.Button(label=label, style=danger, custom_id=pack("reset"))
    return Page(turn.words.text("discord-set-reset-help"), items=(really, _back(turn)))


def _back(turn: Turn) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=turn.words.text("discord-back"), custom_id=pack("rules"), row=1)


def _quotas(turn: Turn) -> dict[Role, int]:
    machine = turn.desk.policy.quota.member_day
    return {role: min(machine[role], turn.rules.member_day.get(role, machine[role])) for role in GRANTED}


def _quota_text(turn: Turn) -> str:
    return ", ".join(f"{turn.words.text(f'role-{role.value}')} {units}" for role, units in _quotas(turn).items())


def _channel_warning(turn: Turn) -> str:
    """What is wrong with the review channel, before the first card is lost there or read by all."""
    channel_id, guild = turn.rules.review_channel, turn.interaction.guild
    if guild is None or channel_id is None:
        return ""
    channel = guild.get_channel(int(channel_id))
    if channel is None:
        return turn.words.text("discord-channel-gone")
    allowed = channel.permissions_for(guild.me)
    if not allowed.view_channel or not allowed.send_messages:
        return turn.words.text("discord-cannot-write", channel=channel.mention)
    if channel.permissions_for(guild.default_role).view_channel:
        return turn.words.text("discord-everybody-reads", channel=channel.mention)
    return ""


def _several(offered: Callable[[Turn], Iterable[Choice]], field: str) -> Field:
    """Some of what there is, or all of it."""

    def read(turn: Turn) -> str:
        chosen = getattr(turn.rules, field)
        labels = [choice.label(turn.words.locale) for choice in offered(turn) if choice.key in chosen]
        return ", ".join(labels) or turn.words.text("discord-all")

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
    nothing = turn.words.text("discord-all" if field == "channels" else "discord-none")
    return " ".join(form.format(key) for key in _ids(turn, field)) or nothing


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


def _said(turn: Turn, key: str, message: str) -> Choice:
    """A choice whose name is a sentence of the catalogues, in this turn's language."""
    return Choice(key, {turn.words.locale: turn.words.text(message)})


def _models(turn: Turn) -> list[Choice]:
    return [Choice(model, {}) for model in turn.deps.models]


def _default_styles(turn: Turn) -> list[Choice]:
    return [_said(turn, NONE, "style-none"), *turn.styles]


def _age_policies(turn: Turn) -> list[Choice]:
    return [_said(turn, policy.value, f"age-policy-{policy.value}") for policy in AgePolicy]


def _languages(turn: Turn) -> list[Choice]:
    own = _said(turn, NONE, "discord-own-language")
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
HANDLERS = {"quotas": quotas, "reset": reset, "rule": choose, "rules": home, "set": change}
