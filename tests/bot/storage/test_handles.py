"""A platform's handle of a picture is good for as long as the picture is there."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.identity import Platform, Role
from bot.usecases import account, report, review
from bot.usecases.process import process
from tests import house
from tests.house import ADA, House

BOB = house.origin("bob")


async def drawn(home: House) -> tuple[str, str]:
    """A picture's id and its job's."""
    job = await home.accepted()
    await process(await home.claim(), home.bench)
    async with home.transaction() as tx:
        (picture,) = (await tx.artifacts.of_jobs([job.id]))[job.id]
        for platform in (Platform.TELEGRAM, Platform.DISCORD):
            await tx.handles.put(platform, picture.id, "old")
        await tx.handles.put(Platform.TELEGRAM, picture.id, f"file of {picture.id}")
        await tx.commit()
    return picture.id, job.id


async def test_handles_end_with_their_pictures(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    kept, _ = await drawn(home)
    deleted, _ = await drawn(home)
    rejected, job_id = await drawn(home)
    of_all = [kept, deleted, rejected, "no-such-picture"]
    async with home.transaction() as tx:
        found = await tx.handles.of(Platform.TELEGRAM, of_all)
        assert found == {picture: f"file of {picture}" for picture in of_all[:3]}
        assert await tx.handles.of(Platform.DISCORD, [kept]) == {kept: "old"}
        assert await tx.handles.of(Platform.WEB, of_all) == {} == await tx.handles.of(Platform.TELEGRAM, [])
    await account.delete_picture(ADA, deleted, home.transaction, home.clock)
    case = await report.report(BOB, job_id, "", home.transaction, home.clock, home.events)
    assert case
    moderator = house.origin("mod", role=Role.MODERATOR)
    await review.reject(case.id, moderator.user_id, home.transaction, home.events, home.clock)
    async with home.transaction() as tx:
        assert await tx.handles.of(Platform.TELEGRAM, of_all) == {kept: f"file of {kept}"}
