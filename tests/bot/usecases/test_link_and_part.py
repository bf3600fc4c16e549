"""Whatever happened before, between and after: who linked and parted has what they would have had without."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.identity import Origin
from bot.domain.jobs import JobStatus
from bot.domain.quota import Window, member_account
from bot.storage.database import open_database
from bot.usecases import account
from bot.usecases.process import process
from tests import house
from tests.bot.usecases.test_link import DISCORD, TELEGRAM, joined, part
from tests.house import House

PEOPLE = (DISCORD, TELEGRAM)
STEP = st.tuples(st.sampled_from((0, 1)), st.sampled_from(("ask", "draw", "release", "refund", "minute")))
STEPS = st.lists(STEP, max_size=5)
Seen = tuple[int, int, int, int]


async def seen(home: House, origin: Origin) -> Seen:
    """Units today and this minute, and how many jobs and pictures."""
    async with home.transaction() as tx:
        name = member_account((await tx.members.resolve(origin)).id)
        used = [await tx.quotas.used(name, window.start(home.clock.now()), window.value) for window in Window]
    jobs = await account.history(origin, home.transaction)
    pictures = await account.gallery(origin, home.transaction)
    return used[0], used[1], len(jobs), len(pictures)


async def live(home: House, steps: list[tuple[int, str]], asked: dict[int, list[str]]) -> None:
    """What the two of them do."""
    for who, step in steps:
        if step == "minute":
            home.clock.time += 60
        elif step in ("ask", "draw"):
            asked[who].append((await home.accepted(origin=PEOPLE[who])).id)
            while step == "draw" and await home.in_status(JobStatus.QUEUED):
                await process(await home.claim(), home.bench)
        elif asked[who]:
            async with home.transaction() as tx:
                await getattr(tx.quotas, step)(asked[who][-1])
                await tx.commit()


async def lives(migrated: Path, chapters: list[list[tuple[int, str]]], leaver: int | None) -> list[Seen]:
    """What each has at the end; with `leaver` they link after the first chapter and part after the second."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{shutil.copy(migrated, folder)}")
        home, asked = house.build(database, Path(folder) / "files"), dict[int, list[str]]({0: [], 1: []})
        await live(home, chapters[0], asked)
        if leaver is not None:
            await joined(home)
        await live(home, chapters[1], asked)
        if leaver is not None:
            await part(home, PEOPLE[leaver])
        await live(home, chapters[2], asked)
        found = [await seen(home, origin) for origin in PEOPLE]
        await database.dispose()
    return found


@settings(max_examples=12, deadline=None)
@given(st.tuples(STEPS, STEPS, STEPS), st.sampled_from((0, 1)))
def test_parting_leaves_everything_as_without(migrated: Path, chapters: tuple[list, ...], leaver: int) -> None:
    together = asyncio.run(lives(migrated, list(chapters), leaver))
    assert together == asyncio.run(lives(migrated, list(chapters), None))
