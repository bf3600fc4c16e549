"""What can be wrong with a Discord bot, looked at from outside: the token, the servers, the permissions there."""

import aiohttp
import discord

from adapters.discord.deps import Reach
from adapters.discord.invite import NEEDED, permission_names
from bot.domain.errors import Reason

SERVERS = 50
"""Servers whose permissions are looked at."""


async def checkup(reach: Reach) -> list[tuple[bool, Reason]]:
    """Each thing that was found, and whether it is well; Discord is only asked, never connected to."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(reach.token)
            servers = [guild async for guild in client.fetch_guilds(limit=SERVERS, with_counts=False)]
            lacking = [found for guild in servers if (found := await _lacking(client, guild))]
        except discord.LoginFailure:
            return [(False, Reason.of("discord-token-wrong"))]
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return [(False, Reason.of("discord-unreachable", detail=str(error) or type(error).__name__))]
        name = str(client.user)
        here = Reason.of("discord-on", name=name, count=len(servers))
        return [
            (True, here if servers else Reason.of("discord-nowhere", name=name)),
            *((False, one) for one in lacking),
        ]


async def _lacking(client: discord.Client, guild: discord.Guild) -> Reason | None:
    """The permissions that the bot's roles lack in a server."""
    assert client.user
    full = await client.fetch_guild(guild.id, with_counts=False)
    me = await full.fetch_member(client.user.id)
    lacking = discord.Permissions(NEEDED.value & ~me.guild_permissions.value)
    if not lacking.value or me.guild_permissions.administrator:
        return None
    return Reason.of("discord-lacks", server=full.name, permissions=permission_names(lacking))
