"""Reports: who may make them, what moderators see, and what becomes of the message."""

import pytest

from bot.domain.jobs import JobStatus
from bot.usecases import review
from bot.usecases.report import DAY_LIMIT
from tests.adapters.discord.bot import Bot, delete
from tests.adapters.discord.staff import MODERATOR, card, case, decide, drawn, quick, rejected, told
from tests.adapters.discord.wire import File, Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.fakes import png

__all__ = ["quick"]
MENU = "Report this picture"


async def reported(person: Person, message: Shown, note: str = "ugly", *, menu: bool = False) -> Turn:
    asked = await (person.message_menu(MENU, message) if menu else person.press(message, "Report"))
    await asked.acknowledged()
    assert asked.modal, asked.messages
    return await person.submit(asked, {"note": note})


async def refused(turn: Turn) -> str:
    """What somebody was told instead of a form."""
    shown = await turn.message_matching(lambda message: message.ephemeral)
    assert turn.modal is None
    return shown.text


@pytest.mark.parametrize("menu", [False, True])
async def test_a_report_reaches_the_moderators_and_changes_nothing_yet(
    menu: bool, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    shown = await drawn(guild.member("Ada"), "a knight")
    bo = guild.member("Bo")
    assert "Thank you" in await told(await reported(bo, shown, "that is **my** face", menu=menu))
    seen = await card(discord, mods, "A member reported this", "my", "a knight", str(shown.id))
    assert seen.labels == ["Keep", "Remove", "Show the picture", "Take"] and not seen.attachments
    assert bo.mention in seen.text
    assert shown.attachments


async def test_it_can_be_reported_from_the_menu_of_several_pictures(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight", count=3)
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    assert "Thank you" in await told(await reported(guild.member("Bo"), shown, menu=True))


@pytest.mark.parametrize("late", [False, True])
async def test_what_is_removed_vanishes_from_the_message(late: bool, discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.general.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await ada.slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    await reported(guild.member("Bo"), shown)
    seen = await card(discord, guild.general, "A member reported this")
    if late:
        bot.house.clock.time += 3600
        discord.expire(turn)
    await rejected(mo, seen, "indeed", button="Remove")
    await discord.until(lambda: not shown.attachments and "removed this after a report" in shown.text)
    await discord.until(lambda: "Removed after a report" in seen.text and mo.mention in seen.text)
    assert not shown.embeds and shown.labels == ["Why?", "Edit prompt", "Appeal"]
    assert sum(not message.ephemeral for message in discord.messages(guild.general)) == 2
    gallery = await (await ada.slash("gallery")).answered()
    assert not gallery.attachments


async def test_what_is_kept_stays(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.general.id))
    mo, shown = guild.member("Mo", permissions=MODERATOR), await drawn(guild.member("Ada"))
    await reported(guild.member("Bo"), shown)
    seen = await card(discord, guild.general, "A member reported this")
    await mo.press(seen, "Keep")
    await discord.until(lambda: "and kept" in seen.text and not seen.labels)
    assert shown.attachments and "Report" in shown.labels


async def test_it_is_reported_once_by_each_and_looked_at_once(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, review_channel=str(guild.general.id))
    bo, shown = guild.member("Bo"), await drawn(guild.member("Ada"))
    await told(await reported(bo, shown))
    assert "already reported" in await told(await reported(bo, shown, menu=True))
    assert "Thank you" in await told(await reported(guild.member("Cy"), shown))
    await card(discord, guild.general, "A member reported this")
    assert len(await review.cases(bot.house.transaction)) == 1


async def test_too_many_reports_are_a_quarrel(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    pictures = []
    for _ in range(DAY_LIMIT + 1):
        bot.house.clock.time += 61
        pictures.append(await drawn(ada))
    for picture in pictures[:-1]:
        assert "Thank you" in await told(await reported(bo, picture))
    assert f"{DAY_LIMIT} reports today" in await told(await reported(bo, pictures[-1]))


async def test_only_ours_and_only_what_they_may_see(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    foreign = await ada.say("look", None, File("me.png", png()))
    assert "no picture of mine" in await refused(await bo.message_menu(MENU, foreign))
    turn = await ada.slash("quota")
    ours = await turn.answered()
    assert "no picture of mine" in await refused(await ada.message_menu(MENU, ours))


async def test_a_private_picture_is_reported_by_its_owner_alone(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    turn = await ada.slash("avatar", prompt="a knight", private=True)
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    # What cannot happen in Discord: somebody else presses on what they do not see.
    assert "never shown to you" in await refused(await bo.press(shown, "Report"))
    asked = await bo.message_menu(MENU, shown)
    await asked.acknowledged()
    sent = await bo.submit(asked, {"note": "x"})
    assert "never shown to you" in await told(sent)
    assert "Thank you" in await told(await reported(ada, shown))
    assert (await case(bot)).job.status is JobStatus.DELIVERED


async def test_what_was_deleted_needs_no_report(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    shown = await drawn(ada)
    asked = await bo.press(shown, "Report")
    await asked.acknowledged()
    await delete(ada, shown)
    await discord.until(lambda: not shown.attachments)
    assert "nothing here to report" in await told(await bo.submit(asked, {"note": "x"}))
