"""Whether the bot keeps to Telegram's limits with a crowd at its door: a stand-in Telegram that enforces them.

`python -m benchmarks.telegram [--requests 500] [--members 50] [--groups 10] [--rate 5] [--scale 1] [--no-restart]`.
30 requests a second, one message a second in a chat, 20 a minute in a group; who breaks them is told to wait, longer
each time. In the middle the bot is killed (SIGKILL) and started again. `--scale 10` runs all clocks ten times as fast.
The bot is a process of its own, everything of it real but for models that answer at once.
"""

import argparse
import asyncio
import resource
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from adapters.telegram.deps import Reach
from adapters.telegram.limits import Limits
from benchmarks.discord import POLICY, figures
from bot.runtime.clock import SystemClock
from bot.storage.database import open_database, upgrade
from tests import house
from tests.adapters.telegram.bot import running
from tests.adapters.telegram.wire import Crowd, StandIn
from tests.adapters.telegram.wire import Limits as Enforced


async def serve(folder: Path, reach: Reach) -> None:
    """The bot under test, until it is killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    database = open_database(f"sqlite+aiosqlite:///{folder}/benchmark.db")
    await upgrade(database)
    home = house.build(database, folder / "artifacts", POLICY)
    home.desk, home.bench = replace(home.desk, clock=SystemClock()), replace(home.bench, clock=SystemClock())
    async with running(home, reach, folder):
        await asyncio.Event().wait()


async def start(telegram: StandIn, folder: str, scale: float) -> asyncio.subprocess.Process:
    """A new process with the bot in it, on the state that the last one left."""
    given = (folder, telegram.token, telegram.base_url, telegram.base_file_url, str(scale))
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.telegram", "--serve", *given)


async def measure(given: argparse.Namespace) -> None:
    """Let the crowd in, kill the bot in the middle, and tell what happened."""
    async with StandIn(limits=Enforced(scale=given.scale)) as telegram:
        with TemporaryDirectory() as folder:
            bot = await start(telegram, folder, given.scale)
            crowd = Crowd(
                telegram, members=given.members, groups=given.groups, requests=given.requests, rate=given.rate
            )
            await telegram.until(lambda: telegram.asked("getUpdates"), 60)
            running = asyncio.create_task(crowd.run(patience=given.patience, settle=5))
            if given.restart:
                await asyncio.sleep(given.requests / given.rate / 2)
                bot.kill()
                await bot.wait()
                bot = await start(telegram, folder, given.scale)
            report = await running
            bot.kill()
            await bot.wait()
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{report.sent} commands of {given.members} members in {given.groups} groups, {given.rate:g} a second, "
        f"clocks {given.scale:g} times as fast, {'killed once' if given.restart else 'never restarted'}"
    )
    print(f"first word:   {figures(report.acknowledged)}")
    print(f"result:       {figures(report.finished)}")
    print(f"provoked 429: {report.floods}, lost {report.lost}, twice {report.twice}")
    print(f"processor:    {(cpu.ru_utime + cpu.ru_stime) / report.sent * 1000:.1f} ms a command, starts included")
    for violation in telegram.violations[:5]:
        print(f"against the Bot API: {violation}")


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        folder, token, base_url, base_file_url, scale = sys.argv[2:]
        reach = Reach(token, base_url, base_file_url, limits=Limits().faster(float(scale)))
        asyncio.run(serve(Path(folder), reach))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--groups", type=int, default=10)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--patience", type=float, default=900)
    parser.add_argument("--no-restart", dest="restart", action="store_false")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
