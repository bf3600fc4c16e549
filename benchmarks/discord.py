"""How fast the bot answers a crowd on Discord: a stand-in Discord with many members, in a process of its own.

`python -m benchmarks.discord [--seconds 60] [--rate 30] [--members 200] [--drop-every 10]`. Half of the commands are
/avatar, half /caption. Discord gives a bot three seconds to acknowledge one; every `--drop-every` seconds the gateway
connection breaks, and what was sent meanwhile must be answered after the bot resumed.
"""

import argparse
import asyncio
import io
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image


@asynccontextmanager
async def start_bot(api_base: str, gateway: str, cdn_base: str, token: str) -> AsyncIterator[None]:
    """The bot under test, working until the end. For now a small one that takes 0.2 s: it measures the stand-in."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway)
    discord.Asset.BASE = cdn_base
    client = Small()
    task = asyncio.create_task(client.start(token))
    try:
        yield
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


class Small(discord.Client):
    """Defers, sleeps, edits."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        buffer = io.BytesIO()
        Image.effect_noise((128, 128), 60).save(buffer, "PNG")

        @self.tree.command(description="Draw")
        async def avatar(interaction: discord.Interaction, prompt: str) -> None:
            await interaction.response.defer()
            await asyncio.sleep(0.2)
            file = discord.File(io.BytesIO(buffer.getvalue()), "avatar.png", description=prompt)
            await interaction.edit_original_response(attachments=[file])

        @self.tree.command(description="Write")
        async def caption(interaction: discord.Interaction, topic: str) -> None:
            await interaction.response.defer()
            await asyncio.sleep(0.2)
            view = discord.ui.View(timeout=1)
            view.add_item(discord.ui.Button[discord.ui.View](label="Another", custom_id="another"))
            await interaction.edit_original_response(content=topic, view=view)

        await self.tree.sync()


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
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in vars(given).items()]
    tally, cpu = asyncio.run(measure(arguments))
    print(f"{tally['sent']} commands, {given.rate:g} a second; {tally['resumed']} times resumed")
    print(f"acknowledged: {figures(tally['acknowledged'])}")
    print(f"result:       {figures(tally['results'])}")
    print(f"expired {tally['expired']}, lost {tally['lost']}, answered twice {tally['twice']}")
    print(f"processor: bot {cpu * 1000:.1f} ms a command, stand-in {tally['cpu'] / tally['sent'] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
