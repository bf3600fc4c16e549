"""Drafts are found again by what a platform knows of them, and forgotten after a day with the file they kept."""

import os
from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.draft import Draft
from bot.domain.identity import Platform
from bot.usecases import recover
from tests import house
from tests.fakes import png
from tests.house import ADA, House

BEGUN = Draft("first", ADA, "avatar", options={"style": "pixel"}, asked_in="chat/7", created_at=100.0)


async def add(home: House, *drafts: Draft) -> None:
    async with home.transaction() as tx:
        for draft in drafts:
            await tx.drafts.add(draft)
        await tx.commit()


async def test_a_draft_comes_back_as_it_went_and_is_replaced(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await add(home, BEGUN)
    said = replace(BEGUN, text="a knight", options={"style": "anime", "seed": "7"}, parent_id="job", asked_in="chat/8")
    async with home.transaction() as tx:
        assert await tx.drafts.get("first") == BEGUN
        assert await tx.drafts.asked_in(ADA.platform, "chat/7") == BEGUN
        await tx.drafts.put(said)
        await tx.commit()
    async with home.transaction() as tx:
        assert await tx.drafts.get("first") == said
        assert await tx.drafts.asked_in(ADA.platform, "chat/7") is None
        assert await tx.drafts.asked_in(Platform.TELEGRAM, "chat/8") is None
        await tx.drafts.delete("first")
        await tx.drafts.put(said)
        assert await tx.drafts.get("first") is None


async def test_the_latest_is_the_newest_that_waits_for_words(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    later = replace(BEGUN, id="later", created_at=200.0)
    said = replace(BEGUN, id="said", text="a knight", created_at=300.0)
    others = replace(BEGUN, id="others", origin=house.origin("bob"), created_at=400.0)
    await add(home, BEGUN, later, said, others)
    async with home.transaction() as tx:
        assert await tx.drafts.latest(ADA.platform, "ada", 0.0) == later
        assert await tx.drafts.latest(ADA.platform, "ada", 201.0) is None
        assert await tx.drafts.latest(Platform.TELEGRAM, "ada", 0.0) is None


async def test_a_days_old_draft_is_forgotten_and_then_its_file(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    store = home.desk.artifacts
    name = (await store.put(png(), ".upload")).name
    await add(home, replace(BEGUN, upload=name, created_at=home.clock.now()))
    for path in tmp_path.glob("??/*"):
        os.utime(path, (0, 0))
    home.clock.time += recover.DRAFT_AGE
    for removed in (0, 1):
        await recover.begun(home.transaction, home.clock)
        assert await recover.files(home.transaction, store, home.clock) == removed
        home.clock.time += 1
