"""A job brought to a certain point, for tests of what goes wrong there, and a bot that is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.telegram.connection import TelegramConnection
from bot.domain.errors import Reason
from bot.domain.identity import Platform
from bot.domain.jobs import JobStatus
from bot.ports import UnitOfWork
from bot.runtime.courier import Courier
from bot.runtime.worker import Worker
from bot.usecases.account import unfinished
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, status
from tests.adapters.telegram.wire import Person, Shown, StandIn
from tests.house import House


async def drawing(home: House, telegram: StandIn, person: Person, chat: Any, words: str = "a knight") -> Shown:
    """The message of an /avatar that is being drawn until `home.engine.gate` is set."""
    home.engine.gate.clear()
    said = await person.says(chat, f"/avatar {words}")
    shown = await telegram.message(chat, lambda shown: shown.reply_to == said.id)
    await shown.until(lambda shown: "Drawing" in shown.text)
    await remembered(home)
    return shown


async def remembered(home: House) -> None:
    """Wait until every job that waits or runs knows the message that answers it."""
    async with asyncio.timeout(5):
        while not all(job.origin.message_id for job in await unfinished(Platform.TELEGRAM, home.transaction)):
            await asyncio.sleep(0.01)


def pictures(telegram: StandIn, chat: Any) -> list[Shown]:
    """The results that stand in a chat."""
    return [shown for shown in telegram.from_bot(chat) if shown.photo]


async def delivered(home: House, count: int = 1) -> None:
    """Wait until so many results were handed over."""
    await status(home, JobStatus.DELIVERED, count)


async def moment() -> None:
    """Long enough for what might still happen, and should not."""
    await asyncio.sleep(0.25)


class Doomed:
    """A run of the bot that ends without a word."""

    def __init__(self, home: House, telegram: StandIn, folder: Path, work: bool) -> None:
        self._dead = False
        desk, bench = home.desk, home.bench
        self._house = replace(
            home,
            desk=replace(desk, transactions=self._transactions),
            bench=replace(bench, transactions=self._transactions),
        )
        self._open = desk.transactions
        self._before = asyncio.all_tasks()
        self.connection = TelegramConnection(bots.equipped(self._house, folder, bots.reach(telegram)))
        courier = Courier(self.connection.messenger, self._transactions, home.events, home.clock)
        told: list[Reason] = []
        loops = [self.connection.run(told.append), courier.run()]
        loops += [Worker(self._house.bench).run()] if work else []
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        self.bot = Bot(home, self.connection, told)

    async def kill(self) -> None:
        """As if the power went: what it had begun does not go on, and nobody is told."""
        if self._dead:
            return
        self._dead = True
        for request in self.connection._bot._request:
            request.do_request = self._gone  # type: ignore[attr-defined]
        while tasks := [task for task in asyncio.all_tasks() - self._before if _of_a_bot(task)]:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _transactions(self) -> UnitOfWork:
        if self._dead:
            raise asyncio.CancelledError
        return self._open()

    async def _gone(self, *_: object, **__: object) -> tuple[int, bytes]:
        raise asyncio.CancelledError


def _of_a_bot(task: "asyncio.Task[Any]") -> bool:
    """Whether it is neither the test's own nor the stand-in's, which goes on."""
    code = getattr(task.get_coro(), "cr_code", None)
    stand_in = code is None or "aiohttp" in code.co_filename or "/wire/" in code.co_filename
    return not stand_in and task is not asyncio.current_task()


@asynccontextmanager
async def doomed(home: House, telegram: StandIn, folder: Path, *, work: bool = True) -> AsyncIterator[Doomed]:
    """The bot, killed at the latest at the end."""
    run = Doomed(home, telegram, folder, work)
    try:
        yield run
    finally:
        await run.kill()
