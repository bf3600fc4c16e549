"""Moderation in /settings: the preset, who changed it, and the web page, whose links are given in private alone."""

import pytest

from adapters.telegram import dispatch
from bot.domain.identity import Origin, Platform, Role
from bot.usecases import policy
from tests.adapters.doors import FakeDoor
from tests.adapters.telegram.bot import Bot
from tests.adapters.telegram.staff import decide, moderators, told
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


@pytest.fixture
def door(bot: Bot) -> FakeDoor:
    found = FakeDoor()
    object.__setattr__(bot.connection._house.deps, "door", found)
    return found


@pytest.fixture
def grace(telegram: StandIn, group: Group) -> Person:
    person = group.add(telegram.user("Grace"))
    group.promote(person, can_change_info=True)
    return person


async def opened(telegram: StandIn, grace: Person, group: Group) -> Shown:
    said = await grace.says(group, "/settings")
    panel = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    await grace.press(panel, "Safety")
    return await panel.until(lambda shown: "Family" in " ".join(shown.labels))


async def current(bot: Bot, group: Group) -> str:
    place = Origin(Platform.TELEGRAM, "1", "", str(group.id))
    return (await policy.current(place, bot.house.transaction)).preset


async def test_a_preset_is_chosen_and_who_did_it_is_told(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    panel = await opened(telegram, grace, group)
    assert "✓ Standard" in panel.labels and "Strict everywhere" in panel.text
    assert await told(grace, panel, "Family") == "Saved."
    await panel.until(lambda shown: "✓ Family" in shown.labels and "version 1" in shown.text)
    assert await current(bot, group) == "family"
    assert "Only the owner" in await told(group.member("Eve"), panel, "Adults")
    assert await current(bot, group) == "family"


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    panel = await opened(telegram, grace, group)
    owner = Origin(Platform.TELEGRAM, "7", "", str(group.id), role=Role.OWNER)
    await policy.change(owner, policy.PRESETS["adults"], 0, bot.house.transaction, bot.house.clock)
    assert "changed the policy meanwhile" in await told(grace, panel, "Family")
    assert await current(bot, group) == "adults"


async def test_the_page_is_opened_in_private_alone(
    telegram: StandIn, bot: Bot, group: Group, grace: Person, door: FakeDoor
) -> None:
    panel = await opened(telegram, grace, group)
    url = next(button["url"] for row in panel.buttons for button in row if "url" in button)
    start = f"/start {url.partition('start=')[2]}"
    await grace.says(grace.dm, start)
    link = await telegram.message(grace.dm, lambda shown: "secret-1" in shown.text)
    assert "machine that the bot runs on" in link.text
    (who, name) = door.opened[0]
    assert (who.user_id, who.role, who.community_id, name) == (
        str(grace.id),
        Role.OWNER,
        str(group.id),
        group.chat.title,
    )
    # Whoever else follows the link into their own chat, or says it in the group, gets nothing.
    eve = group.add(telegram.user("Eve"))
    await eve.says(eve.dm, start)
    await telegram.message(eve.dm, lambda shown: "Only moderators" in shown.text)
    await grace.says(group, start)
    group.demote(grace)
    await grace.says(grace.dm, start)
    await telegram.message(grace.dm, lambda shown: "Only moderators" in shown.text)
    assert len(door.opened) == 1
    assert not [shown for shown in telegram.from_bot(group) if "secret" in shown.text]


async def test_moderators_are_led_to_the_cases_of_their_group(
    telegram: StandIn, bot: Bot, group: Group, door: FakeDoor
) -> None:
    mo = telegram.user("Mo")
    mods = moderators(telegram, mo)
    await decide(bot, group, review_channel=str(mods.id))
    said = await mo.says(mods, "/review")
    shown = await telegram.message(mods, lambda shown: shown.reply_to == said.id)
    door.local = False
    await mo.says(mo.dm, f"/start {shown.buttons[-1][0]['url'].partition('start=')[2]}")
    link = await telegram.message(mo.dm, lambda shown: "secret-1" in shown.text)
    assert "machine that the bot" not in link.text
    assert (door.opened[0][0].role, door.opened[0][0].community_id) == (Role.MODERATOR, str(group.id))
