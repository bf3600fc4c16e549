"""/settings: every decision can be made by buttons, is shown, is obeyed, and is nobody else's to make."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.telegram import dispatch
from adapters.telegram import rules as settings
from bot.domain.community import CommunityRules
from bot.domain.identity import Role
from tests.adapters.telegram.bot import Bot, drawn, finished
from tests.adapters.telegram.staff import decide, forged, moderators, rules, told
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn

RIGHTS = {"can_change_info": True}


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same button may be pressed twice at once."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


@pytest.fixture
def grace(group: Group) -> Person:
    return group.owner("Grace")


async def opened(telegram: StandIn, owner: Person, group: Any, **where: Any) -> Shown:
    said = await owner.says(group, "/settings", **where)
    return await telegram.message(group, lambda shown: shown.reply_to == said.id)


async def page(person: Person, panel: Shown, name: str) -> Shown:
    await person.press(panel, name)
    return await panel.until(lambda shown: "Back" in " ".join(shown.labels))


async def choose(telegram: StandIn, owner: Person, group: Group, name: str, *labels: str) -> Shown:
    """Open the panel and make one decision."""
    panel = await page(owner, await opened(telegram, owner, group), name)
    for label in labels:
        assert await told(owner, panel, label) == "Saved."
        await panel.until(lambda shown, label=label: f"✓ {label}" in shown.labels)
    return panel


async def test_every_page_explains_itself_and_leads_back(telegram: StandIn, group: Group, grace: Person) -> None:
    panel = await opened(telegram, grace, group)
    first = panel.text
    assert "Language: each member's own" in first and "a picture costs" in first.lower()
    for button in [button for row in panel.buttons for button in row]:
        name = button["text"].removeprefix("⚠️ ")
        await page(grace, panel, button["callback_data"])
        assert name in panel.text or "forgets every setting" in panel.text
        await grace.press(panel, "Back")
        await panel.until(lambda shown: "Back" not in " ".join(shown.labels))
        assert panel.text == first


@pytest.mark.parametrize(
    ("name", "labels", "field", "kept", "shown"),
    [
        ("Styles on offer", ["Pixel art", "Monster"], "styles", frozenset({"pixel", "monster"}), "Pixel art"),
        ("Usual style", ["Pixel art"], "default_style", "pixel", "Pixel art"),
        ("Tones on offer", ["Plain", "Funny"], "tones", frozenset({"plain", "funny"}), "Funny"),
        ("Usual tone", ["Funny"], "default_tone", "funny", "Funny"),
        ("Models on offer", ["large"], "models", frozenset({"large"}), "large"),
        ("Pictures and age", ["Pictures are covered until tapped"], "age_policy", "spoiler", "covered until tapped"),
        ("Language", ["Deutsch"], "language", "de", "Deutsch"),
    ],
)
async def test_a_choice_is_kept_and_shown(
    name: str,
    labels: list[str],
    field: str,
    kept: Any,
    shown: str,
    telegram: StandIn,
    bot: Bot,
    group: Group,
    grace: Person,
) -> None:
    panel = await choose(telegram, grace, group, name, *labels)
    assert getattr(await rules(bot, group), field) == kept
    assert shown in panel.text.splitlines()[0]
    again = await opened(telegram, grace, group)
    assert any(line.startswith(name) and shown in line for line in again.text.splitlines())


async def test_what_is_chosen_can_be_put_out_again(telegram: StandIn, bot: Bot, group: Group, grace: Person) -> None:
    panel = await choose(telegram, grace, group, "Styles on offer", "Pixel art", "Monster")
    await grace.press(panel, "✓ Monster")
    await panel.until(lambda shown: "Monster" in shown.labels)
    assert (await rules(bot, group)).styles == {"pixel"}


async def test_a_choice_that_cannot_be_is_refused_in_words(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    panel = await page(grace, await opened(telegram, grace, group), "Tones on offer")
    assert "must be among those on offer" in await told(grace, panel, "Funny")
    assert (await rules(bot, group)).tones == frozenset()


async def test_quotas_by_role(telegram: StandIn, bot: Bot, group: Group, grace: Person) -> None:
    mo, bob = group.administrator("Mo", can_delete_messages=True), group.member("Bob")
    panel = await page(grace, await opened(telegram, grace, group), "Units a day")
    row = next(row for row in panel.buttons if row[0]["text"] == "member")
    assert [button["text"] for button in row] == ["member", "0", "20", "50", "✓ 100"]
    await grace.press(panel, row[1]["callback_data"])
    await panel.until(lambda shown: "✓ 0" in shown.labels)
    assert "member 0" in panel.text
    assert (await rules(bot, group)).member_day == {Role.MEMBER: 0}
    said = await bob.says(group, "/avatar a knight")
    refused = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    assert "0 a day" in refused.text
    await drawn(telegram, mo, group)
    await grace.press(panel, row[4]["callback_data"])
    await panel.until(lambda shown: "✓ 0" not in shown.labels)
    assert (await rules(bot, group)).member_day == {}


async def test_everything_can_be_taken_back_after_a_question(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    await decide(bot, group, language="de", default_style="pixel")
    panel = await page(grace, await opened(telegram, grace, group), "Reset all settings")
    assert (await rules(bot, group)).language == "de" and "forgets every setting" in panel.text
    assert await told(grace, panel, "Reset all settings") == "Saved."
    await panel.until(lambda shown: "Back" not in " ".join(shown.labels))
    assert await rules(bot, group) == CommunityRules()


# ---------------------------------------------------------------------------------------------- in whose hands


async def test_only_administrators_who_may_change_the_group_decide(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    panel = await opened(telegram, grace, group)
    mo, bob = group.administrator("Mo", can_delete_messages=True), group.member("Bob")
    may = group.administrator("May", **RIGHTS)
    for person in (mo, bob):
        for button in ("Language", "Units a day", "Reset all settings"):
            assert "Only the owner" in await told(person, panel, button)
        for data in ("h1:set:language:de", "h1:grant:member:0", "h1:reset-rules", "h1:rules"):
            assert "Only the owner" in await forged(person, await opened(telegram, grace, group), data)
    assert await rules(bot, group) == CommunityRules()
    await page(may, panel, "Language")
    await may.press(panel, "Deutsch")
    await panel.until(lambda shown: "✓ Deutsch" in shown.labels)


async def test_who_was_demoted_a_moment_ago_decides_no_more(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    may = group.administrator("May", **RIGHTS)
    panel = await page(may, await opened(telegram, may, group), "Language")
    group.demote(may)
    assert "Only the owner" in await told(may, panel, "Deutsch")
    assert await rules(bot, group) == CommunityRules()


async def test_while_telegram_does_not_say_who_somebody_is_nothing_is_decided(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    panel = await page(grace, await opened(telegram, grace, group), "Language")
    telegram.fail("getChatMember", 502, "Bad Gateway")
    assert "Telegram is busy" in await told(grace, panel, "Deutsch")
    assert await rules(bot, group) == CommunityRules()


async def test_a_decision_of_another_version_is_answered(
    telegram: StandIn, group: Group, grace: Person, bot: Bot
) -> None:
    panel = await opened(telegram, grace, group)
    for data in (
        "h1:rule:colours",
        "h1:set:colours:red",
        "h1:set:age_policy:never",
        "h1:set:models:tiny",
        "h1:set:language:xx",
        "h1:set:styles:watercolour-of-old",
        "h1:set:styles",
    ):
        assert "earlier version" in await forged(grace, panel, data), data
    assert await rules(bot, group) == CommunityRules()


async def test_in_private_there_is_nothing_to_decide(telegram: StandIn, ada: Person) -> None:
    said = await ada.says(ada.dm, "/settings")
    shown = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)
    assert "belongs to a community" in shown.text


async def test_who_hides_behind_the_group_gets_a_panel_and_presses_as_themselves(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    said = await grace.speaks_anonymously(group, "/settings")
    panel = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    await page(grace, panel, "Language")
    await grace.press(panel, "Deutsch")
    await panel.until(lambda shown: "✓ Deutsch" in shown.labels)


# ------------------------------------------------------------------------------------------------------- obeyed


async def test_only_in_one_topic(telegram: StandIn, bot: Bot) -> None:
    forum = telegram.group(forum=True)
    grace, bob = forum.owner("Grace"), forum.member("Bob")
    topic, other = forum.topic("Pictures"), forum.topic("Talk")
    panel = await page(grace, await opened(telegram, grace, forum, topic=topic), "Topics")
    assert panel.thread_id == topic
    await grace.press(panel, "Only in this topic")
    await panel.until(lambda shown: "one topic" in shown.text)
    assert (await rules(bot, forum)).channels == {f"{forum.id}/{topic}"}
    for place in (other, None):
        said = await bob.says(forum, "/avatar a knight", topic=place)
        refused = await telegram.message(forum, lambda shown, said=said: shown.reply_to == said.id)
        assert "Nothing is made" in refused.text and refused.thread_id == place
    said = await bob.says(forum, "/avatar a knight", topic=topic)
    await telegram.message(forum, lambda shown: shown.reply_to == said.id and finished(shown))
    await grace.press(panel, "all")
    await panel.until(lambda shown: "one topic" not in shown.text)
    assert (await rules(bot, forum)).channels == frozenset()


@pytest.mark.parametrize("count", [1, 2])
async def test_pictures_are_really_covered(count: int, telegram: StandIn, bot: Bot, group: Group) -> None:
    await decide(bot, group, age_policy="spoiler")
    bot.house.engine.delay = 0.3
    bob = group.member("Bob")
    said = await bob.says(group, f"/avatar a knight --count {count}")
    await telegram.message(group, lambda shown: shown.reply_to == said.id and finished(shown))
    pictures = [shown for shown in telegram.from_bot(group) if shown.photo]
    assert len(pictures) == count and all(shown.spoiler for shown in pictures)
    changes = [change.content for shown in telegram.from_bot(group) for change in shown.changes]
    assert all(content.get("has_media_spoiler") for content in changes if "photo" in content)


async def test_what_is_not_on_offer_is_not_made(telegram: StandIn, bot: Bot, group: Group) -> None:
    await decide(bot, group, styles=frozenset({"pixel"}), default_style="pixel")
    bob = group.member("Bob")
    said = await bob.says(group, "/avatar a knight --style monster")
    refused = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    assert "not on offer" in refused.text
    assert "Pixel art" in (await drawn(telegram, bob, group)).text


async def test_the_language_is_for_those_whose_own_is_not_spoken(telegram: StandIn, bot: Bot, group: Group) -> None:
    await decide(bot, group, language="de")
    for language, word in (("en", "units"), ("de", "Punkten"), ("fi", "Punkten")):
        said = await group.member(f"Ada {language}", language).says(group, "/quota")
        shown = await telegram.message(group, lambda shown, said=said: shown.reply_to == said.id)
        assert word in shown.text


# ---------------------------------------------------------------------------------------- the moderators' chat


async def code(telegram: StandIn, owner: Person, group: Group) -> str:
    """What the link says in the group that is chosen."""
    panel = await page(owner, await opened(telegram, owner, group), "Moderators' chat")
    link = urlsplit(panel.button("Choose a group")["url"])
    assert (link.netloc, link.path) == ("t.me", "/huashen_bot")
    [start] = parse_qs(link.query)["startgroup"]
    assert len(start) <= 64 and start.replace("-", "").replace("_", "").isalnum()
    return start


async def says(telegram: StandIn, person: Person, chat: Group, start: str) -> str:
    said = await person.says(chat, f"/start@huashen_bot {start}")
    return (await telegram.message(chat, lambda shown: shown.reply_to == said.id)).text


async def test_the_owner_makes_a_group_the_moderators_chat(
    telegram: StandIn, bot: Bot, group: Group, grace: Person
) -> None:
    mods = moderators(telegram, grace)
    start = await code(telegram, grace, group)
    assert "cases will be shown in this chat" in await says(telegram, grace, mods, start)
    assert (await rules(bot, group)).review_channel == str(mods.id)
    panel = await page(grace, await opened(telegram, grace, group), "Moderators' chat")
    assert "chosen" in panel.text
    await grace.press(panel, "none")
    await panel.until(lambda shown: "chosen" not in shown.text.splitlines()[0])
    assert (await rules(bot, group)).review_channel is None


async def test_nobody_else_can_use_the_link(telegram: StandIn, bot: Bot, group: Group, grace: Person) -> None:
    bob = group.member("Bob")
    own = moderators(telegram, bob)
    start = await code(telegram, grace, group)
    assert "Only the owner" in await says(telegram, bob, own, start)
    assert (await rules(bot, group)).review_channel is None


@pytest.mark.parametrize("hours", [1, 2])
async def test_the_link_works_for_an_hour(hours: int, telegram: StandIn, bot: Bot, group: Group, grace: Person) -> None:
    mods = moderators(telegram, grace)
    start = await code(telegram, grace, group)
    bot.house.clock.time += hours * settings.HOUR
    answer = await says(telegram, grace, mods, start)
    assert ("too old" in answer) == (hours == 2)


async def test_a_forged_code_is_refused(telegram: StandIn, bot: Bot, group: Group, grace: Person) -> None:
    mods = moderators(telegram, grace)
    other = telegram.group("Another")
    start = await code(telegram, grace, group)
    for wrong in (
        start[:-1] + ("A" if start[-1] != "A" else "B"),
        start.replace(str(group.id), str(other.id)),
        "review-",
        "review-x_y_z",
        "review--100_1_",
        "review-²_²_²",
    ):
        assert "too old" in await says(telegram, grace, mods, wrong), wrong
    for chat in (group, other):
        assert (await rules(bot, chat)).review_channel is None
