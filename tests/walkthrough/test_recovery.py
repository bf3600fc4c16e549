"""kill -9 of the engine, or of the whole bot, at any moment: nothing is lost, charged twice or sent twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs import JobStatus
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest
from tests import house

ROOT = Path(__file__).parents[2]
JOBS = 12


class Bot:
    """The victim's process."""

    def __init__(self, folder: Path, url: str) -> None:
        self._arguments = [str(folder / "data"), url, str(folder / "journal")]
        self._log = folder / "log"
        self.journal = folder / "journal"
        self.start()

    def start(self) -> None:
        """Start it, and learn its engine's process id."""
        command = [sys.executable, "-m", "tests.walkthrough.victim", *self._arguments]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        self.engine = int(self.process.stdout.readline().split()[1])

    def kill(self) -> None:
        """As the power would."""
        with self.process:
            self.process.kill()


@pytest.mark.parametrize("target", ["engine", "bot"])
async def test_nothing_is_lost_or_done_twice(database: AsyncEngine, tmp_path: Path, target: str) -> None:
    home = house.build(database, tmp_path / "data" / "artifacts")
    home.clock.time = time.time()
    origins = [house.origin(f"member-{index % 3}") for index in range(JOBS)]
    jobs = [await home.accepted(AvatarRequest("a knight", seed=index), who) for index, who in enumerate(origins)]
    bot = Bot(tmp_path, database.url.render_as_string(hide_password=False))
    chance = random.Random(target)
    try:
        for _ in range(3):
            await asyncio.sleep(chance.uniform(0.2, 0.9))
            if target == "bot":
                bot.kill()
                bot.start()
            else:
                os.kill(bot.engine, signal.SIGKILL)
                await asyncio.sleep(0.3)
                break
        async with asyncio.timeout(90):
            while await home.in_status(JobStatus.DELIVERED) < JOBS:
                await asyncio.sleep(0.2)
    finally:
        bot.kill()
    told = [line.split(":") for line in bot.journal.read_text().split()]
    assert Counter((job, what) for _, job, what, _ in told) == Counter((job.id, "ready") for job in jobs)
    assert {pictures for *_, pictures in told} == {"1"}
    for index in range(3):
        assert await home.used(origins[index]) == JOBS // 3 * PICTURE_UNITS
