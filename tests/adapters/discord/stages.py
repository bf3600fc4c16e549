"""A job brought to a certain point, for tests of what goes wrong there."""

import asyncio
from typing import Any

from bot.domain.jobs import JobStatus
from tests.adapters.discord.wire import StandIn, Turn
from tests.adapters.discord.wire.people import Person
from tests.house import House

PATIENCE = 5.0


async def status(home: House, wanted: JobStatus, count: int = 1) -> None:
    """Wait until so many jobs are in a state."""
    async with asyncio.timeout(PATIENCE):
        while await home.in_status(wanted) != count:
            await asyncio.sleep(0.01)


async def drawing(home: House, person: Person, **options: Any) -> Turn:
    """A command whose picture is being drawn until `home.engine.gate` is set."""
    home.engine.gate.clear()
    turn = await person.slash("avatar", **{"prompt": "a knight"} | options)
    await status(home, JobStatus.RUNNING)
    return turn


def too_late(home: House, discord: StandIn, turn: Turn) -> None:
    """The interaction's fifteen minutes are over."""
    home.clock.time += 16 * 60
    discord.expire(turn)
