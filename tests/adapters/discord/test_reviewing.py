"""/review: who is offered it, one case after the other, and what happens when somebody else was faster."""

from pathlib import Path

from bot.usecases import review
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.staff import MODERATOR, OWNER, case, decide, drawn, held, quick, rejected, told
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.house import POLICY, House

__all__ = ["quick"]


async def opened(person: Person) -> Shown:
    shown = await (await person.slash("review")).answered()
    assert shown.ephemeral
    return shown


async def pressed(person: Person, message: Shown, button: str) -> Turn:
    turn = await person.press(message, button)
    await turn.acknowledged()
    return turn


async def test_only_those_with_the_permission_are_offered_it(discord: StandIn, bot: Bot, guild: Guild) -> None:
    await discord.until(lambda: "review" in discord.command_names)
    ada = guild.member("Ada")
    mo, grace = guild.member("Mo", permissions=MODERATOR), guild.member("Grace", permissions=OWNER)
    assert [person.offered("review") for person in (ada, mo, grace)] == [False, True, False]
    assert [person.offered("settings") for person in (ada, mo, grace)] == [False, False, True]
    for name in ("review", "settings"):
        assert not mo.offered(name, mo.dm)


async def test_a_server_that_shows_it_to_everybody_lets_nobody_else_decide(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    await discord.until(lambda: "review" in discord.command_names)
    for command in discord.world.commands[None].values():
        command["default_member_permissions"] = None
    ada = guild.member("Ada")
    await held(ada)
    assert "Only moderators" in await told(await ada.slash("review"))
    assert "Only the owner" in await told(await ada.slash("settings"))


async def test_nothing_waits(bot: Bot, guild: Guild) -> None:
    shown = await opened(guild.member("Mo", permissions=MODERATOR))
    assert "No case waits" in shown.text and not shown.buttons


async def test_cases_come_one_after_the_other_and_around_again(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    await held(discord.guild("Other").member("Bo"), "hold me elsewhere")
    for number in range(3):  # all of one moment, for the clock stands
        await held(ada, f"hold me {number}")
    shown = await opened(mo)
    seen = []
    for number in range(4):
        await discord.until(lambda number=number: f"{number % 3 + 1} / 3" in shown.text)
        seen.append(shown.text)
        await pressed(mo, shown, "Next")
    assert len(set(seen)) == 3 and seen[0] == seen[3]
    assert not any("elsewhere" in text for text in seen)


async def test_a_decision_makes_room_for_the_next_case(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    first = await held(ada, "hold me first")
    bot.house.clock.time += 1
    second = await held(ada, "hold me second")
    shown = await opened(mo)
    await pressed(mo, shown, "Approve")
    await first.message_matching(finished)
    await discord.until(lambda: "Approved" in shown.text and shown.labels == ["Next"])
    await pressed(mo, shown, "Next")
    await discord.until(lambda: "second" in shown.text)
    await rejected(mo, shown, "not here")
    await second.message_matching(lambda message: "decided against" in message.text)
    await discord.until(lambda: "not here" in shown.text and shown.labels == ["Next"])
    await pressed(mo, shown, "Next")
    await discord.until(lambda: "No case waits" in shown.text and not shown.labels)


async def test_who_comes_second_is_told_and_sees_what_was_decided(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mo, max_ = (guild.member(name, permissions=MODERATOR) for name in ("Mo", "Max"))
    await held(guild.member("Ada"))
    shown, late = await opened(mo), await opened(max_)
    await pressed(mo, shown, "Approve")
    await discord.until(lambda: "Approved" in shown.text)
    turn = await max_.press(late, "Approve")
    answer = await turn.message_matching(lambda message: "already decided" in message.text)
    assert answer.ephemeral
    await discord.until(lambda: "Approved" in late.text and mo.mention in late.text and late.labels == ["Next"])


async def test_a_form_that_opens_too_late_says_so(discord: StandIn, bot: Bot, guild: Guild) -> None:
    home = bot.house
    mo = guild.member("Mo", permissions=MODERATOR)
    await held(guild.member("Ada"))
    shown = await opened(mo)
    case_id = (await case(bot)).case.id
    await review.approve(case_id, "console:me", home.transaction, home.events, home.clock, POLICY)
    turn = await pressed(mo, shown, "Reject")
    answer = await turn.message_matching(lambda message: "already decided" in message.text)
    assert answer.ephemeral and turn.modal is None


async def test_it_works_after_a_restart(home: House, discord: StandIn, tmp_path: Path) -> None:
    guild = discord.guild()
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    async with bots.running(home, discord, tmp_path):
        await held(ada)
        shown = await opened(mo)
        asked = await pressed(mo, shown, "Reject")
    async with bots.running(home, discord, tmp_path):
        await mo.submit(asked, {"note": "after all"})
        await discord.until(lambda: "after all" in shown.text)


async def test_who_lost_the_rank_decides_no_more(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mo = guild.member("Mo", permissions=MODERATOR)
    await held(guild.member("Ada"))
    shown = await opened(mo)
    role = guild.guild.roles[guild.guild.members[mo.id].role_ids[0]]
    discord.world.edit_role(guild.id, role.id, {"permissions": 0})
    turn = await mo.press(shown, "Approve")
    answer = await turn.message_matching(lambda message: "Only moderators" in message.text)
    assert answer.ephemeral
    assert (await case(bot)).case.status.value == "open"


async def test_everybody_reads_their_own_language_but_the_card_speaks_the_servers(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id), language="de")
    mo = guild.member("Mo", permissions=MODERATOR)
    await held(guild.member("Ada"))
    await discord.until(lambda: discord.messages(mods))
    (shown,) = discord.messages(mods)
    await mo.press(shown, shown.labels[0])
    await discord.until(lambda: mo.mention in shown.text)
    assert not any("It goes on its way" in change.message["content"] for change in shown.changes)
    await drawn(guild.member("Bo"))
