"""What moderators do beside yes and no, and about members, on Telegram."""

import pytest

from adapters.telegram import dispatch
from bot.domain.identity import Platform
from bot.domain.moderation import CaseStatus
from bot.domain.sanctions import SanctionKind
from bot.usecases import casework, review
from tests.adapters.telegram.bot import Bot, drawn, finished
from tests.adapters.telegram.staff import card, case, decide, forged, held, moderators, told
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn
from tests.house import POLICY


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


@pytest.fixture
def mo(telegram: StandIn, bot: Bot) -> Person:
    return telegram.user("Mo")


@pytest.fixture
def max_(telegram: StandIn, bot: Bot) -> Person:
    return telegram.user("Max")


@pytest.fixture
async def mods(telegram: StandIn, bot: Bot, group: Group, mo: Person, max_: Person) -> Group:
    chat = moderators(telegram, mo, max_)
    await decide(bot, group, review_channel=str(chat.id))
    return chat


@pytest.fixture
async def shown(telegram: StandIn, group: Group, mods: Group) -> Shown:
    """The card of Bob's request."""
    await held(telegram, group.member("Bob"), group)
    return await card(telegram, mods)


async def more(person: Person, message: Shown, button: str) -> None:
    await person.press(message, "More")
    await message.until(lambda shown: any(button in label for label in shown.labels))
    await person.press(message, button)


async def test_more_opens_a_second_keyboard_and_leads_back(shown: Shown, mo: Person) -> None:
    first = shown.labels
    await mo.press(shown, "More")
    await shown.until(lambda shown: len(shown.labels) == 8)
    for row in shown.buttons:
        for button in row:
            assert len(button["callback_data"].encode()) <= 64
    await mo.press(shown, "Back")
    await shown.until(lambda shown: shown.labels == first)


async def test_a_case_is_taken_and_given_back(shown: Shown, mo: Person, max_: Person) -> None:
    await mo.press(shown, "Take")
    await shown.until(lambda shown: "is on it" in shown.text and "Give back" in " ".join(shown.labels))
    assert "not yours" in await told(max_, shown, "Give back")
    await mo.press(shown, "Give back")
    await shown.until(lambda shown: "is on it" not in shown.text)


async def test_of_two_who_take_it_at_once_one_has_it(shown: Shown, mo: Person, max_: Person) -> None:
    pressed = [await mo.press(shown, "Take"), await max_.press(shown, "Take")]
    texts = [(await each.answer()).text for each in pressed]
    assert sorted("has this case" in text for text in texts) == [False, True]


async def test_the_card_follows_what_happens_elsewhere(bot: Bot, shown: Shown) -> None:
    home, found = bot.house, (await case(bot)).case
    await casework.add_note(found.id, "console:me", "look at the armour", home.transaction, home.clock)
    await shown.until(lambda shown: "look at the armour" in shown.text)
    await casework.escalate(found.id, "console:me", home.transaction, home.clock)
    await shown.until(lambda shown: "left to the owner" in shown.text)


async def test_a_note_is_written_by_replying(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, shown: Shown, mo: Person, max_: Person
) -> None:
    await more(mo, shown, "Add a note")
    question = await card(telegram, mods, "Reply with your note")
    await max_.says(mods, "not mine to answer", reply_to=question)
    await mo.says(mods, "seen before", reply_to=question)
    await telegram.message(mods, lambda each: each.text == "Noted.")
    await shown.until(lambda shown: "seen before" in shown.text)
    assert "not mine" not in shown.text
    assert not [each for each in telegram.from_bot(group) if "seen before" in each.text]


async def test_who_moderates_no_more_cannot_answer_the_question(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, shown: Shown, mo: Person
) -> None:
    await more(mo, shown, "Add a note")
    question = await card(telegram, mods, "Reply with your note")
    await decide(bot, group, review_channel=None)
    await mo.says(mods, "still here", reply_to=question)
    await telegram.message(mods, lambda each: "Only moderators" in each.text)
    assert await casework.notes((await case(bot)).case.id, bot.house.transaction) == []


async def test_what_was_left_to_the_owner_is_decided_by_no_other(
    group: Group, mods: Group, shown: Shown, mo: Person
) -> None:
    await more(mo, shown, "To the owner")
    await shown.until(lambda shown: "left to the owner" in shown.text)
    assert "left to the owner" in await told(mo, shown, "Approve")
    grace = mods.add(group.owner("Grace"))
    await grace.press(shown, "Approve")
    await shown.until(lambda shown: "Approved" in shown.text)


