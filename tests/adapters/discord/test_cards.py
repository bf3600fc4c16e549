"""Cards in the review channel: one for each case, decided there, and in line with what was decided elsewhere."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.community_policy import CommunityPolicy
from bot.domain.jobs import JobStatus
from bot.usecases import recover, review
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.staff import MEMBER, MODERATOR, card, case, decide, held, quick, rejected, told
from tests.adapters.discord.wire import File, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.fakes import png
from tests.house import POLICY, House

__all__ = ["quick"]


async def test_a_card_tells_what_a_moderator_needs_and_calls_nobody(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada = guild.member("Ada")
    turn = await held(ada, "please hold me, @everyone **now**")
    shown = await card(discord, mods, "Waiting for a decision", "the words", "violence", ada.mention)
    assert turn.original and f"/channels/{guild.id}/{guild.general.id}/{turn.original.id}" in shown.text
    assert "@everyone" not in shown.text
    assert shown.labels == ["Approve", "Reject", "Take"]
    assert all(sent.body["allowed_mentions"] == {"parse": []} for sent in discord.asked("POST", f"/{mods.id}/messages"))
    await asyncio.sleep(0.1)
    assert len(discord.messages(mods)) == 1


async def test_what_is_approved_is_drawn_and_the_card_says_who_did_it(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await held(ada)
    shown = await card(discord, mods)
    await mo.press(shown, "Approve")
    assert (await turn.message_matching(finished)).labels
    await card(discord, mods, "Approved", mo.mention)
    assert shown.labels == []


async def test_the_member_sees_that_it_goes_on(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.channel("mods").id))
    turn = await held(guild.member("Ada"))
    bot.house.engine.gate.clear()
    mo = guild.member("Mo", permissions=MODERATOR)
    shown = await (await mo.slash("review")).answered()
    await mo.press(shown, "Approve")
    await turn.message_matching(lambda message: "Drawing" in message.text and "Cancel" in message.labels)
    bot.house.engine.gate.set()
    await turn.message_matching(lambda message: message.attachments and "ready" in message.text)


async def test_what_is_rejected_is_told_and_its_reason_stays_with_moderators(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await held(ada)
    assert await bot.used(ada, guild) > 0
    await rejected(mo, await card(discord, mods), "too **grim** @here")
    answer = await turn.message_matching(lambda message: "decided against" in message.text)
    assert "grim" not in answer.text and "Edit prompt" in answer.labels
    shown = await card(discord, mods, "Rejected", mo.mention, "grim")
    assert "@here" not in shown.text
    assert await bot.used(ada, guild) == 0


async def test_of_two_moderators_the_first_wins_and_the_other_is_told(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    mo, max_ = (guild.member(name, permissions=MODERATOR) for name in ("Mo", "Max"))
    await held(guild.member("Ada"))
    shown = await card(discord, mods)
    asked = await max_.press(shown, "Reject")
    await asked.acknowledged()
    approving = [await mo.press(shown, "Approve"), await mo.press(shown, "Approve")]
    await card(discord, mods, "Approved", mo.mention)
    late = await max_.submit(asked, {"note": "no"})
    answer = await late.message_matching(lambda message: message.id != shown.id)
    assert answer.ephemeral and "already decided" in answer.text
    again = await approving[1].message_matching(lambda message: message.id != shown.id)
    assert again.ephemeral
    assert "Approved" in shown.text and mo.mention in shown.text


async def test_only_this_servers_moderators_decide(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.general.id))
    other = discord.guild("Other")
    await decide(bot, other, review_channel=str(other.general.id))
    ada, stranger = guild.member("Ada"), other.member("Mo", permissions=MODERATOR)
    await held(ada)
    shown = await card(discord, guild.general, "Waiting")
    await held(other.member("Bo"))
    theirs = await card(discord, other.general, "Waiting")
    for button in ("Approve", "Reject"):
        assert (
            "Only moderators"
            in (await (await ada.press(shown, button)).message_matching(lambda message: message.id != shown.id)).text
        )
    # What cannot happen in Discord: the button of one server, pressed in another.
    found = next(view for view in await review.cases(bot.house.transaction) if view.job.origin.user_id == str(ada.id))
    discord.world.edit_message(
        other.general.id,
        theirs.id,
        {"components": _with_target(theirs.payload["components"], found.case.id)},
    )
    forged = await stranger.press(theirs, "Approve")
    assert "Only moderators" in (await forged.message_matching(lambda message: message.id != theirs.id)).text
    assert (await review.show(found.case.id, bot.house.transaction)).case.status.value == "open"


def _with_target(components: list[dict], case_id: str) -> list[dict]:  # type: ignore[type-arg]
    row = components[0]
    buttons = [
        part | {"custom_id": ":".join([*part["custom_id"].split(":")[:2], case_id])} for part in row["components"]
    ]
    return [row | {"components": buttons}]


async def test_a_role_that_the_owner_named_decides(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mo = guild.member("Mo", permissions=MEMBER)
    role = guild.guild.members[mo.id].role_ids[0]
    await decide(bot, guild, review_channel=str(guild.general.id), moderator_roles=frozenset({str(role)}))
    turn = await held(guild.member("Ada"))
    await mo.press(await card(discord, guild.general, "Waiting"), "Approve")
    await turn.message_matching(finished)


async def test_what_is_approved_late_comes_all_the_same(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await held(ada)
    shown = await card(discord, mods)
    bot.house.clock.time += 3600
    discord.expire(turn)
    await mo.press(shown, "Approve")
    answer = await card(discord, guild.general, "ready")
    assert answer.attachments and turn.original and answer.id != turn.original.id


@pytest.mark.parametrize("approved", [True, False])
async def test_a_decision_elsewhere_brings_the_card_in_line(
    approved: bool, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    home, mods = bot.house, guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id), language="de")
    await held(guild.member("Ada"))
    shown = await card(discord, mods)
    assert shown.labels
    case_id = (await case(bot)).case.id
    if approved:
        await review.approve(case_id, "console:me", home.transaction, home.events, home.clock, POLICY)
    else:
        await review.reject(case_id, "console:me", home.transaction, home.events, home.clock, "no")
    await discord.until(lambda: not shown.labels and "console:me" in shown.text)


async def test_what_was_stopped_or_nobody_decided_is_off_the_table(discord: StandIn, bot: Bot, guild: Guild) -> None:
    home, ada = bot.house, guild.member("Ada")
    await decide(bot, guild, review_channel=str(guild.general.id))
    turn = await held(ada)
    stopped = await card(discord, guild.general, "Waiting")
    assert turn.original
    await ada.press(turn.original, "Cancel")
    await discord.until(lambda: "Stopped before" in stopped.text and not stopped.labels)
    await held(ada)
    forgotten = await card(discord, guild.general, "Waiting")
    home.clock.time += CommunityPolicy().case_lifetime + 1
    await recover.cases(home.transaction, home.events, home.clock)
    await discord.until(lambda: "Nobody decided" in forgotten.text and not forgotten.labels)


async def test_cards_outlive_a_restart(home: House, discord: StandIn, tmp_path: Path) -> None:
    guild = discord.guild()
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    async with bots.running(home, discord, tmp_path) as bot:
        await held(ada)
    await decide(bot, guild, review_channel=str(guild.general.id))
    async with bots.running(home, discord, tmp_path) as bot:
        shown = await card(discord, guild.general, "Waiting")
    async with bots.running(home, discord, tmp_path) as bot:
        await mo.press(shown, "Approve")
        await discord.until(lambda: "Approved" in shown.text)
        await discord.until(lambda: any(message.attachments for message in discord.messages(guild.general)))


async def test_a_channel_that_takes_no_cards_is_left_alone_until_there_is_another(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods = guild.channel("mods")
    guild.forbid(mods, send_messages=True)
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    await held(ada)
    await asyncio.sleep(0.3)
    assert len(discord.asked("POST", f"/{mods.id}/messages")) == 1
    listed = await (await mo.slash("review")).answered()
    assert "hold me" in listed.text
    await decide(bot, guild, review_channel=str(guild.general.id))
    await card(discord, guild.general, "Waiting")


async def test_a_deleted_channel_or_card_ends_nothing(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await held(ada)
    await card(discord, mods, "Waiting")
    guild.delete_channel(mods)
    bot.house.clock.time += 1
    await held(ada)
    listed = await (await mo.slash("review")).answered()
    await mo.press(listed, "Approve")
    await turn.message_matching(finished)
    assert (await case(bot)).job.status is JobStatus.HELD


async def test_a_card_that_discord_refuses_does_not_keep_the_others_back(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods, other = guild.channel("mods"), discord.guild("Other")
    discord.faults.fail("POST", f"/channels/{mods.id}/messages", 400, times=1000, code=50035)
    await decide(bot, guild, review_channel=str(mods.id))
    await decide(bot, other, review_channel=str(other.general.id))
    await held(guild.member("Ada"))
    await held(other.member("Bo"))
    await card(discord, other.general, "Waiting")


async def test_held_pictures_are_seen_by_moderators_alone_and_behind_a_spoiler(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    bot.house.moderator.picture_score = 0.7
    turn = await ada.slash("avatar", prompt="a knight")
    waiting = await turn.message_matching(lambda message: "before you see it" in message.text)
    assert not waiting.attachments
    shown = await card(discord, mods, "the finished picture", "sexual content")
    assert not shown.attachments and not shown.embeds
    looked = await (await mo.press(shown, "Show the picture")).message_matching(finished)
    assert looked.ephemeral and not looked.embeds
    assert [attachment["filename"][:8] for attachment in looked.attachments] == ["SPOILER_"]
    assert "Only moderators" in await told(await ada.press(shown, "Show the picture"))
    await mo.press(shown, "Approve")
    await turn.message_matching(finished)


async def test_an_uploaded_picture_is_seen_before_it_is_drawn_upon(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.general.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    bot.house.moderator.picture_score = 0.7
    await ada.slash("avatar", prompt="a knight", **{"from": File("me.png", png("red"))})
    shown = await card(discord, guild.general, "the uploaded picture")
    looked = await (await mo.press(shown, "Show the picture")).message_matching(finished)
    assert looked.ephemeral


async def test_captions_that_are_held_are_on_the_card(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    turn = await guild.member("Ada").slash("caption", topic="hold me")
    await turn.message_matching(lambda message: "moderator" in message.text)
    assert (await card(discord, mods, "the words")).labels == ["Approve", "Reject", "Take"]
