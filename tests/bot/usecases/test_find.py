"""Pictures of one's own by words or by name; what the dual encoder saw once it is not asked again."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.asking import request_from
from adapters.commandline import Offer, parse
from bot.domain.errors import InvalidRequest, NoAnswer, NotFound
from bot.domain.requests import AvatarRequest, MixRequest, RestyleRequest, Source
from bot.usecases import account
from bot.usecases.find import find
from bot.usecases.pick import picked
from bot.usecases.process import process
from engines.contract import EngineError, ImageFeatureExtraction
from tests import house
from tests.house import ADA, House

OFFER = Offer(["pixel"], ["plain"])


async def drawn(home: House, *hues: int) -> list[str]:
    """Ada's pictures of these colours (the fake draws hue = seed), newest last."""
    found = []
    for hue in hues:
        home.clock.time += 1
        job = await home.accepted(AvatarRequest("a fox", seed=hue))
        await process(await home.claim(), home.bench)
        async with home.transaction() as tx:
            found += [artifact.id for artifact in (await tx.artifacts.of_jobs([job.id]))[job.id]]
    return found


def embedded(home: House) -> int:
    """Pictures that the dual encoder was asked to look at."""
    return sum(len(r.images) for r in home.engine.requests if isinstance(r, ImageFeatureExtraction))


async def test_the_nearest_come_first_and_what_makes_no_sense_not_at_all(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    red, green, lime, blue = await drawn(home, 0, 120, 100, 240)
    found = await find("the one with green", ADA, home.desk)
    assert [artifact.id for artifact, _, _ in found] == [green, lime]
    assert found[0][2] > found[1][2] > 0.8
    assert embedded(home) == 4
    assert [artifact.id for artifact, _, _ in await find("something blue", ADA, home.desk)] == [blue]
    assert embedded(home) == 4
    (new,) = await drawn(home, 121)
    assert new in {artifact.id for artifact, _, _ in await find("green", ADA, home.desk)}
    assert embedded(home) == 5
    await account.delete_picture(ADA, green, home.transaction, home.clock)
    async with home.transaction() as tx:
        assert set(await tx.vectors.of([red, green], "clip-1")) == {red}
    assert await find("green", house.origin("bob"), home.desk) == []


async def test_a_search_that_cannot_be_done_says_why(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await drawn(home, 0)
    with pytest.raises(InvalidRequest, match="find-empty"):
        await find("  ", ADA, home.desk)
    home.engine.error = EngineError("broken")
    with pytest.raises(NoAnswer, match="engine-failed"):
        await find("green", ADA, home.desk)


async def test_pictures_go_by_number_or_by_the_beginning_of_their_id(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    old, new = await drawn(home, 10, 20)
    assert await picked(ADA, ["1", "#2", old[:8]], home.transaction) == (Source(new), Source(old), Source(old))
    for name, error in (("3", "picture-number"), ("0", "picture-number"), ("ab", "picture-unnamed")):
        with pytest.raises((NotFound, InvalidRequest), match=error):
            await picked(ADA, [name], home.transaction)
    for name in (old[:8], "____", "%%%%"):
        with pytest.raises((NotFound, InvalidRequest)):
            await picked(house.origin("bob"), [name], home.transaction)


async def test_a_typed_line_finds_its_pictures(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    old, new = await drawn(home, 10, 20)

    async def typed(line: str, image: bytes | None = None) -> object:
        return await request_from(parse(line), OFFER, ADA, home.desk, image)

    assert await typed("/mix 1 2 --coarse 0,2") == MixRequest(Source(new), Source(old), coarse=0.2)
    assert await typed("/mix 2", b"png") == MixRequest(Source(image=b"png"), Source(old))
    assert await typed("/restyle 2 a dead knight --style pixel") == RestyleRequest(
        Source(old), style="pixel", prompt="a dead knight"
    )
    assert await typed("/restyle a knight --style pixel", b"png") == RestyleRequest(
        Source(image=b"png"), style="pixel", prompt="a knight"
    )
    assert await typed("/restyle 2 1") == RestyleRequest(Source(old), manner=Source(new))
    assert await typed("/avatar a knight --picture 2") == AvatarRequest("a knight", base=old)
    for line, error in (
        ("/mix 1", "pictures-needed"),
        ("/mix 1 1", "mix-same"),
        ("/morph 1", "morph-pictures"),
        ("/upscale", "pictures-needed"),
        ("/upscale 1 --scale 3", "scale-unknown"),
        ("/restyle 1", "restyle-one-of"),
        ("/mix 1 2 --coarse 1.5", "out-of-range"),
        ("/mix 1 2 --tone funny", "option-elsewhere"),
    ):
        with pytest.raises(InvalidRequest, match=error):
            await typed(line)
