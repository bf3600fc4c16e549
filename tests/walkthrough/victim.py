"""A bot with small models, to be killed: `python -m tests.walkthrough.victim DATA_DIR DATABASE_URL JOURNAL`."""

import asyncio
import os
import sys
from pathlib import Path

from bot.bootstrap import application
from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, JobView
from bot.settings import Queue, Settings
from tests.walkthrough.models import MODELS


class Journal:
    """A platform that takes each delivery id once, and remembers it in a file whatever happens to us."""

    platform = Platform.CONSOLE
    at_once = 8

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR)
        self._taken = set(path.read_text().split())

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        entry = f"{delivery.id}:{view.job.id}:{delivery.told.value}:{len(view.artifacts)}"
        if entry not in self._taken:
            os.write(self._file, f"{entry}\n".encode())
            self._taken.add(entry)
        await asyncio.sleep(0.02)  # room for a kill between sending and marking


def settings(data_dir: str, url: str) -> Settings:
    """Short leases, so that a test need not wait; many attempts, for each kill costs one."""
    return Settings(data_dir=data_dir, database_url=url, queue=Queue(lease=1.0, attempts=50, workers=4))  # type: ignore[arg-type]


async def main(data_dir: str, url: str, journal: str) -> None:
    async with application(settings(data_dir, url), models=MODELS) as app:
        print("engine", *(lane.pid for lane in app.host.status() if lane.lane == "main"), flush=True)
        await app.loops([Journal(Path(journal))])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
