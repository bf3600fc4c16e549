"""A Discord of our own for every test of the adapter, and our bot on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.discord import outlet, supervision
from bot.runtime import waker
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.house import House


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a second look."""
    monkeypatch.setattr(waker, "POLL", 0.05)
    monkeypatch.setattr(outlet, "RECONNECT", 0.0)
    monkeypatch.setattr(supervision, "FIRST", 0.05)


@pytest.fixture
async def discord() -> AsyncIterator[StandIn]:
    """A stand-in Discord; the test fails where the bot broke the API's description."""
    async with StandIn() as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def home(sqlite_database: AsyncEngine, tmp_path: Path) -> House:
    """The house behind the bot."""
    return bots.build(sqlite_database, tmp_path / "artifacts")


@pytest.fixture
async def bot(home: House, discord: StandIn, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot, connected."""
    async with bots.running(home, discord, tmp_path) as running:
        yield running


@pytest.fixture
def guild(discord: StandIn, bot: Bot) -> Guild:
    """A server that the bot was invited to."""
    return discord.guild()
