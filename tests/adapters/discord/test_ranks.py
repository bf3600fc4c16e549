"""What somebody may do in a server, asked of Discord at a moderator's decision on the web page."""

import asyncio
from dataclasses import replace

import discord as library
import pytest

from bot.domain.community import CommunityRules
from bot.domain.identity import Platform, Role
from bot.ports import PlatformBusy
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person


@pytest.fixture(autouse=True)
async def arrived(bot: Bot, guild: Guild) -> None:
    """The bot knows the server."""
    await knows(bot, guild, True)


async def knows(bot: Bot, guild: Guild, wanted: bool) -> None:
    house = bot.connection._house
    async with asyncio.timeout(5):
        await house.connected.wait()
        while (house.outlet.client.get_guild(guild.id) is not None) != wanted:
            await asyncio.sleep(0.01)


async def rank(bot: Bot, guild: Guild, person: Person) -> Role:
    return await bot.connection.ranks.rank(Platform.DISCORD, str(guild.id), str(person.id))


async def test_permissions_are_asked_for_each_time(bot: Bot, discord: StandIn, guild: Guild) -> None:
    owner = guild.member("Olga", permissions=library.Permissions(manage_guild=True))
    moderator = guild.member("Mo", permissions=library.Permissions(manage_messages=True))
    assert await rank(bot, guild, owner) is Role.OWNER
    assert await rank(bot, guild, moderator) is Role.MODERATOR
    assert await rank(bot, guild, guild.member("Ada")) is Role.MEMBER
    assert await rank(bot, guild, discord.user("Stranger")) is Role.MEMBER
    guild.leave(moderator)
    assert await rank(bot, guild, moderator) is Role.MEMBER


async def test_the_communitys_own_roles_count(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada", permissions=library.Permissions(add_reactions=True))
    (role,) = guild.guild.members[ada.id].role_ids
    async with bot.house.transaction() as tx:
        rules = replace(CommunityRules(), moderator_roles=frozenset({str(role)}))
        await tx.communities.put(Platform.DISCORD, str(guild.id), rules, "discord:1", 0.0)
        await tx.commit()
    assert await rank(bot, guild, ada) is Role.MODERATOR


async def test_in_a_server_that_threw_the_bot_out_nobody_has_a_rank(bot: Bot, guild: Guild) -> None:
    owner = guild.member("Olga", permissions=library.Permissions(manage_guild=True))
    assert await rank(bot, guild, owner) is Role.OWNER
    guild.remove_bot()
    await knows(bot, guild, False)
    assert await rank(bot, guild, owner) is Role.MEMBER


async def test_a_discord_that_does_not_answer_is_no_rank(bot: Bot, discord: StandIn, guild: Guild) -> None:
    owner = guild.member("Olga", permissions=library.Permissions(manage_guild=True))
    discord.faults.fail("GET", "/guilds/*/members/*", 503, times=10)
    with pytest.raises(PlatformBusy):
        await rank(bot, guild, owner)
