"""What a member sees of their own things: gallery, jobs, quota, help; and what of it a group may read."""

from pathlib import Path

import pytest

from adapters.chat.gallery import SHELF
from adapters.telegram import dispatch, menu
from adapters.telegram.commands import COMMANDS
from bot.domain.jobs import JobStatus
from bot.domain.requests import AvatarRequest
from bot.i18n import translator
from bot.usecases.process import process
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.scenes import album, newest, several
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn
from tests.house import House


@pytest.fixture(autouse=True)
def never_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than fingers."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


async def told(telegram: StandIn, person: Person, chat: object, command: str) -> Shown:
    """The reply to a command."""
    said = await person.says(chat, command)
    return await said.answered()


async def fill(bot: Bot, person: Person, jobs: int, count: int) -> None:
    """Pictures in a gallery, without the way through Telegram."""
    for number in range(jobs):
        bot.house.clock.time += 60
        await bot.house.accepted(AvatarRequest(f"number {number}", count=count), bot.origin(person))
        await process(await bot.house.claim(), bot.house.bench)


def prompts(shelf: Shown) -> list[str]:
    """What a shelf names."""
    return [line.partition(". ")[2] for line in shelf.text.split("\n")]


# --------------------------------------------------------------------- the gallery


async def test_an_empty_gallery_says_how_to_fill_it(bot: Bot, ada: Person, telegram: StandIn) -> None:
    assert (await told(telegram, ada, ada.dm, "/gallery")).text.startswith("Avatars appear here as soon as")


async def test_the_gallery_is_turned_page_by_page_and_loses_no_picture(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False) as bot:
        ada = telegram.user("Ada")
        await fill(bot, ada, jobs=5, count=4)
        shelf = await told(telegram, ada, ada.dm, "/gallery")
        seen = prompts(shelf)
        assert len(seen) <= SHELF and seen[0] == "number 4" and shelf.photo
        assert shelf.labels == [*(f"🖼️ {number}" for number in range(1, len(seen) + 1)), "▶️ Earlier pictures"]
        while "▶️ Earlier pictures" in shelf.labels:
            before = shelf.text
            await ada.press(shelf, "Earlier pictures")
            await shelf.until(lambda shown, before=before: shown.text != before)
            seen += prompts(shelf)
        assert seen == [f"number {number}" for number in (4, 3, 2, 1, 0) for _ in range(4)]
        # Commands name pictures by the same numbers.
        assert shelf.text.split("\n")[-1].startswith("20. ") and "🖼️ 20" in shelf.labels
        assert shelf.labels[-1] == "⏮️ Newest"
        await ada.press(shelf, "Newest")
        await shelf.until(lambda shown: prompts(shown)[0] == "number 4")


async def test_a_picture_of_the_gallery_opens_with_everything_that_can_be_done(
    bot: Bot, group: Group, telegram: StandIn
) -> None:
    ada = telegram.user("Ada")
    group.add(ada)
    words = await several(telegram, ada, group)
    first, second = album(telegram, group, words)
    shelf = await told(telegram, ada, ada.dm, "/gallery")
    await ada.press(shelf, "🖼️ 2")
    opened = await newest(telegram, ada.dm, shelf, lambda shown: shown.photo)
    assert opened.photo == second.photo
    # Telegram has the picture already: it is not sent up again.
    assert telegram.asked("sendPhoto")[-1].files == {}
    assert "Variations" in str(opened.labels)
    await ada.press(opened, "Delete")
    await opened.until(lambda shown: len(shown.labels) == 2)
    await ada.press(opened, "Back")
    await opened.until(lambda shown: "Variations" in str(shown.labels))
    await ada.press(opened, "Delete")
    await opened.until(lambda shown: len(shown.labels) == 2)
    await ada.press(opened, "Delete")
    await opened.until(lambda shown: shown.deleted)
    await second.until(lambda shown: shown.deleted)
    await words.until(lambda shown: "Variations" in str(shown.labels))
    assert not first.deleted and not words.deleted


