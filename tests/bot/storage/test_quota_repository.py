"""Exactness under concurrency, on both databases."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs import Settlement
from bot.domain.outcomes import Accepted, Refused
from bot.domain.quota import PICTURE_UNITS
from tests import house


async def test_many_askers_at_once_get_exactly_the_limit(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    limit = house.POLICY.quota.member_minute[house.ADA.role] // PICTURE_UNITS
    outcomes = await asyncio.gather(*(home.submit() for _ in range(limit * 2)))
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == limit
    assert {o.reason.message for o in outcomes if isinstance(o, Refused)} == {"quota-minute"}
    assert await home.used() == limit * PICTURE_UNITS


async def test_release_and_refund_happen_once(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    first, second = await home.accepted(), await home.accepted()

    async def settle(job_id: str, how: str) -> None:
        async with home.transaction() as tx:
            await getattr(tx.quotas, how)(job_id)
            await tx.commit()

    for how in ("release", "release", "settle", "refund"):
        await settle(first.id, how)
    assert await home.used() == PICTURE_UNITS
    assert (await home.job(first.id)).settlement is Settlement.RELEASED
    for how in ("settle", "release", "refund", "refund"):
        await settle(second.id, how)
    assert await home.used() == 0
    assert (await home.job(second.id)).settlement is Settlement.REFUNDED


async def test_a_refused_request_leaves_no_trace(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    big = house.AvatarRequest("crowd", count=4)
    while isinstance(await home.submit(big), Accepted):
        pass
    used = await home.used()
    assert used == house.POLICY.quota.member_minute[house.ADA.role] // 16 * 16
    home.clock.time += 60
    assert isinstance(await home.submit(big), Accepted)
