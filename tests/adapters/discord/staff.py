"""Owners and moderators of a server, and what they do most."""

import asyncio
from typing import Any

import discord
import pytest
from simcord.backend.models import Channel as Place

from adapters.chat import cards
from adapters.discord import dispatch, face
from bot.domain.identity import Origin, Platform, Role
from bot.usecases import community, review
from bot.usecases.review import CaseView
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person

OWNER = discord.Permissions(manage_guild=True)
MODERATOR = discord.Permissions(manage_messages=True)
MEMBER = discord.Permissions(send_messages=True)
"""Nothing that others may not, but with a role of their own."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here waits for the comfort of others."""
    monkeypatch.setattr(cards, "EVERY", 0.05)
    monkeypatch.setattr(face, "FIRST", 0.0)
    monkeypatch.setattr(face, "PAUSE", 0.05)
    monkeypatch.setattr(dispatch, "DOUBLE_CLICK", 0.0)


async def decide(bot: Bot, guild: Guild, **changes: Any) -> None:
    """The owner's rules, without the panel."""
    origin = Origin(Platform.DISCORD, "1", "", str(guild.id), role=Role.OWNER)
    await community.change(origin, bot.house.transaction, bot.house.clock, languages=("de",), **changes)


async def held(person: Person, words: str = "please hold me", where: Place | None = None) -> Turn:
    """Ask for something that waits for a moderator."""
    turn = await person.slash("avatar", where, prompt=words)
    await turn.message_matching(lambda message: "moderator will take a look" in message.text)
    return turn


async def drawn(person: Person, words: str = "a knight", where: Place | None = None) -> Shown:
    """Ask for a picture, and get it."""
    turn = await person.slash("avatar", where, prompt=words)
    return await turn.message_matching(lambda message: message.attachments and "ready" in message.text)


async def case(bot: Bot) -> CaseView:
    """The newest open case, once there is one."""
    async with asyncio.timeout(5):
        while not (found := await review.cases(bot.house.transaction)):
            await asyncio.sleep(0.02)
    return found[-1]


async def card(stand_in: StandIn, place: Place, *words: str) -> Shown:
    """The newest card in a channel, once it says these words."""

    def look() -> Shown | None:
        shown = [message for message in stand_in.messages(place) if not message.ephemeral]
        return shown[-1] if shown and all(word in shown[-1].text for word in words) else None

    found: Shown = await stand_in.until(look)
    return found


async def told(turn: Turn) -> str:
    """The sentence that somebody alone was told."""
    shown = await turn.message_matching(lambda message: message.ephemeral and not message.loading)
    return shown.text


async def rejected(person: Person, message: Shown, note: str = "", button: str = "Reject") -> Turn:
    """Press Reject, and give a reason."""
    asked = await person.press(message, button)
    await asked.acknowledged()
    return await person.submit(asked, {"note": note})
