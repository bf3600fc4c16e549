"""The real adapter over a house with fake models, connected to the stand-in."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.discord.connection import DiscordConnection
from adapters.discord.deps import DiscordDeps, Reach
from bot import offers
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Job
from bot.runtime.background import in_background
from bot.runtime.courier import Courier
from bot.runtime.worker import Worker
from tests import house
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.client import pointed
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.adapters.discord.wire.shown import Shown
from tests.adapters.discord.wire.turns import Turn
from tests.house import House


@dataclass
class Bot:
    """One run of the bot; `house` outlives it, as a data folder does."""

    house: House
    connection: DiscordConnection

    async def jobs(self, person: Person, guild: Guild) -> list[Job]:
        """A member's jobs, newest first."""
        origin = self.origin(person, guild)
        async with self.house.transaction() as tx:
            member = await tx.members.resolve(origin)
            return await tx.jobs.of_member(member.id, 50)

    @staticmethod
    def origin(person: Person, guild: Guild) -> Origin:
        """A member as the house knows them."""
        return Origin(Platform.DISCORD, str(person.id), str(guild.general.id), str(guild.id))

    async def used(self, person: Person, guild: Guild) -> int:
        """Units a member used today."""
        return await self.house.used(self.origin(person, guild))


def finished(message: Shown) -> bool:
    """Whether pictures are there to stay: beside a preview there is one button, which stops the work."""
    return bool(message.attachments) and len(message.labels) != 1


async def drawn(person: Person, prompt: str = "a knight", **options: Any) -> Shown:
    """The finished answer to /avatar."""
    turn = await person.slash("avatar", prompt=prompt, **options)
    return await turn.message_matching(finished)


async def delete(person: Person, shown: Shown, choice: str = "") -> Shown:
    """Delete a picture, by its button or a choice in the menu, and say yes to the question."""
    turn = await (person.choose(shown, choice) if choice else person.press(shown, "Delete"))
    question = await told(turn)
    await person.press(question, question.labels[0])
    return question


async def told(turn: Turn) -> Shown:
    """What the bot says to the asker alone, in front of whatever stood there for a moment."""
    return await turn.message_matching(lambda message: message.ephemeral and not message.loading)


async def written(person: Person, topic: str = "a sunset hike", **options: Any) -> Shown:
    """The finished answer to /caption."""
    turn = await person.slash("caption", topic=topic, **options)
    return await turn.message_matching(lambda message: "Edit prompt" in message.labels)


def build(database: AsyncEngine, folder: Path) -> House:
    """A house on real time, for the stand-in's messages are dated by it, with patience beyond Discord's."""
    home = house.build(database, folder, replace(house.POLICY, deadline=3600.0))
    home.clock.time = time.time()
    return home


def equipped(home: House, folder: Path, reach: Reach) -> DiscordDeps:
    """What the adapter is given, with a second picture model to choose from."""
    models = {"avatar": ("embedded", "large"), "caption": ("embedded",)}
    return DiscordDeps(home.desk, offers.styles(), offers.tones(), models, "en", folder, reach)


@asynccontextmanager
async def connected(home: House, reach: Reach, folder: Path, *, work: bool = True) -> AsyncIterator[DiscordConnection]:
    """The adapter with its outbox and, with `work`, somebody who does the jobs."""
    deps = equipped(home, folder, reach)
    async with pointed(reach.api_base, reach.gateway, reach.cdn_base):
        connection = DiscordConnection(deps)
        courier = Courier(connection.messenger, home.desk.transactions, home.events, home.desk.clock)

        async def loops() -> None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(courier.run())
                if work:
                    tasks.create_task(Worker(home.bench).run())

        async with in_background(loops()), in_background(connection.run()):
            yield connection


@asynccontextmanager
async def running(home: House, discord: StandIn, folder: Path, *, work: bool = True) -> AsyncIterator[Bot]:
    """The bot on a stand-in, connected and listening; without `work` nothing is drawn."""
    reach = Reach(discord.token, discord.api_base, discord.gateway_url, discord.cdn_base)
    async with connected(home, reach, folder, work=work) as connection:
        await discord.online()
        yield Bot(home, connection)
