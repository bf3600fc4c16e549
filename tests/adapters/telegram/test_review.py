"""Cases in the moderators' chat: one card for each, decided there by whoever is in it at that moment."""

from pathlib import Path

import pytest

from adapters.telegram import dispatch
from bot.domain.community_policy import CommunityPolicy
from bot.domain.jobs import JobStatus
from bot.usecases import recover, review
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, finished, status
from tests.adapters.telegram.staff import card, case, decide, forged, held, moderators, told
from tests.adapters.telegram.stages import delivered, moment
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn
from tests.house import POLICY, House


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same button may be pressed twice at once."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


@pytest.fixture
def mo(telegram: StandIn, bot: Bot) -> Person:
    return telegram.user("Mo", started=False)


@pytest.fixture
async def mods(telegram: StandIn, bot: Bot, group: Group, mo: Person) -> Group:
    """The moderators' chat of the group; Mo is in it and no administrator of anything."""
    chat = moderators(telegram, mo)
    await decide(bot, group, review_channel=str(chat.id))
    return chat


async def reviewed(telegram: StandIn, person: Person, chat: Group) -> Shown:
    """The answer to /review."""
    said = await person.says(chat, "/review")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id)


async def test_a_card_tells_what_a_moderator_needs_and_calls_nobody(
    telegram: StandIn, bot: Bot, group: Group, mods: Group
) -> None:
    bob = group.member("Bob")
    await decide(bot, group, review_channel=None)
    asked = await held(telegram, bob, group, "please hold me, @everyone <b>now</b>")
    await moment()
    await decide(bot, group, review_channel=str(mods.id))
    shown = await card(telegram, mods, "Waiting for a decision", "the words", "violence", "Bob")
    assert "@everyone <b>now</b>" in shown.text and shown.labels == ["✅ Approve", "⛔ Reject", "✋ Take", "⋯ More"]
    address = f"https://t.me/c/{str(group.id).removeprefix('-100')}/{asked.id}"
    assert address in shown.text
    assert {entity["type"] for entity in shown.entities} <= {
        "bold",
        "code",
        "blockquote",
        "text_mention",
        "text_link",
        "url",
    }
    await moment()
    assert len([each for each in telegram.from_bot(mods) if "Waiting" in each.text]) == 1
    assert "violence" not in asked.text, "why is between the member and the moderators"


