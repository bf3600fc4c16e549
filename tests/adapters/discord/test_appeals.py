"""A member is refused, reads why alone, and asks another moderator: granted, denied, after a restart, and not twice."""

from pathlib import Path

import pytest

from bot.domain.jobs import JobStatus
from bot.domain.moderation import Category, Stage
from bot.usecases import appeals, review
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.staff import MODERATOR, case, decide, drawn, held, quick, told
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.house import House

__all__ = ["quick"]

WORDS = "it is a costume and not a fight"


async def refused(
    bot: Bot, person: Person, mo: Person, *, picture: bool = False, strike: str = "yes"
) -> tuple[Turn, Shown]:
    """Somebody's request, rejected by Mo; the member's turn and the message that says so."""
    if picture:
        bot.house.moderator.picture_score = 0.7
        turn = await person.slash("avatar", prompt="a knight in armour")
        await turn.message_matching(lambda message: "before you see it" in message.text)
        bot.house.moderator.picture_score = 0.0
    else:
        turn = await held(person, "please hold me and my armour")
    await case(bot)
    listed = await (await mo.slash("review")).answered()
    asked = await mo.press(listed, "Reject")
    await asked.acknowledged()
    await mo.submit(asked, {"note": "between us", "reason": "hate", "strike": strike})
    return turn, await turn.message_matching(lambda message: "Appeal" in message.labels)


async def appealed(person: Person, answer: Shown, words: str = WORDS) -> str:
    asked = await person.press(answer, "Appeal")
    await asked.acknowledged()
    return await told(await person.submit(asked, {"appeal": words}))


async def judged(max_: Person, button: str) -> Shown:
    """Another moderator decides about the appeal."""
    listed = await (await max_.slash("review")).answered()
    turn = await max_.press(listed, button)
    await turn.acknowledged()
    if turn.modal:
        await max_.submit(turn, {"note": ""})
    return listed


@pytest.fixture
def people(guild: Guild) -> tuple[Person, Person, Person]:
    return guild.member("Ada"), guild.member("Mo", permissions=MODERATOR), guild.member("Max", permissions=MODERATOR)


async def test_why_is_told_to_the_member_alone(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, _ = people
    _, answer = await refused(bot, ada, mo)
    assert answer.labels == ["Why?", "Edit prompt", "Appeal"]
    assert "hate" not in answer.text and "armour" not in answer.text
    why = await told(await ada.press(answer, "Why?"))
    assert "Reason: hate" in why and "seven days" in why and "strike" in why and "between us" not in why
    eve = guild.member("Eve")
    assert "somebody else" in await told(await eve.press(answer, "Why?"))
    assert "somebody else" in await told(await eve.press(answer, "Appeal"))
    said = [message.text for message in discord.messages(guild.general) if not message.ephemeral]
    assert not [text for text in said if "hate" in text or "armour" in text]


async def test_an_appeal_that_is_granted_brings_the_picture_in_the_same_message(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, max_ = people
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    turn, answer = await refused(bot, ada, mo, picture=True)
    used = await bot.used(ada, guild)
    assert "another moderator" in (await appealed(ada, answer)).lower()
    await discord.until(lambda: "Appeal" not in answer.labels)
    listed = await (await mo.slash("review")).answered()
    assert WORDS in listed.text and mo.mention in listed.text and "Reason: hate" in listed.text
    late = await mo.press(listed, "Grant the appeal")
    assert (
        "Somebody else has to decide"
        in (await late.message_matching(lambda message: "has to decide" in message.text)).text
    )
    bot.house.clock.time += 3600
    discord.expire(turn)
    await judged(max_, "Grant the appeal")
    await discord.until(lambda: finished(answer))
    assert "ready" in answer.text
    assert await bot.used(ada, guild) < used
    (job,) = await bot.jobs(ada, guild)
    assert job.status is JobStatus.DELIVERED
    async with bot.house.transaction() as tx:
        strikes = await tx.sanctions.strikes(job.member_id, f"discord:{guild.id}")
    assert [strike.lifted_at is None for strike in strikes] == [False]


async def test_an_appeal_that_is_denied_is_told_in_a_sentence(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, max_ = people
    _, answer = await refused(bot, ada, mo, strike="no")
    await appealed(ada, answer)
    await judged(max_, "Deny the appeal")
    await discord.until(lambda: "stays rejected" in answer.text)
    assert "Appeal" not in answer.labels and not answer.attachments
    (job,) = await bot.jobs(ada, guild)
    async with bot.house.transaction() as tx:
        assert await tx.sanctions.strikes(job.member_id, f"discord:{guild.id}") == []


async def test_words_of_a_request_that_was_granted_are_drawn(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, max_ = people
    _, answer = await refused(bot, ada, mo)
    await appealed(ada, answer)
    await judged(max_, "Grant the appeal")
    await discord.until(lambda: finished(answer))


async def test_it_works_after_a_restart_and_once(home: House, discord: StandIn, tmp_path: Path) -> None:
    guild = discord.guild()
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    async with bots.running(home, discord, tmp_path) as bot:
        _, answer = await refused(bot, ada, mo)
        asked = await ada.press(answer, "Appeal")
        await asked.acknowledged()
    async with bots.running(home, discord, tmp_path) as bot:
        await told(await ada.submit(asked, {"appeal": WORDS}))
        found = (await case(bot)).case
        assert found.stage is Stage.APPEAL and found.cause.category is Category.APPEALED
        assert found.cause.evidence == WORDS
        # The form is sent again, as one left open on a phone can be.
        assert "appealed already" in await told(await ada.submit(asked, {"appeal": "and again"}))
    assert len(await review.cases(home.transaction)) == 1


async def test_after_a_week_it_is_too_late(bot: Bot, guild: Guild, people: tuple[Person, Person, Person]) -> None:
    ada, mo, _ = people
    _, answer = await refused(bot, ada, mo)
    bot.house.clock.time += appeals.WINDOW + 1
    assert "too late" in await told(await ada.press(answer, "Appeal"))


async def test_what_was_removed_can_be_appealed_as_well(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, max_ = people
    shown = await drawn(ada)
    asked = await guild.member("Bo").press(shown, "Report")
    await asked.acknowledged()
    await guild.member("Bo").submit(asked, {"note": "not nice"})
    await case(bot)
    listed = await (await mo.slash("review")).answered()
    removing = await mo.press(listed, "Remove")
    await removing.acknowledged()
    await mo.submit(removing, {"note": ""})
    await discord.until(lambda: "removed" in shown.text and not shown.attachments)
    await appealed(ada, shown)
    await judged(max_, "Grant the appeal")
    await discord.until(lambda: finished(shown))


async def test_what_was_asked_in_private_says_all_at_once(
    discord: StandIn, bot: Bot, guild: Guild, people: tuple[Person, Person, Person]
) -> None:
    ada, mo, _ = people
    turn = await ada.slash("avatar", prompt="please hold me", private=True)
    await case(bot)
    listed = await (await mo.slash("review")).answered()
    asked = await mo.press(listed, "Reject")
    await asked.acknowledged()
    await mo.submit(asked, {"note": "", "reason": "hate"})
    answer = await turn.message_matching(lambda message: "Appeal" in message.labels)
    assert answer.ephemeral and "Reason: hate" in answer.text and "Why?" not in answer.labels
