"""Every command once in one process, without a socket: simcord's own Discord agrees with ours about the adapter."""

import asyncio
from pathlib import Path

import discord as dpy
import simcord

from adapters.discord.connection import DiscordConnection
from adapters.discord.deps import Reach
from bot.runtime.background import in_background
from bot.runtime.courier import Courier
from bot.runtime.worker import Worker
from tests.adapters.discord.bot import equipped
from tests.fakes import png
from tests.house import House

POWERS = dpy.Permissions(manage_guild=True, manage_messages=True)


async def test_every_command_answers(home: House, tmp_path: Path) -> None:
    deps = equipped(home, tmp_path, Reach("token"))
    connection = DiscordConnection(deps)
    client = connection.client()
    courier = Courier(connection.messenger, home.transaction, home.events, home.clock)
    async with (
        simcord.run(client, shard_count=1) as env,
        in_background(courier.run()),
        in_background(Worker(home.bench).run()),
    ):
        connection._house.outlet.client = client
        home.clock.time = env.backend.clock.now().timestamp()
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        boss = guild.add_member(env.create_user("Bo"), roles=[guild.create_role("boss", permissions=POWERS)])
        for command, options, expected in (
            ("avatar", {"prompt": "a knight", "count": 2, "from": ("me.png", png())}, "Your 2 avatars are ready."),
            ("caption", {"topic": "a sunset hike"}, "Your 3 captions are ready."),
        ):
            answer = await boss.slash(channel, command, **options)
            assert answer.deferred, command
            async with asyncio.timeout(5):
                while expected not in answer.response.content:
                    await asyncio.sleep(0.01)
        for command in ("gallery", "quota", "jobs", "help", "review", "settings"):
            answer = await boss.slash(channel, command)
            assert answer.response.ephemeral, command
            assert answer.response.content or answer.response.attachments, command
