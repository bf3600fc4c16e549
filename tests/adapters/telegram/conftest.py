"""A Telegram of our own for every test of the adapter, and our bot on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.chat import cards
from adapters.telegram import face, hearing
from bot.runtime import waker
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.house import House


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a second look."""
    monkeypatch.setattr(waker, "POLL", 0.05)
    monkeypatch.setattr(cards, "EVERY", 0.05)
    monkeypatch.setattr(face, "PAUSE", 0.05)
    monkeypatch.setattr(hearing, "FIRST", 0.05)


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """A stand-in Telegram; the test fails where the bot broke the API's description, or was flooded."""
    async with StandIn() as stand_in:
        yield stand_in
    assert stand_in.violations == []
    assert stand_in.floods == []


@pytest.fixture
def home(sqlite_database: AsyncEngine, tmp_path: Path) -> House:
    """The house behind the bot."""
    return bots.build(sqlite_database, tmp_path / "artifacts")


@pytest.fixture
async def bot(home: House, telegram: StandIn, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot, connected."""
    async with bots.running(home, bots.reach(telegram), tmp_path) as running:
        yield running


@pytest.fixture
def ada(telegram: StandIn, bot: Bot) -> Person:
    """Somebody who talks to the bot in private."""
    return telegram.user("Ada")


@pytest.fixture
def group(telegram: StandIn, bot: Bot) -> Group:
    """A group with the bot in it."""
    return telegram.group()