async def test_a_picture_shown_in_private_is_deleted_though_its_number_is_the_groups(
    bot: Bot, group: Group, telegram: StandIn
) -> None:
    ada = telegram.user("Ada")
    group.add(ada)
    shown = await drawn(telegram, ada, group)
    shelf = await told(telegram, ada, ada.dm, "/gallery")
    # Message numbers begin anew in each chat: the next one here is that of the group's picture.
    ada.dm.last_id = shown.id - 1
    await ada.press(shelf, "🖼️ 1")
    opened = await telegram.message(ada.dm, lambda message: message.id == shown.id)
    for _ in range(2):
        await opened.until(lambda message: "Delete" in str(message.labels))
        before = opened.labels
        await ada.press(opened, "Delete")
        await opened.until(lambda message, before=before: message.deleted or message.labels != before)
    await opened.until(lambda message: message.deleted)
    await shown.until(lambda message: message.deleted)


async def test_a_gallery_whose_files_are_lost_still_shows_the_others(
    bot: Bot, ada: Person, telegram: StandIn, tmp_path: Path
) -> None:
    await several(telegram, ada, ada.dm)
    next((tmp_path / "artifacts").glob("??/*.png")).unlink()
    assert prompts(await told(telegram, ada, ada.dm, "/gallery")) == ["two foxes"]
    next((tmp_path / "artifacts").glob("??/*.png")).unlink()
    assert (await told(telegram, ada, ada.dm, "/gallery")).text.startswith("Avatars appear here")


