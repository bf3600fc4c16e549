"""How fast the bot answers a crowd on Discord: a stand-in Discord with many members, in a process of its own.

`python -m benchmarks.discord [--seconds 60] [--rate 30] [--members 200] [--drop-every 10]`. Half of the commands are
/avatar, half /caption. Discord gives a bot three seconds to acknowledge one; every `--drop-every` seconds the gateway
connection breaks, and what was sent meanwhile must be answered after the bot resumed.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from adapters.discord.deps import Reach
from bot.domain.identity import Role
from bot.domain.policy import Policy
from bot.domain.quota import QuotaPolicy
from bot.runtime.clock import SystemClock
from bot.storage.database import open_database, upgrade
from tests import house
from tests.adapters.discord.bot import connected

POLICY = Policy(
    quota=QuotaPolicy(dict.fromkeys(Role, 10**6), dict.fromkeys(Role, 10**6), community_day=10**7),
    queue_limit=10**4,
)


@asynccontextmanager
async def start_bot(api_base: str, gateway: str, cdn_base: str, token: str) -> AsyncIterator[None]:
    """The bot under test until the end: everything of it real, but for models that answer at once."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{folder}/benchmark.db")
        await upgrade(database)
        home = house.build(database, Path(folder) / "artifacts", POLICY)
        home.desk, home.bench = replace(home.desk, clock=SystemClock()), replace(home.bench, clock=SystemClock())
        async with connected(home, Reach(token, api_base, gateway, cdn_base), Path(folder)):
            yield
        await database.dispose()


async def measure(arguments: list[str]) -> tuple[dict[str, Any], float]:
    """Let the crowd loose; what it went through, and the processor time that the bot took a command."""
    crowd = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.adapters.discord.wire.crowd",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    assert crowd.stdout
    try:
        async with start_bot(**json.loads(await crowd.stdout.readline())):
            before = time.process_time()
            tally = json.loads(await crowd.stdout.readline())
            return tally, (time.process_time() - before) / tally["sent"]
    finally:
        if crowd.returncode is None:
            crowd.terminate()
        await crowd.wait()


def figures(seconds: list[float]) -> str:
    """Percentiles in milliseconds."""
    if len(seconds) < 2:
        return "too few"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in named.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--drop-every", type=float, default=10)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in vars(given).items()]
    tally, cpu = asyncio.run(measure(arguments))
    print(f"{tally['sent']} commands, {given.rate:g} a second; {tally['resumed']} times resumed")
    print(f"acknowledged: {figures(tally['acknowledged'])}")
    print(f"result:       {figures(tally['results'])}")
    print(f"expired {tally['expired']}, lost {tally['lost']}, answered twice {tally['twice']}")
    print(f"processor: bot {cpu * 1000:.1f} ms a command, stand-in {tally['cpu'] / tally['sent'] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