async def test_what_is_approved_is_drawn_and_the_card_says_who_did_it(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    bob = group.member("Bob")
    asked = await held(telegram, bob, group)
    shown = await card(telegram, mods)
    await mo.press(shown, "Approve")
    await asked.until(lambda shown: shown.photo and finished(shown))
    await shown.until(lambda shown: "Approved" in shown.text and str(mo.id) in str(shown.text + str(shown.entities)))
    assert shown.labels == ["⋯ More"]
    assert "Decided by Mo" in shown.text and str(mo.id) not in shown.text
    assert await bot.used(bob) == 4


async def test_the_member_sees_that_it_goes_on(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    asked = await held(telegram, group.member("Bob"), group)
    bot.house.engine.gate.clear()
    await mo.press(await card(telegram, mods), "Approve")
    await asked.until(lambda shown: "Drawing" in shown.text and "Cancel" in shown.labels[0])
    bot.house.engine.gate.set()
    await asked.until(finished)


async def test_what_is_rejected_is_told_in_the_members_language(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    bob = group.member("Bob", "de")
    said = await bob.says(group, "/avatar please hold me")
    asked = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    shown = await card(telegram, mods)
    assert await bot.used(bob) > 0
    await mo.press(shown, "Reject")
    await shown.until(lambda shown: "violence" in shown.labels and "Without a reason" in shown.labels)
    await mo.press(shown, "Back")
    await shown.until(lambda shown: shown.labels[:2] == ["✅ Approve", "⛔ Reject"])
    await mo.press(shown, "Reject")
    await shown.until(lambda shown: "violence" in shown.labels)
    await mo.press(shown, "violence")
    await shown.until(lambda shown: "Rejected" in shown.text and shown.labels == ["⋯ More"])
    assert "Reason: violence" in shown.text and "with a strike" in shown.text
    await asked.until(lambda shown: "please hold me" not in shown.text and "moderator will" not in shown.text)
    await status(bot.house, JobStatus.REJECTED)
    assert await bot.used(bob) == 0


async def test_held_pictures_are_seen_behind_a_spoiler(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    bot.house.moderator.picture_score = 0.7
    bob = group.member("Bob")
    await bob.says(group, "/avatar a knight --count 2")
    shown = await card(telegram, mods, "the finished picture", "sexual content")
    assert shown.photo is None
    await mo.press(shown, "Show the picture")
    looked = await telegram.message(mods, lambda each: each.photo)
    assert looked.spoiler and looked.reply_to == shown.id
    assert not [each for each in telegram.from_bot(group) if each.photo]
    await mo.press(shown, "Approve")
    await delivered(bot.house)
    assert len([each for each in telegram.from_bot(group) if each.photo]) == 2


# ------------------------------------------------------------------------------------------------- who decides


async def test_of_two_moderators_the_first_wins_and_the_other_is_told(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    max_ = mods.member("Max")
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    reject = shown.button("Reject")["callback_data"]
    first, second = await mo.press(shown, "Approve"), await max_.press(shown, "Approve")
    texts = [(await pressed.answer()).text for pressed in (first, second)]
    assert sorted("already decided" in text for text in texts) == [False, True]
    await shown.until(lambda shown: "Approved" in shown.text)
    assert "already decided" in await forged(max_, shown, reject.replace(":reject:", ":rejected:"))
    await shown.until(lambda shown: "Approved" in shown.text and shown.labels == ["⋯ More"])


async def test_who_left_the_chat_a_minute_ago_decides_no_more(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    await mo.press(shown, "Reject")
    await shown.until(lambda shown: "violence" in shown.labels)
    mods.leave(mo)
    for button in ("violence", "Back", "Without a reason"):
        assert "Only moderators" in await told(mo, shown, button)
    assert (await case(bot)).case.status.value == "open"


async def test_without_a_moderators_chat_an_administrator_reads_and_decides_in_private(
    telegram: StandIn, bot: Bot, group: Group
) -> None:
    may = telegram.user("May")
    group.promote(group.add(may), can_delete_messages=True)
    asked = await held(telegram, group.member("Bob"), group, "hold me here")
    assert "in our private chat" in (await reviewed(telegram, may, group)).text
    shown = await telegram.message(may.dm, lambda shown: "Waiting" in shown.text)
    assert "hold me here" in shown.text and not any("Next" in label for label in shown.labels)
    assert not [said for said in telegram.from_bot(group) if "hold me here" in said.text]
    group.demote(may)
    assert "Only moderators" in await told(may, shown, "Approve")
    group.promote(may, can_delete_messages=True)
    await may.press(shown, "Approve")
    await asked.until(finished)


async def test_members_of_another_moderators_chat_decide_nothing_here(
    telegram: StandIn, bot: Bot, group: Group, mods: Group
) -> None:
    other = telegram.group("Other")
    eve = other.member("Eve")
    theirs = moderators(telegram, eve)
    await decide(bot, other, review_channel=str(theirs.id))
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    approve = shown.button("Approve")["callback_data"]
    listed = await reviewed(telegram, eve, theirs)
    assert "No case waits" in listed.text
    assert "Only moderators" in await forged(eve, listed, approve)
    assert (await case(bot)).case.status.value == "open"


async def test_while_telegram_does_not_say_who_somebody_is_nothing_is_decided(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    telegram.fail("getChatMember", 502, "Bad Gateway", times=4)
    assert "Telegram is busy" in await told(mo, shown, "Approve")
    assert (await case(bot)).case.status.value == "open"


# --------------------------------------------------------------------------------------------------- /review


async def test_without_a_moderators_chat_members_are_refused(telegram: StandIn, bot: Bot, group: Group) -> None:
    assert "Only moderators" in (await reviewed(telegram, group.member("Bob"), group)).text
    assert "No case waits" in (await reviewed(telegram, group.owner(), group)).text
    await decide(bot, group, review_channel="-1009")
    assert "Only moderators" in (await reviewed(telegram, group.owner(), group)).text


async def test_in_private_there_is_nothing_to_review(telegram: StandIn, ada: Person) -> None:
    said = await ada.says(ada.dm, "/review")
    shown = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)
    assert "belongs to a community" in shown.text


async def test_cases_come_one_after_the_other_and_around_again(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    bob = group.member("Bob")
    for number in range(3):  # all of one moment, for the clock stands
        await held(telegram, bob, group, f"hold me {number}")
    shown = await reviewed(telegram, mo, mods)
    seen = []
    for number in range(4):
        await shown.until(lambda shown, number=number: f"{number % 3 + 1} / 3" in shown.text)
        seen.append(shown.text)
        await mo.press(shown, "Next")
    assert len(set(seen)) == 3 and seen[0] == seen[3]


async def test_in_a_topic_of_a_forum_cards_and_review_are_there(telegram: StandIn, bot: Bot, group: Group) -> None:
    forum = telegram.group("Staff", forum=True)
    mo = forum.member("Mo")
    topic = forum.topic("Cases")
    await decide(bot, group, review_channel=f"{forum.id}/{topic}")
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, forum)
    assert shown.thread_id == topic
    said = await mo.says(forum, "/review", topic=topic)
    listed = await telegram.message(forum, lambda each: each.reply_to == said.id)
    assert "1 / 1" in listed.text
    await mo.press(shown, "Approve")
    await shown.until(lambda shown: "Approved" in shown.text)


# ------------------------------------------------------------------------------------ what happens to cards


async def test_a_case_that_was_stopped_or_forgotten_is_off_the_table(
    telegram: StandIn, bot: Bot, group: Group, mods: Group
) -> None:
    home, bob = bot.house, group.member("Bob")
    asked = await held(telegram, bob, group, "hold me first")
    stopped = await card(telegram, mods, "hold me first")
    await bob.press(asked, "Cancel")
    await stopped.until(lambda shown: "Stopped before" in shown.text and not shown.labels)
    await held(telegram, bob, group, "hold me second")
    forgotten = await card(telegram, mods, "hold me second")
    home.clock.time += CommunityPolicy().case_lifetime + 1
    await recover.cases(home.transaction, home.events, home.clock)
    await forgotten.until(lambda shown: "Nobody decided" in shown.text and not shown.labels)


async def test_a_decision_elsewhere_brings_the_card_in_line(
    telegram: StandIn, bot: Bot, group: Group, mods: Group
) -> None:
    home = bot.house
    await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    case_id = (await case(bot)).case.id
    await review.approve(case_id, "console:me", home.transaction, home.events, home.clock, POLICY)
    await shown.until(lambda shown: shown.labels == ["⋯ More"] and "console:me" in shown.text)


async def test_a_deleted_card_ends_nothing(telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person) -> None:
    asked = await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    await mo.deletes(shown)
    listed = await reviewed(telegram, mo, mods)
    await mo.press(listed, "Approve")
    await asked.until(finished)
    await listed.until(lambda shown: "Approved" in shown.text and len(shown.labels) <= 1)


async def test_a_chat_that_takes_no_cards_is_left_alone(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    mods.restrict_bot(can_send_messages=False)
    await held(telegram, group.member("Bob"), group)

    def tries() -> int:
        asked = [each.parameters for each in telegram.asked("sendMessage") if each.chat_id == mods.id]
        return len([parameters for parameters in asked if "hold me" in parameters["text"]])

    await telegram.until(tries)
    await moment()
    assert tries() == 1
    other = moderators(telegram, mo)
    await decide(bot, group, review_channel=str(other.id))
    await card(telegram, other)


async def test_cards_outlive_a_restart(home: House, telegram: StandIn, tmp_path: Path) -> None:
    group = telegram.group()
    mo = telegram.user("Mo")
    mods = moderators(telegram, mo)
    there = bots.reach(telegram)
    async with bots.running(home, there, tmp_path) as bot:
        asked = await held(telegram, group.member("Bob"), group)
        await decide(bot, group, review_channel=str(mods.id))
        shown = await card(telegram, mods)
        await moment()
    async with bots.running(home, there, tmp_path):
        await mo.press(shown, "Approve")
        await shown.until(lambda shown: "Approved" in shown.text)
        await asked.until(finished)
    assert len([each for each in telegram.from_bot(mods) if "hold me" in each.text]) == 1


async def test_the_card_speaks_the_groups_language(telegram: StandIn, bot: Bot, group: Group, mods: Group) -> None:
    await decide(bot, group, language="de")
    await held_in(telegram, group)
    shown = await telegram.message(mods, lambda shown: shown.labels)
    assert "Approve" not in " ".join(shown.labels)


async def held_in(telegram: StandIn, group: Group) -> None:
    bob = group.member("Bob")
    said = await bob.says(group, "/avatar please hold me")
    await telegram.message(group, lambda shown: shown.reply_to == said.id)
