"""Many members at once, in a process of their own: what `python -m benchmarks.discord` lets loose on the bot.

It prints a line of JSON with the addresses and the token, waits for a bot that has synchronised /avatar and /caption,
and prints a line with what the members went through.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tests.adapters.discord.wire.people import Person
from tests.adapters.discord.wire.server import StandIn
from tests.adapters.discord.wire.turns import Turn

COMMANDS = ("avatar", "caption")
WORDS = ("a knight", "a fox in the snow", "an old sailor", "a robot with flowers", "the sea at night")
SWEEP = 0.05


@dataclass
class Tally:
    """What became of the commands; waits in seconds, results from the act to the last change of the message."""

    sent: int
    acknowledged: list[float]
    results: list[float]
    expired: int
    lost: int
    twice: int
    resumed: int
    identified: int
    requests: int
    cpu: float


def finished(turn: Turn, command: str) -> float | None:
    """When the result was there: a picture for /avatar, something to press for /caption."""
    for message in turn.messages:
        if not message.loading and (message.attachments if command == "avatar" else message.buttons):
            return message.changes[-1].at - turn.sent_at
    return None


def values(options: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Something for every option that takes a member's own words."""
    for option in options:
        if option["name"] in ("prompt", "topic"):
            yield option["name"], random.choice(WORDS)


async def crowd(discord: StandIn, seconds: float, rate: float, count: int, drop_every: float, patience: float) -> Tally:
    """Send commands at a steady rate, and see what becomes of each."""
    guild = discord.guild()
    members = [guild.member(f"Member {number}") for number in range(count)]
    await discord.until(lambda: discord.gateway.connected and set(COMMANDS) <= set(discord.command_names), 120)
    turns: list[tuple[Turn, str]] = []
    pending: dict[Turn, str] = {}
    results: list[float] = []

    async def send() -> None:
        began = time.monotonic()
        for number in range(round(seconds * rate)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            turn, command = await act(members[number % count], COMMANDS[number % len(COMMANDS)])
            turns.append((turn, command))
            pending[turn] = command

    async def act(member: Person, command: str) -> tuple[Turn, str]:
        found = discord.world.find_command(command, None) or {}
        return await member.slash(command, None, **dict(values(found.get("options") or []))), command

    async def sweep() -> None:
        while True:
            for turn, command in list(pending.items()):
                if (taken := finished(turn, command)) is not None:
                    results.append(taken)
                    del pending[turn]
            await asyncio.sleep(SWEEP)

    async def break_sockets() -> None:
        while drop_every:
            await asyncio.sleep(drop_every)
            discord.drop_sockets()

    others = [asyncio.create_task(sweep()), asyncio.create_task(break_sockets())]
    cpu = time.process_time()
    await send()
    cpu = time.process_time() - cpu
    others[1].cancel()
    deadline = time.monotonic() + patience
    while pending and time.monotonic() < deadline:
        await asyncio.sleep(SWEEP)
    others[0].cancel()
    return Tally(
        sent=len(turns),
        acknowledged=[turn.wait for turn, _ in turns if turn.wait is not None],
        results=results,
        expired=sum(turn.taken is None for turn, _ in turns),
        lost=len(pending),
        twice=sum(turn.acknowledgements > 1 or len(turn.messages) > 1 for turn, _ in turns),
        resumed=discord.gateway.resumed,
        identified=discord.gateway.identified,
        requests=len(discord.rest.asked),
        cpu=cpu,
    )


async def main() -> None:
    """Open the doors, let the crowd in, tell what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--drop-every", type=float, default=0, help="seconds between breaks of the gateway; 0 is never")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for the last results")
    given = parser.parse_args()
    async with StandIn(check_bodies=False) as discord:
        where = {"api_base": discord.api_base, "gateway": discord.gateway_url, "cdn_base": discord.cdn_base}
        print(json.dumps(where | {"token": discord.token}), flush=True)
        tally = await crowd(discord, given.seconds, given.rate, given.members, given.drop_every, given.patience)
        print(json.dumps(asdict(tally)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
