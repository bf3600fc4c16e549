"""What the owner reads when the bot starts."""

import asyncio
from pathlib import Path

from adapters.discord.connection import DiscordConnection
from adapters.discord.deps import Reach
from bot.domain.errors import Reason
from bot.runtime.background import in_background
from tests.adapters.discord.bot import equipped
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.client import pointed
from tests.house import House


async def greeting(discord: StandIn, home: House, folder: Path, lines: int) -> list[Reason]:
    """The first things told."""
    reach = Reach(discord.token, discord.api_base, discord.gateway_url, discord.cdn_base)
    told: list[Reason] = []
    async with pointed(reach.api_base, reach.gateway, reach.cdn_base):
        connection = DiscordConnection(equipped(home, folder, reach))
        async with in_background(connection.run(told.append)), asyncio.timeout(20):
            while len(told) < lines:
                await asyncio.sleep(0.02)
    return told


async def test_the_owner_reads_who_is_connected(discord: StandIn, home: House, tmp_path: Path) -> None:
    discord.guild()
    (connected,) = await greeting(discord, home, tmp_path, 1)
    assert connected.message == "discord-connected" and connected.values()["count"] == 1


async def test_a_bot_without_a_server_says_how_to_invite_it(discord: StandIn, home: House, tmp_path: Path) -> None:
    connected, invite = await greeting(discord, home, tmp_path, 2)
    assert connected.values()["count"] == 0
    assert f"client_id={discord.application_id}" in str(invite.values()["link"])
