"""A caption made anew, one step longer or shorter."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import InvalidRequest, NotFound
from bot.domain.outcomes import Accepted
from bot.domain.requests import CaptionRequest, Length
from bot.usecases import remake
from tests import house


@pytest.mark.parametrize(
    ("before", "longer", "after"),
    [
        (Length.SHORT, True, Length.NORMAL),
        (Length.NORMAL, True, Length.LONG),
        (Length.LONG, False, Length.NORMAL),
        (Length.NORMAL, False, Length.SHORT),
    ],
)
async def test_a_step(
    before: Length, longer: bool, after: Length, sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted(CaptionRequest("rain", "funny", count=2, seed=7, length=before))
    outcome = await remake.in_length(job.id, longer, house.ADA, home.desk)
    assert isinstance(outcome, Accepted)
    new = await home.job(outcome.job_id)
    assert new.request == CaptionRequest("rain", "funny", count=2, seed=new.request.seed, length=after)
    assert new.request.seed != 7 and new.parent_id == job.id


@pytest.mark.parametrize(
    ("at", "longer", "reason"), [(Length.SHORT, False, "length-shortest"), (Length.LONG, True, "length-longest")]
)
async def test_beyond_the_end_there_is_no_step(
    at: Length, longer: bool, reason: str, sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await home.accepted(CaptionRequest("rain", length=at))
    with pytest.raises(InvalidRequest, match=reason):
        await remake.in_length(job.id, longer, house.ADA, home.desk)


async def test_a_picture_has_no_length_and_others_captions_are_out_of_reach(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    with pytest.raises(InvalidRequest, match="not-a-caption"):
        await remake.in_length((await home.accepted()).id, True, house.ADA, home.desk)
    job = await home.accepted(CaptionRequest("rain"))
    with pytest.raises(NotFound):
        await remake.in_length(job.id, True, house.origin("bob"), home.desk)
