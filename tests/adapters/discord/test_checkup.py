"""What `huashen doctor` says of a Discord bot."""

import discord as library

from adapters.discord.checkup import checkup
from adapters.discord.deps import Reach
from adapters.discord.invite import NEEDED
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.client import pointed


async def found(stand_in: StandIn, token: str | None = None) -> list[tuple[bool, str]]:
    reach = Reach(token or stand_in.token, stand_in.api_base, stand_in.gateway_url, stand_in.cdn_base)
    async with pointed(reach.api_base, reach.gateway, reach.cdn_base):
        return [(well, str(reason.message)) for well, reason in await checkup(reach)]


async def test_all_is_well(discord: StandIn) -> None:
    discord.guild(permissions=NEEDED)
    assert await found(discord) == [(True, "discord-on")]


async def test_a_bot_in_no_server_is_told_how_to_be_invited(discord: StandIn) -> None:
    assert await found(discord) == [(True, "discord-nowhere")]


async def test_a_wrong_token_is_said_to_be_wrong(discord: StandIn) -> None:
    assert await found(discord, "wrong.token.here") == [(False, "discord-token-wrong")]


async def test_a_missing_permission_is_named_with_its_server(discord: StandIn) -> None:
    lacking = library.Permissions(NEEDED.value)
    lacking.update(attach_files=False)
    server = discord.guild(permissions=lacking)
    server.guild.roles[server.id].permissions = 0
    reach = Reach(discord.token, discord.api_base, discord.gateway_url, discord.cdn_base)
    async with pointed(reach.api_base, reach.gateway, reach.cdn_base):
        (well, first), (ill, second) = await checkup(reach)
    assert (well, first.message, ill, second.message) == (True, "discord-on", False, "discord-lacks")
    assert second.values()["permissions"] == "Attach Files"


async def test_discord_out_of_reach_is_said_so(discord: StandIn) -> None:
    reach = Reach(discord.token, "http://127.0.0.1:9/api/v10")
    async with pointed(reach.api_base, discord.gateway_url, discord.cdn_base):
        ((well, reason),) = await checkup(reach)
    assert (well, reason.message) == (False, "discord-unreachable")
