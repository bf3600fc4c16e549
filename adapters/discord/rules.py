"""/settings: what the owner of a server decides for it. One panel, from which a menu opens a page for each decision."""

from typing import Any

import discord
from discord import SelectOption
from discord.ui import Select

from adapters.chat.decisions import GRANTED, quota_text
from adapters.chat.decisions import quotas as decided_quotas
from adapters.chat.payload import Press, pack
from adapters.chat.safety import safety as moderation
from adapters.commandline import whole
from adapters.discord import safety
from adapters.discord.decisions import FIELDS, Field
from adapters.discord.forms import quota_form
from adapters.discord.page import Page
from adapters.discord.panels import COSTS
from adapters.discord.turn import Turn
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Role
from bot.i18n import locales
from bot.usecases import community


async def show(turn: Turn) -> None:
    """The panel."""
    await turn.think(ephemeral=True)
    await _owner(turn)
    await turn.show(await panel(turn))


async def home(turn: Turn, press: Press) -> None:
    """Back to the panel."""
    await turn.quietly()
    await _owner(turn)
    await turn.turn_to(await panel(turn))


async def choose(turn: Turn, press: Press) -> None:
    """The page of one decision; quotas come as a form."""
    name = turn.values[0]
    await _owner(turn)
    if name == "quota":
        await turn.ask(quota_form(turn.words, decided_quotas(turn), turn.desk.policy.quota.member_day))
    elif name == "safety":
        await turn.turn_to(await safety.page(turn))
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
    await turn.turn_to(await panel(turn, "set-saved"))


async def _owner(turn: Turn) -> None:
    """What is decided here is nobody else's business."""
    if (await turn.origin()).role is not Role.OWNER:
        raise NotAllowed("owners-only")


def _field(name: str) -> Field:
    """A decision by its name; one that an earlier version had is gone."""
    if name not in FIELDS:
        raise NotFound("old-button")
    return FIELDS[name]


async def _change(turn: Turn, **changes: Any) -> None:
    origin, desk = await turn.origin(), turn.desk
    turn.rules = await community.change(origin, desk.transactions, desk.clock, languages=locales(), **changes)
    await turn.turn_to(await panel(turn, "set-saved"))


async def panel(turn: Turn, news: str | None = None) -> Page:
    """Every decision in a line, and the menu that opens its page."""
    words = turn.words
    lines = [f"**{words.text('command-settings')}**", *([f"✅ {words.text(news)}"] if news else [])]
    names = [*FIELDS, "quota", "safety"]
    texts = {name: field.read(turn) for name, field in FIELDS.items()} | {"quota": quota_text(turn)}
    texts["safety"] = (await moderation(await turn.origin(), turn.desk)).read(words)
    lines += [f"**{words.text(f'set-{name}')}**: {texts[name]}" for name in names]
    lines.append(f"-# {words.text(COSTS)}")
    if warning := _channel_warning(turn):
        lines.append(f"⚠️ {warning}")
    options = [SelectOption(label=words.text(f"set-{name}"), value=name) for name in (*names, "reset")]
    menu: Select[Any] = Select(custom_id=pack("rule"), placeholder=words.text("set"), options=options)
    return Page("\n".join(lines), items=(menu,))


def _page(turn: Turn, name: str) -> Page:
    words, field = turn.words, _field(name)
    text = f"**{words.text(f'set-{name}')}**: {field.read(turn)}\n{words.text(f'set-{name}-help')}"
    return Page(text, items=(field.menu(turn, name), _back(turn)))


def _reset_page(turn: Turn) -> Page:
    label, danger = turn.words.text("set-reset"), discord.ButtonStyle.danger
    really: discord.ui.Button[Any] = discord.ui.Button(label=label, style=danger, custom_id=pack("reset"))
    return Page(turn.words.text("set-reset-help"), items=(really, _back(turn)))


def _back(turn: Turn) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=turn.words.text("back"), custom_id=pack("rules"), row=1)


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


HANDLERS = {"quotas": quotas, "reset": reset, "rule": choose, "rules": home, "set": change}
