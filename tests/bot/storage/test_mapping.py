"""What was stored comes back as it was, also when an earlier version stored it."""

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.requests import CaptionRequest, Length
from bot.storage.mapping import request_to_json
from tests import house


async def test_a_captions_length_is_kept_and_may_be_missing(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await home.accepted(CaptionRequest("rain", seed=7, length=Length.SHORT))
    assert job.request == CaptionRequest("rain", seed=7, length=Length.SHORT)
    assert job.request.length is Length.SHORT  # type: ignore[union-attr]
    earlier = request_to_json(job.request)
    del earlier["length"]
    async with database.begin() as connection:
        await connection.execute(text("UPDATE jobs SET request = :request"), {"request": json.dumps(earlier)})
    assert (await home.job(job.id)).request == replace(job.request, length=Length.NORMAL)