async def test_the_gallery_is_never_shown_in_a_group(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada = telegram.user("Ada")
    group.add(ada)
    await drawn(telegram, ada, group)
    shown = await told(telegram, ada, group, "/gallery")
    assert shown.text == "Your gallery is for you alone: I show it in our private chat." and not shown.photo
    [[button]] = shown.buttons
    assert button["url"] == "https://t.me/huashen_bot?start=gallery"
    # What Telegram says for whoever follows that link:
    assert (await told(telegram, ada, ada.dm, "/start gallery")).photo


async def test_nobody_sees_anybody_elses_things(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await drawn(telegram, ada, ada.dm)
    bo = telegram.user("Bo")
    assert (await told(telegram, bo, bo.dm, "/gallery")).text.startswith("Avatars appear here")
    assert (await told(telegram, bo, bo.dm, "/jobs")).text == "Nothing of yours is waiting."


# ------------------------------------------------------------------------ the jobs


async def test_jobs_are_listed_with_their_places_and_can_be_stopped(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False) as bot:
        ada = telegram.user("Ada")
        answers = []
        for prompt in ("first", "second", "hold me, <b>third</b>"):
            home.clock.time += 1
            said = await ada.says(ada.dm, f"/avatar {prompt}")
            answers.append(await said.answered(lambda shown: shown.labels))
        panel = await told(telegram, ada, ada.dm, "/jobs")
        assert panel.text.split("\n") == [
            "1. hold me, <b>third</b> Waiting for a moderator to look at your words. "
            "Nothing has been drawn; if they say no, your units come back.",
            "2. second 1 ahead of you.",
            "3. first You are next.",
        ]
        assert panel.labels == ["⏹️ Cancel 1", "⏹️ Cancel 2", "⏹️ Cancel 3", "🔄 Refresh"]
        await ada.press(panel, "Cancel 1")
        await panel.until(lambda shown: len(shown.labels) == 3)
        await answers[2].until(lambda shown: "Stopped." in shown.text)
        await ada.press(panel, "Cancel 2")
        await panel.until(lambda shown: shown.labels == ["⏹️ Cancel 1", "🔄 Refresh"])
        await answers[0].until(lambda shown: "Stopped." in shown.text)
        assert await bot.used(ada) == 4
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await answers[1].until(finished)
        await ada.press(panel, "Refresh")
        await panel.until(lambda shown: shown.text == "Nothing of yours is waiting." and not shown.labels)


async def test_a_group_does_not_read_what_was_asked_for_elsewhere_or_is_held(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False):
        group, ada = telegram.group(), telegram.user("Ada")
        group.add(ada)
        for chat, prompt in ((ada.dm, "my secret"), (group, "hold me"), (group, "a fox")):
            home.clock.time += 1
            said = await ada.says(chat, f"/avatar {prompt}")
            await said.answered()
        lines = (await told(telegram, ada, group, "/jobs")).text.split("\n")
        assert lines[0].startswith("1. a fox ") and lines[1].startswith("2. Waiting for a moderator")
        assert lines[2].startswith("3. You are next")
        lines = (await told(telegram, ada, ada.dm, "/jobs")).text.split("\n")
        assert [line.split(" ")[1] for line in lines] == ["a", "hold", "my"]


async def test_a_list_is_for_whom_it_is_about_not_even_for_moderators(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    ada, mo = group.member("Ada"), group.administrator("Mo")
    home.engine.gate.clear()
    await ada.says(group, "/avatar a knight")
    await telegram.message(group, lambda shown: "Drawing" in shown.text)
    panel = await told(telegram, ada, group, "/jobs")
    before = panel.text
    for name in ("Cancel 1", "Refresh"):
        assert "belongs to somebody else" in (await (await mo.press(panel, name)).answer()).text
    assert panel.text == before and not (await bot.jobs(ada))[0].cancel_requested


async def test_a_job_that_ended_meanwhile_just_leaves_the_list(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    home.engine.gate.clear()
    said = await ada.says(ada.dm, "/avatar a knight")
    await said.answered(lambda shown: "Drawing" in shown.text)
    panel = await told(telegram, ada, ada.dm, "/jobs")
    assert panel.text == "1. a knight Drawing…"
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    await ada.press(panel, "Cancel 1")
    await panel.until(lambda shown: shown.text == "Nothing of yours is waiting.")


# ---------------------------------------------------------------------- what is left


async def test_quota_tells_what_is_left(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada = group.member("Ada")
    await drawn(telegram, ada, group)
    assert "You have 96 of 100 units left today." in (await told(telegram, ada, group, "/quota")).text


@pytest.mark.parametrize("command", ["/help", "/start", "/start from-an-advertisement"])
async def test_help_names_every_command_in_the_members_language(
    command: str, bot: Bot, ada: Person, telegram: StandIn
) -> None:
    answer = await told(telegram, ada, ada.dm, command)
    for name in menu.EVERYWHERE:
        assert f"\n/{name} " in answer.text
    # A tap sends a command, so there is none that Telegram would not know.
    taps = {
        answer.text[entity["offset"] + 1 :][: entity["length"] - 1]
        for entity in answer.entities
        if entity["type"] == "bot_command"
    }
    assert taps <= set(COMMANDS) and len(taps) == len(menu.EVERYWHERE)
    bert = telegram.user("Bert", language="de")
    german = await told(telegram, bert, bert.dm, command)
    assert translator("de").text("command-avatar") in german.text


async def test_help_names_what_only_some_may_do(bot: Bot, group: Group, telegram: StandIn) -> None:
    mo, owner, ada = group.administrator("Mo", can_change_info=False), group.owner(), group.member("Ada")
    assert "/review" not in (await told(telegram, ada, group, "/help")).text
    assert "/review" in (await told(telegram, mo, group, "/help")).text
    text = (await told(telegram, owner, group, "/help@huashen_bot")).text
    assert "/review" in text and "/settings" in text


async def test_a_link_to_what_is_gone_or_somebody_elses_says_so(bot: Bot, ada: Person, telegram: StandIn) -> None:
    bo = telegram.user("Bo")
    queried = await bo.queries("a fox")
    await queried.results()
    start = (queried.button or {})["start_parameter"]
    for words in (start, "draw-nothing", "draw-"):
        assert "Please ask anew." in (await told(telegram, ada, ada.dm, f"/start {words}")).text
