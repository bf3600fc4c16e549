"""The courier sends several at once, those of one job in turn, and forgets none."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, JobStatus, JobView
from bot.ports import AddresseeGone, PlatformBusy
from bot.runtime.background import in_background
from bot.runtime.courier import Courier
from bot.usecases import review
from bot.usecases.deliver import RETRY
from bot.usecases.process import process
from tests import house
from tests.house import House


@dataclass
class Chat:
    """A platform that takes what it is given when `doors` of that member are open; `trouble` is raised by member."""

    platform = Platform.CONSOLE
    sent: list[tuple[str, JobStatus]] = field(default_factory=list)
    doors: dict[str, asyncio.Event] = field(default_factory=dict)
    trouble: dict[str, Exception] = field(default_factory=dict)
    begun: Counter[str] = field(default_factory=Counter)
    at_once: int = 8
    now: int = 0
    most_at_once: int = 0
    of_one_job: int = 0
    _jobs: Counter[str] = field(default_factory=Counter)

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        """Take it."""
        user = delivery.origin.user_id
        self.begun[user] += 1
        self._jobs[view.job.id] += 1
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        self.of_one_job = max(self.of_one_job, *self._jobs.values())
        try:
            await asyncio.sleep(0)
            if user in self.doors:
                await self.doors[user].wait()
            if user in self.trouble:
                raise self.trouble[user]
        finally:
            self.now -= 1
            self._jobs[view.job.id] -= 1
        self.sent.append((user, delivery.told))

    def close(self, user: str) -> asyncio.Event:
        """What goes to this member stays on its way."""
        self.doors[user] = asyncio.Event()
        return self.doors[user]


@asynccontextmanager
async def on_the_road(home: House, chat: Chat, senders: int = 8) -> AsyncIterator[None]:
    chat.at_once = senders
    courier = Courier(chat, home.transaction, home.events, home.clock)
    async with in_background(courier.run()):
        yield


async def until(what: object) -> None:
    async with asyncio.timeout(10):
        while not what():  # type: ignore[operator]
            await asyncio.sleep(0.01)


async def made(home: House, user: str) -> str:
    job = await home.accepted(origin=house.origin(user))
    await process(await home.claim(), home.bench)
    home.clock.time += 0.001
    return job.id


async def test_a_slow_one_does_not_hold_up_another(database: AsyncEngine, tmp_path: Path) -> None:
    home, chat = house.build(database, tmp_path), Chat()
    door = chat.close("slow")
    slow = await made(home, "slow")
    for user in ("bob", "eve"):
        await made(home, user)
    async with on_the_road(home, chat):
        await until(lambda: len(chat.sent) == 2)
        assert {user for user, _ in chat.sent} == {"bob", "eve"}
        door.set()
        await until(lambda: len(chat.sent) == 3)
        async with asyncio.timeout(10):
            while (await home.job(slow)).status is not JobStatus.DELIVERED:
                await asyncio.sleep(0.01)
    assert chat.begun == {"slow": 1, "bob": 1, "eve": 1}


async def test_only_so_many_at_once_and_each_once(database: AsyncEngine, tmp_path: Path) -> None:
    home, chat = house.build(database, tmp_path), Chat()
    doors = [chat.close(f"member-{index}") for index in range(5)]
    for index in range(5):
        await made(home, f"member-{index}")
    async with on_the_road(home, chat, senders=2):
        await until(lambda: chat.now == 2)
        await asyncio.sleep(0.05)
        assert chat.begun.total() == 2
        for door in doors:
            door.set()
        await until(lambda: len(chat.sent) == 5)
    assert chat.most_at_once == 2 and set(chat.begun.values()) == {1}


async def test_news_of_one_job_come_in_turn(database: AsyncEngine, tmp_path: Path) -> None:
    """Else 'a moderator will look' could arrive after the picture."""
    home, chat = house.build(database, tmp_path), Chat()
    door = chat.close("ada")
    home.moderator.picture_score = 0.7
    await made(home, "ada")
    async with on_the_road(home, chat):
        await until(lambda: chat.now == 1)
        (case,) = await review.cases(home.transaction)
        desk = home.desk
        await review.approve(case.case.id, "mod", desk.transactions, desk.events, desk.clock, desk.policy)
        # Somebody else's comes through, so the courier has looked; the job's own next news has not begun.
        home.moderator.picture_score = 0.0
        await made(home, "bob")
        await until(lambda: chat.sent == [("bob", JobStatus.READY)])
        assert chat.begun["ada"] == 1
        door.set()
        await until(lambda: len(chat.sent) == 3)
    assert chat.sent[1:] == [("ada", JobStatus.HELD), ("ada", JobStatus.READY)]
    assert chat.of_one_job == 1


async def test_a_sender_slower_than_the_retry_is_not_doubled(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, chat = house.build(sqlite_database, tmp_path), Chat()
    door = chat.close("ada")
    await made(home, "ada")
    async with on_the_road(home, chat):
        await until(lambda: chat.now == 1)
        home.clock.time += RETRY + 1
        await made(home, "bob")
        await until(lambda: chat.sent == [("bob", JobStatus.READY)])
        assert chat.begun["ada"] == 1
        door.set()
        await until(lambda: len(chat.sent) == 2)


@pytest.mark.parametrize("trouble", [RuntimeError("broken"), PlatformBusy(RETRY)])
async def test_a_failing_one_comes_again_and_stops_nobody_elses(
    trouble: Exception, sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home, chat = house.build(sqlite_database, tmp_path), Chat(trouble={"ada": trouble})
    for user in ("ada", "bob"):
        await made(home, user)
    async with on_the_road(home, chat):
        await until(lambda: chat.sent == [("bob", JobStatus.READY)])
        assert chat.begun["ada"] == 1
        chat.trouble.clear()
        home.clock.time += RETRY + 1
        await until(lambda: len(chat.sent) == 2)


async def test_who_is_gone_is_not_asked_again(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, chat = house.build(sqlite_database, tmp_path), Chat(trouble={"ada": AddresseeGone()})
    await made(home, "ada")
    async with on_the_road(home, chat):
        await until(lambda: chat.begun["ada"] == 1)
        home.clock.time += RETRY + 1
        await made(home, "bob")
        await until(lambda: len(chat.sent) == 1)
    assert chat.begun["ada"] == 1


async def test_what_was_on_its_way_at_a_stop_comes_again(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, chat = house.build(sqlite_database, tmp_path), Chat()
    door = chat.close("ada")
    await made(home, "ada")
    async with asyncio.timeout(5):
        async with on_the_road(home, chat):
            await until(lambda: chat.now == 1)
    assert chat.now == 0 and chat.sent == []
    door.set()
    home.clock.time += RETRY + 1
    async with on_the_road(home, chat):
        await until(lambda: chat.sent == [("ada", JobStatus.READY)])


async def test_an_idle_courier_asks_seldom(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home, asked = house.build(sqlite_database, tmp_path), Counter[str]()

    def transactions() -> object:
        asked["times"] += 1
        return home.transaction()

    courier = Courier(Chat(), transactions, home.events, home.clock)  # type: ignore[arg-type]
    async with in_background(courier.run()):
        await asyncio.sleep(1.3)
    assert asked["times"] <= 3
