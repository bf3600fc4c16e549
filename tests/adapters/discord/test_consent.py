"""Somebody's profile picture: asked for with a button, given once, refused for good, and never without a word."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.jobs import JobStatus
from bot.usecases import account
from engines.contract import TextToImage
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.staff import card, decide, quick, told
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.fakes import png
from tests.house import House

__all__ = ["quick"]
MENU = "Avatar from profile picture"
YES, NO, NEVER, BACK = "Yes, this once", "No", "Never ask me again", "I may be asked again"


def wears(discord: StandIn, person: Person, colour: str) -> bytes:
    """Give somebody a profile picture."""
    picture, user = png(colour), discord.world.get_user(person.id)
    user.avatar = f"{person.id:032x}"
    discord.world.cdn._files[f"/avatars/{person.id}/{user.avatar}.png"] = picture
    return picture


async def wanted(asker: Person, subject: Person, prompt: str = "as a knight", **answers: str) -> Turn:
    """Choose the menu and fill the form."""
    form = await asker.user_menu(MENU, subject)
    await form.acknowledged()
    assert form.modal
    return await asker.submit(form, {"prompt": prompt} | answers)


async def asked(asker: Person, subject: Person, prompt: str = "as a knight") -> Shown:
    """The question that stands in the channel."""
    turn = await wanted(asker, subject, prompt)
    shown = await turn.message_matching(lambda message: message.labels)
    assert not shown.ephemeral
    return shown


async def test_a_question_calls_the_person_and_nobody_else(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    turn = await wanted(ada, bo, "as a knight @everyone <@1>")
    shown = await turn.message_matching(lambda message: message.labels)
    assert shown.labels == [YES, NO, NEVER]
    assert bo.mention in shown.content and ada.mention in shown.content and "as a knight" in shown.content
    assert turn.taken and turn.taken.data["allowed_mentions"]["users"] == [bo.id]
    assert not turn.taken.data["allowed_mentions"].get("parse")
    assert not bot.house.engine.requests


async def test_yes_draws_from_their_picture_for_the_asker(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo", locale="de")
    picture = wears(discord, bo, "red")
    shown = await asked(ada, bo)
    turn = await bo.press(shown, YES)
    drawn = await turn.message_matching(lambda message: message.attachments and "ready" in message.text)
    assert drawn.id != shown.id and not drawn.ephemeral
    assert "said yes" in shown.text and bo.mention in shown.text and not shown.labels
    (request,) = bot.house.engine.requests
    assert isinstance(request, TextToImage) and request.image == picture
    assert await bot.used(ada, guild) > 0 and await bot.used(bo, guild) == 0
    assert len(await account.gallery(bot.origin(ada, guild), bot.house.transaction)) == 1
    assert await account.gallery(bot.origin(bo, guild), bot.house.transaction) == []
    sent = [asked.body for asked in discord.asked("POST", "/webhooks/") + discord.asked("PATCH", "/webhooks/")]
    assert all(not body["allowed_mentions"]["parse"] and not body["allowed_mentions"].get("users") for body in sent)


async def test_it_was_lent_once(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    turn = await bo.press(await asked(ada, bo), YES)
    drawn = await turn.message_matching(lambda message: "ready" in message.text)
    assert "for one avatar only" in await told(await ada.press(drawn, "Again"))
    form = await ada.press(drawn, "Edit prompt")
    await form.acknowledged()
    assert "for one avatar only" in await told(await ada.submit(form, {"prompt": "as a pig"}))
    more = await ada.press(drawn, "Variations")
    await more.message_matching(lambda message: "ready" in message.text)


@pytest.mark.parametrize("answer", [NO, NEVER])
async def test_no_draws_nothing(answer: str, discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    shown = await asked(ada, bo)
    await bo.press(shown, answer)
    await discord.until(lambda: YES not in shown.labels)
    assert await bot.jobs(ada, guild) == []
    if answer == NO:
        assert "said no" in shown.text and not shown.labels
        await asked(ada, bo)
        return
    assert "does not want" in shown.text and shown.labels == [BACK]
    assert "does not want" in await told(await ada.user_menu(MENU, bo))
    assert "does not want" in await told(await discord.guild("Other").add(ada).user_menu(MENU, bo))
    ada.channel = guild.general
    assert "Only the person" in await _other(await ada.press(shown, BACK), shown)
    await bo.press(shown, BACK)
    await discord.until(lambda: "may be asked again" in shown.text and not shown.labels)
    await asked(ada, bo)


async def _other(turn: Turn, shown: Shown) -> str:
    """What somebody was told beside the message that they pressed on."""
    answer = await turn.message_matching(lambda message: message.id != shown.id)
    assert answer.ephemeral
    return answer.text


async def test_only_the_person_answers(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo, cy = (guild.member(name) for name in ("Ada", "Bo", "Cy"))
    shown = await asked(ada, bo)
    for person in (ada, cy):
        for button in (YES, NO, NEVER):
            assert "Only the person" in await _other(await person.press(shown, button), shown)
    assert shown.labels == [YES, NO, NEVER]


async def test_of_two_answers_at_once_one_counts(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    shown = await asked(ada, bo)
    turns = [await bo.press(shown, button) for button in (YES, NO, YES)]
    await discord.until(lambda: not shown.labels)
    others = await asyncio.gather(*(_lost(turn, shown) for turn in turns))
    assert sum(others) == 2
    assert len(await bot.jobs(ada, guild)) == ("said yes" in shown.text)


async def _lost(turn: Turn, shown: Shown) -> bool:
    try:
        answer = await turn.message_matching(lambda message: message.id != shown.id and message.ephemeral, 1)
    except TimeoutError:
        return False
    return "already" in answer.text.casefold()


async def test_an_answer_after_a_restart(home: House, discord: StandIn, tmp_path: Path) -> None:
    guild = discord.guild()
    ada, bo = guild.member("Ada"), guild.member("Bo")
    picture = wears(discord, bo, "red")
    async with bots.running(home, discord, tmp_path):
        shown = await asked(ada, bo)
        form = await ada.user_menu(MENU, bo)
        await form.acknowledged()
    async with bots.running(home, discord, tmp_path):
        turn = await bo.press(shown, YES)
        await turn.message_matching(lambda message: "ready" in message.text)
        again = await ada.submit(form, {"prompt": "as a cat"})
        await again.message_matching(lambda message: message.labels)
    assert home.engine.requests[0].image == picture  # type: ignore[union-attr]


async def test_an_old_question_is_gone(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    shown = await asked(ada, bo)
    bot.house.clock.time += 86_401
    assert "too old" in await _other(await bo.press(shown, YES), shown)


async def test_bots_are_not_asked_and_ones_own_picture_needs_no_question(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    ada = guild.member("Ada")
    picture = wears(discord, ada, "blue")
    robot = guild.member("Robot")
    discord.world.get_user(robot.id).bot = True
    turn = await ada.user_menu(MENU, robot)
    assert "bots cannot agree" in await told(turn)
    own = await wanted(ada, ada)
    drawn = await own.message_matching(lambda message: "ready" in message.text)
    assert bot.house.engine.requests[0].image == picture  # type: ignore[union-attr]
    more = await ada.press(drawn, "Again")
    await more.message_matching(lambda message: "ready" in message.text)


async def test_who_was_never_asked_can_refuse_all_the_same(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    for refuse, answer in ((True, "does not want"), (False, "may be asked again")):
        shown = await (await bo.slash("help")).answered()
        assert shown.ephemeral
        await bo.press(shown, "Nobody may ask for my profile picture" if refuse else BACK)
        await discord.until(lambda shown=shown, answer=answer: answer in shown.text)
        if refuse:
            assert "does not want" in await told(await ada.user_menu(MENU, bo))
    await asked(ada, bo)


async def test_nobody_asks_a_whole_server(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    for number in range(3):
        await asked(ada, guild.member(f"Bo {number}"))
    assert "3 questions open" in await told(await wanted(ada, guild.member("Cy")))


async def test_what_may_not_be_drawn_is_not_asked_in_public(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo, other = guild.member("Ada"), guild.member("Bo"), guild.channel("other")
    for words in ("please block me", "please hold me"):
        assert "looks like violence" in await told(await wanted(ada, bo, words))
    await decide(bot, guild, channels=frozenset({str(other.id)}))
    assert "Nothing is made in this channel" in await told(await wanted(ada, bo))
    assert not any(bo.mention in message.content for message in discord.messages(guild.general))


async def test_the_form_offers_what_the_server_offers(bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, styles=frozenset({"pixel"}), default_style="pixel")
    form = await guild.member("Ada").user_menu(MENU, guild.member("Bo"))
    await form.acknowledged()
    assert form.modal
    menu = next(part["component"] for part in form.modal["components"] if part["component"]["custom_id"] == "style")
    assert [(option["value"], option.get("default", False)) for option in menu["options"]] == [
        ("-", False),
        ("pixel", True),
    ]


async def test_a_yes_that_comes_to_nothing_is_the_askers_affair(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    shown = await asked(ada, bo)
    await decide(bot, guild, channels=frozenset({"1"}))
    turn = await bo.press(shown, YES)
    refused = await turn.message_matching(lambda message: "Nothing is made in this channel" in message.text)
    assert not refused.ephemeral and refused.id != shown.id


async def test_a_picture_that_cannot_be_fetched_leaves_the_question_open(
    discord: StandIn, bot: Bot, guild: Guild
) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    discord.world.get_user(bo.id).avatar = "0" * 32
    shown = await asked(ada, bo)
    assert "try again" in await _other(await bo.press(shown, YES), shown)
    wears(discord, bo, "red")
    turn = await bo.press(shown, YES)
    await turn.message_matching(lambda message: "ready" in message.text)


async def test_a_picture_that_the_screens_hold_waits_for_a_moderator(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    shown = await asked(ada, bo)
    bot.house.moderator.picture_score = 0.7
    turn = await bo.press(shown, YES)
    await turn.message_matching(lambda message: "moderator will take a look" in message.text)
    seen = await card(discord, mods, "the uploaded picture", ada.mention)
    assert "Show the picture" in seen.labels
    assert (await bot.jobs(ada, guild))[0].status is JobStatus.HELD


@pytest.mark.parametrize("score", [0.7, 0.95])
async def test_why_a_picture_did_not_pass_is_told_the_asker_alone(
    discord: StandIn, bot: Bot, guild: Guild, score: float
) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    wears(discord, bo, "red")
    shown = await asked(ada, bo)
    bot.house.moderator.picture_score = score
    turn = await bo.press(shown, YES)
    wanted = "moderator will take a look" if score < 0.9 else "cannot be made here"
    await turn.message_matching(lambda message: wanted in message.text and not message.ephemeral)
    await discord.until(lambda: any("sexual" in message.text for message in discord.messages(ada.dm)))
    assert not any("sexual" in message.text for message in discord.messages(guild.general)), "nor the other person"
