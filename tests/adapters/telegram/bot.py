"""The real adapter over a house with fake models, connected to the stand-in."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.telegram.connection import TelegramConnection
from adapters.telegram.deps import Reach, TelegramDeps, Webhook
from adapters.telegram.limits import Limits
from bot import offers
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Job, JobStatus
from bot.runtime.background import in_background
from bot.runtime.courier import Courier
from bot.runtime.worker import Worker
from tests import house
from tests.adapters.telegram.wire import Person, Shown, StandIn
from tests.house import House

SCALE = 50.0
"""How many times as fast as Telegram's our patience runs in tests, where nobody is flooded."""


@dataclass
class Bot:
    """One run of the bot; `house` outlives it, as a data folder does."""

    house: House
    connection: TelegramConnection
    told: list[Reason]
    """What the owner read at start."""

    async def jobs(self, person: Person) -> list[Job]:
        """A member's jobs, newest first."""
        async with self.house.transaction() as tx:
            member = await tx.members.resolve(self.origin(person))
            return await tx.jobs.of_member(member.id, 50)

    @staticmethod
    def origin(person: Person, group: Any = None) -> Origin:
        """A member as the house knows them."""
        chat = str((group or person).id)
        return Origin(Platform.TELEGRAM, str(person.id), chat, chat if group else None)

    async def used(self, person: Person) -> int:
        """Units a member used today."""
        return await self.house.used(self.origin(person))


def build(database: AsyncEngine, folder: Path) -> House:
    """A house on real time, for the stand-in's messages are dated by it."""
    home = house.build(database, folder)
    home.clock.time = time.time()
    return home


def reach(telegram: StandIn, webhook: Webhook | None = None, limits: Limits | None = None) -> Reach:
    """How to reach the stand-in."""
    limits = limits or replace(Limits(), group=1000).faster(SCALE)
    return Reach(telegram.token, telegram.base_url, telegram.base_file_url, webhook, limits)


def equipped(home: House, folder: Path, there: Reach) -> TelegramDeps:
    """What the adapter is given, with other picture models to choose from."""
    models = {"avatar": ("embedded", "large", "gan"), "caption": ("embedded",)}
    return TelegramDeps(home.desk, offers.styles(), offers.tones(), models, "en", folder, there)


@asynccontextmanager
async def running(home: House, there: Reach, folder: Path, *, work: bool = True) -> AsyncIterator[Bot]:
    """The bot, listening, with its outbox; without `work` nothing is drawn."""
    connection, told = TelegramConnection(equipped(home, folder, there)), list[Reason]()
    courier = Courier(connection.messenger, home.desk.transactions, home.events, home.desk.clock)

    async def loops() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(courier.run())
            if work:
                tasks.create_task(Worker(home.bench).run())

    async with in_background(loops()), in_background(connection.run(told.append)):
        yield Bot(home, connection, told)


async def status(home: House, wanted: JobStatus, count: int = 1) -> None:
    """Wait until so many jobs are in a state."""
    async with asyncio.timeout(5):
        while await home.in_status(wanted) != count:
            await asyncio.sleep(0.01)


def finished(shown: Shown) -> bool:
    """Whether an answer is there to stay: it can be had again."""
    return any("Again" in label or "Another" in label for label in shown.labels)


async def drawn(telegram: StandIn, person: Person, chat: Any, words: str = "a knight") -> Shown:
    """The finished answer to /avatar."""
    said = await person.says(chat, f"/avatar {words}")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id and shown.photo and finished(shown))
