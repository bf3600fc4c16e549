"""Many at once, in groups that take little: everybody gets one result, and Telegram never says that it is too much."""

from pathlib import Path

import pytest

from adapters.telegram.limits import Limits
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import SCALE, finished
from tests.adapters.telegram.wire import StandIn, crowd
from tests.adapters.telegram.wire.limits import Limits as Telegrams
from tests.house import House


@pytest.mark.parametrize("command", ["/avatar", "/caption"])
async def test_a_crowd_is_served_without_a_flood(command: str, home: House, tmp_path: Path) -> None:
    async with StandIn(limits=Telegrams(scale=SCALE)) as telegram:
        there = bots.reach(telegram, limits=Limits().faster(SCALE))
        async with bots.running(home, there, tmp_path):
            people = crowd.Crowd(
                telegram, members=12, groups=3, requests=36, rate=60, command=command, is_result=finished
            )
            report = await people.run(patience=20)
        assert (report.delivered, report.twice, report.lost) == (36, 0, 0)
        assert telegram.floods == [] and telegram.violations == []
