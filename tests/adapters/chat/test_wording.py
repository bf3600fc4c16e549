"""A covered job is a spoiler whatever the community's age policy says."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.chat.wording import Style
from adapters.discord.render import compose
from adapters.presentation import of_view
from bot.domain.community import CommunityRules
from bot.domain.jobs import JobResult
from bot.usecases import account
from tests import house
from tests.bot.usecases.moderating import drawn
from tests.fakes import png


async def test_what_the_screens_cover_is_a_spoiler(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    job = await drawn(home)
    style = Style.under(CommunityRules(), house.ADA, {})
    covered = replace(job, result=replace(job.result or JobResult(), covered=True))
    assert not style.spoiler and not style.covering(job, None).spoiler and style.covering(None, covered).spoiler
    view = await account.view(house.ADA, job.id, home.transaction)
    for shown, spoiler in ((job, False), (covered, True)):
        page = compose(of_view(replace(view, job=shown)), style, shown, [png()])
        assert [picture.spoiler for picture in page.pictures] == [spoiler]
