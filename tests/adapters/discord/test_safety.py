"""Moderation in /settings: the preset, who changed it, and the way to the web page."""

import pytest

from bot.domain.identity import Origin, Platform, Role
from bot.usecases import policy
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.staff import MODERATOR, OWNER, decide, quick, told
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.adapters.doors import FakeDoor

__all__ = ["quick"]


@pytest.fixture
def door(bot: Bot) -> FakeDoor:
    found = FakeDoor()
    object.__setattr__(bot.connection._house.deps, "door", found)
    return found


@pytest.fixture
def grace(guild: Guild) -> Person:
    return guild.member("Grace", permissions=OWNER)


async def opened(discord: StandIn, grace: Person) -> Shown:
    panel = await (await grace.slash("settings")).answered()
    assert "**Safety**: Standard, version" in panel.text
    await grace.choose(panel, "Safety")
    await discord.until(lambda: "Back" in panel.labels)
    return panel


def origin(guild: Guild, user_id: int) -> Origin:
    return Origin(Platform.DISCORD, str(user_id), "", str(guild.id), role=Role.OWNER)


async def test_a_preset_is_chosen_and_who_did_it_is_told(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person
) -> None:
    panel = await opened(discord, grace)
    assert "Family: Strict everywhere" in panel.text and panel.ephemeral
    await grace.choose(panel, "Family")
    await discord.until(lambda: "Family, version 1" in panel.text and grace.mention in panel.text)
    assert (await policy.current(origin(guild, 1), bot.house.transaction)).preset == "family"


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person
) -> None:
    panel = await opened(discord, grace)
    made = policy.PRESETS["adults"]
    await policy.change(origin(guild, 7), made, 0, bot.house.transaction, bot.house.clock)
    turn = await grace.choose(panel, "Family")
    answer = await turn.message_matching(lambda message: "changed the policy meanwhile" in message.text)
    assert answer.ephemeral
    assert (await policy.current(origin(guild, 1), bot.house.transaction)).preset == "adults"


async def test_the_owners_own_words_outlive_a_preset(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    own = policy.replace(policy.PRESETS["standard"], own_terms=("voldemort",))
    await policy.change(origin(guild, 7), own, 0, bot.house.transaction, bot.house.clock)
    panel = await opened(discord, grace)
    await grace.choose(panel, "Adults")
    await discord.until(lambda: "Adults, version 2" in panel.text)
    assert (await policy.current(origin(guild, 1), bot.house.transaction)).own_terms == ("voldemort",)


async def test_the_page_is_opened_for_one_person_their_role_and_their_community(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person, door: FakeDoor
) -> None:
    panel = await opened(discord, grace)
    said = await told(await grace.press(panel, "Thresholds, simulator and audit log"))
    assert "<http://127.0.0.1:8080/signin?token=secret-1>" in said and "machine that the bot runs on" in said
    mo = guild.member("Mo", permissions=MODERATOR)
    listed = await (await mo.slash("review")).answered()
    door.local = False
    said = await told(await mo.press(listed, "Open in the browser"))
    assert "secret-2" in said and "machine that the bot" not in said
    assert [(who.user_id, who.role, who.community_id, name) for who, name in door.opened] == [
        (str(grace.id), Role.OWNER, str(guild.id), guild.guild.name),
        (str(mo.id), Role.MODERATOR, str(guild.id), guild.guild.name),
    ]
    assert not [
        message for message in discord.messages(guild.general) if "secret" in message.text and not message.ephemeral
    ]


async def test_who_lost_the_rank_gets_no_link(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person, door: FakeDoor
) -> None:
    panel = await opened(discord, grace)
    role = guild.guild.roles[guild.guild.members[grace.id].role_ids[0]]
    discord.world.edit_role(guild.id, role.id, {"permissions": 0})
    turn = await grace.press(panel, "Thresholds, simulator and audit log")
    await turn.message_matching(lambda message: "Only moderators" in message.text)
    assert door.opened == []


async def test_without_a_page_there_is_no_way_to_it(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    panel = await opened(discord, grace)
    assert panel.labels == ["Back"]
    await decide(bot, guild, language="de")
