"""Moderation in /settings: the preset, for administrators; and the web page, whose links are given in private alone."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from telegram import InlineKeyboardButton as Button
from telegram.error import TelegramError

from adapters.chat import safety
from adapters.chat.payload import Press, pack
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.reviewing import PAGE, rank
from adapters.telegram.turn import Turn
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Role


async def page(turn: Turn) -> Page:
    """What is in force, the presets, and the way to everything else."""
    origin, words = await turn.origin(), turn.words
    now = await safety.safety(origin, turn.desk)
    presets = tuple(
        Button(
            f"{'✓ ' if preset.key == now.preset else ''}{preset.label(words.locale)}",
            callback_data=pack("preset", preset.key, str(now.version)),
        )
        for preset in safety.presets(words)
    )
    rows = [presets]
    if turn.deps.door:
        rows.append((Button(words.text("safety-page"), url=turn.in_private(f"{PAGE}{turn.place.chat_id}")),))
    rows.append((Button(f"◀️ {words.text('back')}", callback_data=pack("rules")),))
    return Page(tuple(now.said(origin, words, MARKUP)), keyboard=tuple(rows))


async def choose(turn: Turn, press: Press) -> None:
    """A preset, in force at once; the use case refuses whoever is no owner now."""
    await safety.choose(await turn.origin(freshly=True), press.target, press.extra, turn.desk)
    await turn.acknowledge(turn.words.text("set-saved"))
    await turn.turn_to(await page(turn))


async def open_page(turn: Turn, group: str) -> None:
    """A link for this person, this group and the role that they have there now; it works once."""
    if not turn.alone or not group.lstrip("-").isdecimal():
        raise NotFound("old-button")
    origin, door = await turn.origin(), turn.deps.door
    role = await rank(turn, group)
    if not role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    if door is None:
        raise NotFound("old-button")
    there = replace(origin, community_id=group, role=role)
    link = await asyncio.to_thread(door.link, there, await _name(turn, group))
    lines = [MARKUP.plain(turn.words.text("page-link")), MARKUP.inert(link)]
    if door.local:
        lines.append(MARKUP.plain(f"⚠️ {turn.words.text('page-local')}"))
    await turn.show(Page(tuple(lines)))


async def _name(turn: Turn, group: str) -> str:
    with suppress(TelegramError):
        return (await turn.house.outlet.bot.get_chat(int(group))).title or ""
    return ""


HANDLERS = {"preset": choose}
