"""Moderation in /settings: the preset, and the way to the web page, each for the asker's eyes alone."""

import asyncio
from typing import Any

import discord
from discord.ui import Select

from adapters.chat import safety
from adapters.chat.payload import Press, pack
from adapters.chat.safety import Safety
from adapters.discord.page import MARKUP, Page
from adapters.discord.turn import Turn
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Origin, Role


async def page(turn: Turn, news: str | None = None) -> Page:
    """What is in force, the presets, and the way to everything else."""
    origin = await turn.origin()
    if origin.role is not Role.OWNER:
        raise NotAllowed("owners-only")
    now = await safety.safety(origin, turn.desk)
    words = turn.words
    lines = [*([f"✅ {words.text(news)}"] if news else []), *now.said(origin, words, MARKUP)]
    items: list[discord.ui.Item[Any]] = [_presets(now, turn)]
    if turn.deps.door:
        items.append(discord.ui.Button(label=words.text("safety-page"), custom_id=pack("page"), row=1))
    items.append(discord.ui.Button(label=words.text("back"), custom_id=pack("rules"), row=1))
    return Page("\n".join(lines), items=tuple(items))


async def choose(turn: Turn, press: Press) -> None:
    """A preset, in force at once."""
    await turn.quietly()
    await safety.choose(await turn.origin(), turn.values[0], press.target, turn.desk)
    await turn.turn_to(await page(turn, "set-saved"))


async def open_page(turn: Turn, press: Press) -> None:
    """A link for this person, this community and this role, that works once."""
    await turn.think(ephemeral=True)
    origin, door = await turn.origin(), turn.deps.door
    check(origin)
    if door is None:
        raise NotFound("old-button")
    link = await asyncio.to_thread(door.link, origin, turn.house.outlet.name_of(origin.community_id or ""))
    lines = [turn.words.text("page-link"), f"<{link}>"]
    if door.local:
        lines.append(f"⚠️ {turn.words.text('page-local')}")
    await turn.show(Page("\n".join(lines)))


def check(origin: Origin) -> None:
    """Only who moderates has something to do there."""
    if not origin.community_id or not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")


def _presets(now: Safety, turn: Turn) -> Select[Any]:
    options = [
        discord.SelectOption(label=preset.label(turn.words.locale), value=preset.key, default=preset.key == now.preset)
        for preset in safety.presets(turn.words)
    ]
    return Select(custom_id=pack("preset", str(now.version)), options=options)


HANDLERS = {"page": open_page, "preset": choose}