async def test_who_asks_for_a_second_opinion_leaves_the_decision_to_others(
    shown: Shown, mo: Person, max_: Person
) -> None:
    await more(mo, shown, "I would reject")
    await shown.until(lambda shown: "asks for a second opinion" in shown.text and "would reject" in shown.text)
    assert "somebody else decides" in await told(mo, shown, "Approve")
    await max_.press(shown, "Approve")
    await shown.until(lambda shown: "Approved" in shown.text)


async def test_a_decision_is_turned_round(telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person) -> None:
    asked = await held(telegram, group.member("Bob"), group)
    shown = await card(telegram, mods)
    await mo.press(shown, "Approve")
    await asked.until(finished)
    await mo.press(shown, "More")
    await shown.until(lambda shown: "Overturn" in " ".join(shown.labels))
    assert "taken away" in await told(mo, shown, "Overturn")
    await shown.until(lambda shown: len(shown.labels) == 2)
    await mo.press(shown, "Overturn")
    await telegram.until(lambda: asked.deleted)
    await shown.until(lambda shown: "Rejected" in shown.text)


async def test_what_has_not_taken_effect_can_be_undone(bot: Bot, shown: Shown, mo: Person) -> None:
    home, found = bot.house, (await case(bot)).case
    by = f"telegram:{mo.id}"
    await review.approve(found.id, by, home.transaction, home.events, home.clock, POLICY, grace=review.GRACE)
    await shown.until(lambda shown: "Not in effect yet" in shown.text)
    await more(mo, shown, "Undo")
    await shown.until(lambda shown: "Approve" in shown.labels[0])


async def test_only_owners_ban(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, shown: Shown, mo: Person
) -> None:
    await more(mo, shown, "Ban")
    question = await card(telegram, mods, "Ban this member")
    assert "Only the owner" in await told(mo, question, "Do it")
    grace = mods.add(group.owner("Grace"))
    await grace.press(question, "Do it")
    await shown.until(lambda shown: "Stopped before" in shown.text)
    job = (await review.show((await closed(bot)), bot.house.transaction)).job
    async with bot.house.transaction() as tx:
        (ban,) = await tx.sanctions.of(job.member_id, Platform.TELEGRAM, f"telegram:{group.id}")
    assert ban.kind is SanctionKind.BAN


async def closed(bot: Bot) -> str:
    (view,) = await review.cases(bot.house.transaction, CaseStatus.WITHDRAWN)
    return view.case.id


async def test_a_forged_measure_of_another_group_is_refused(
    telegram: StandIn, bot: Bot, shown: Shown, mods: Group
) -> None:
    other = telegram.group("Other")
    eve = other.owner("Eve")
    job = (await case(bot)).job
    said = await eve.says(other, "/settings")
    panel = await telegram.message(other, lambda each: each.reply_to == said.id)
    for data in (f"h1:sanction:{job.id}:mute-3600", f"h1:ask-mute:{job.id}", f"h1:sanction:{job.id}:ban-0"):
        assert "Only moderators" in await forged(eve, panel, data)
    for data in (f"h1:sanction:{job.id}:mute-7", f"h1:sanction:{job.id}:gag-3600"):
        assert await forged(eve, panel, data)
    async with bot.house.transaction() as tx:
        assert await tx.sanctions.of(job.member_id, Platform.TELEGRAM, job.origin.community) == []


async def test_from_a_picture_moderators_see_who_asked_for_it_alone(
    telegram: StandIn, bot: Bot, group: Group, mods: Group, mo: Person
) -> None:
    bob, eve = group.member("Bob"), group.member("Eve")
    group.add(mo)
    picture = await drawn(telegram, bob, group)
    said = await eve.says(group, "/review", reply_to=picture)
    refused = await telegram.message(group, lambda each: each.reply_to == said.id)
    assert "Only moderators" in refused.text
    said = await mo.says(group, "/review", reply_to=picture)
    way = await telegram.message(group, lambda each: each.reply_to == said.id)
    assert "alone" in way.text and "standing" not in way.text
    await mo.says(mo.dm, f"/start {way.buttons[0][0]['url'].partition('start=')[2]}")
    page = await telegram.message(mo.dm, lambda each: "In good standing" in each.text)
    assert "Bob" in page.text
    await mo.press(page, "Suspension")
    question = await telegram.message(mo.dm, lambda each: "Suspend for how long" in each.text)
    await mo.press(question, "7 d")
    await question.until(lambda shown: "The member is told" in shown.text)
    assert not [each for each in telegram.from_bot(group) if "uspen" in each.text]
