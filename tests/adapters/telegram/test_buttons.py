"""Everything that can be pressed under an answer, by its member, by others, and after a restart."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from telegram import InlineKeyboardButton

from adapters.chat.payload import pack
from adapters.telegram import dispatch
from adapters.telegram.page import Page
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import JobStatus
from bot.domain.requests import AvatarRequest, CaptionRequest, Length
from bot.usecases import link
from engines.contract import TextToImage
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, status
from tests.adapters.telegram.scenes import album, anew, answers, newest, put_up, several, written
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn
from tests.adapters.test_pictures import opened
from tests.house import House

NOT_YOURS = "This one belongs to somebody else. Ask for your own with /avatar or /caption."
DAYS = 3 * 86_400


@pytest.fixture(autouse=True)
def never_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than fingers."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


@dataclass
class Scene:
    """A bot that draws, a group, somebody with answers in it, and a restart between asking and pressing."""

    bot: Bot
    telegram: StandIn
    group: Group
    ada: Person
    picture: Shown
    pictures: Shown
    captions: Shown

    async def newest(self) -> AvatarRequest | CaptionRequest:
        """What Ada asked for last."""
        return (await self.bot.jobs(self.ada))[0].request

    async def made(self, shown: Shown, name: str) -> Shown:
        """Ada presses a button that makes something."""
        self.bot.house.clock.time += 1
        pressed = await self.ada.press(shown, name)
        made = await anew(self.telegram, self.group, shown)
        assert (await pressed.answer()).text == ""
        return made

    async def told(self, person: Person, shown: Shown, name: str) -> str:
        """What comes up when somebody presses a button."""
        return (await (await person.press(shown, name)).answer()).text


@pytest.fixture
async def scene(home: House, telegram: StandIn, tmp_path: Path) -> AsyncIterator[Scene]:
    there = bots.reach(telegram)
    async with bots.running(home, there, tmp_path):
        group = telegram.group()
        ada = group.member("Ada")
        shown = await asyncio.gather(
            drawn(telegram, ada, group, "a knight --seed 1"),
            several(telegram, ada, group, "two foxes --count 2 --seed 2"),
            written(telegram, ada, group),
        )
        await status(home, JobStatus.DELIVERED, 3)
    home.clock.time += 60
    # Nothing that a button needs is in a process: all of this is pressed after a restart.
    async with bots.running(home, there, tmp_path) as bot:
        yield Scene(bot, telegram, group, ada, *shown)


async def test_again_draws_the_same_with_another_seed(scene: Scene) -> None:
    again = await scene.made(scene.picture, "Again")
    assert again.photo and "seed 1 " not in again.text
    new = await scene.newest()
    assert isinstance(new, AvatarRequest) and (new.prompt, new.count) == ("a knight", 1) and new.seed != 1


async def test_variations_begin_from_the_picture(scene: Scene) -> None:
    shown = await scene.made(scene.picture, "Variations")
    request = scene.bot.house.engine.requests[-1]
    assert isinstance(request, TextToImage)
    assert (request.image, request.num_images) == (scene.picture.photo, 4)
    assert len(album(scene.telegram, scene.group, shown)) == 4


async def test_each_of_several_pictures_has_buttons_of_its_own_and_a_way_back(scene: Scene) -> None:
    ada, pictures = scene.ada, scene.pictures
    second = album(scene.telegram, scene.group, pictures)[1]
    before = pictures.labels
    assert before == ["🔁 Again", "✏️ Edit prompt", "🖼️ 1", "🖼️ 2"]
    assert await scene.told(ada, pictures, "🖼️ 2") == ""
    await pictures.until(lambda shown: "Variations" in " ".join(shown.labels))
    assert pictures.labels[6:] == ["🔍 Enlarge", "🖌️ Restyle", "🧬 Mix", "🎞️ Morph", "🌳 Family", "◀️ Back"]
    await ada.press(pictures, "Download")
    file = await scene.telegram.message(scene.group, lambda shown: shown.document)
    assert file.document == second.photo
    await ada.press(pictures, "Back")
    await pictures.until(lambda shown: shown.labels == before)
    await ada.press(pictures, "🖼️ 2")
    await pictures.until(lambda shown: "Variations" in " ".join(shown.labels))
    await scene.made(pictures, "Variations")
    request = scene.bot.house.engine.requests[-1]
    assert isinstance(request, TextToImage) and request.image == second.photo


async def test_edit_prompt_offers_the_old_words_and_options(scene: Scene) -> None:
    assert await scene.told(scene.ada, scene.captions, "Edit") == ""
    page = await newest(
        scene.telegram,
        scene.group,
        scene.captions,
        lambda shown: "Draw" in str(shown.labels) or "Write" in str(shown.labels),
    )
    assert page.text == "a sunset hike"
    assert any(label.endswith("Tone: Funny") for label in page.labels)
    await scene.ada.press(page, "Length")
    await page.until(lambda shown: "long" in shown.labels)
    await scene.ada.press(page, "long")
    await page.until(lambda shown: "Length: long" in shown.labels)
    scene.bot.house.clock.time += 1
    await scene.ada.press(page, "Write it")
    await page.until(lambda shown: "Another" in " ".join(shown.labels))
    new = await scene.newest()
    assert isinstance(new, CaptionRequest)
    assert (new.topic, new.tone, new.length, new.count) == ("a sunset hike", "funny", Length.LONG, 3)


async def test_use_as_base_draws_other_words_from_that_picture(scene: Scene) -> None:
    await scene.ada.press(scene.picture, "Use as base")
    page = await newest(scene.telegram, scene.group, scene.picture, lambda shown: "Draw it" in str(shown.labels))
    assert "Begins from your picture" in page.text
    await scene.ada.press(page, "Other words")
    question = await newest(scene.telegram, scene.group, page, lambda shown: shown.force_reply)
    # The reply field opens for whom the question names: it replies to nothing of theirs.
    assert question.text.startswith("Ada")
    await scene.ada.says(scene.group, "a wolf", reply_to=question)
    page = await newest(scene.telegram, scene.group, question, lambda shown: shown.text.startswith("a wolf"))
    await scene.ada.press(page, "Draw it")
    await page.until(lambda shown: shown.photo and "Again" in str(shown.labels))
    request = scene.bot.house.engine.requests[-1]
    assert isinstance(request, TextToImage)
    assert request.prompt == "a wolf" and request.image == scene.picture.photo


async def test_download_and_circles_are_for_everybody_who_sees_the_picture(scene: Scene) -> None:
    bo = scene.group.member("Bo")
    await bo.press(scene.picture, "Download")
    file = await scene.telegram.message(scene.group, lambda shown: shown.document)
    assert file.document == scene.picture.photo
    assert file.file_name == "a-knight-1.png"
    await bo.press(scene.picture, "circle")
    circles = await newest(scene.telegram, scene.group, file, lambda shown: shown.photo)
    assert opened(circles.photo or b"").size[0] > 64
    assert circles.text == "As an avatar"


async def test_delete_asks_first_and_takes_the_message_along(scene: Scene) -> None:
    before = scene.picture.labels
    question = await scene.told(scene.ada, scene.picture, "Delete")
    assert question == "Delete this picture for good? It cannot be brought back."
    await scene.picture.until(lambda shown: shown.labels == ["🗑️ Delete", "◀️ Back"])
    await scene.ada.press(scene.picture, "Back")
    await scene.picture.until(lambda shown: shown.labels == before)
    await scene.ada.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: len(shown.labels) == 2)
    assert await scene.told(scene.ada, scene.picture, "Delete") == "Deleted."
    await scene.picture.until(lambda shown: shown.deleted)


async def test_albums_lose_one_picture_after_the_other(scene: Scene) -> None:
    words = scene.pictures
    first, second = album(scene.telegram, scene.group, words)
    for number, picture in enumerate((first, second), 1):
        await scene.ada.press(words, f"🖼️ {number}" if number == 1 else "Delete")
        if number == 1:
            await words.until(lambda shown: "Variations" in str(shown.labels))
            await scene.ada.press(words, "Delete")
        await words.until(lambda shown: shown.labels == ["🗑️ Delete", "◀️ Back"])
        await scene.ada.press(words, "Delete")
        await picture.until(lambda shown: shown.deleted)
        if number == 1:
            await words.until(lambda shown: "Variations" in str(shown.labels))
            assert not second.deleted and not words.deleted
    await words.until(lambda shown: shown.deleted)


async def test_what_is_too_old_to_be_deleted_is_covered(scene: Scene) -> None:
    old = scene.picture.photo
    for shown in scene.telegram.from_bot(scene.group):
        scene.telegram.age(shown, DAYS)
    await scene.ada.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: len(shown.labels) == 2)
    await scene.ada.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: shown.photo != old and not shown.labels)
    assert scene.picture.text == "The pictures of this message were deleted."


async def test_report_tells_the_moderators_once_for_each_member(scene: Scene) -> None:
    bo = scene.group.member("Bo")
    assert await scene.told(bo, scene.picture, "Report") == "Thank you. A moderator will look at it."
    await bo.press(scene.pictures, "🖼️ 2")
    await scene.pictures.until(lambda shown: "Report" in str(shown.labels))
    assert await scene.told(bo, scene.pictures, "Report") == "Thank you. A moderator will look at it."
    async with scene.bot.house.transaction() as tx:
        assert await tx.reviews.open_for(scene.picture.button("Again")["callback_data"].split(":")[2])


async def test_captions_anew_shorter_longer_and_in_another_tone(scene: Scene) -> None:
    shown = scene.captions
    for button, length in (("Another", Length.NORMAL), ("Shorter", Length.SHORT), ("Longer", Length.LONG)):
        seen = len(scene.telegram.from_bot(scene.group))
        scene.bot.house.clock.time += 1
        await scene.ada.press(shown, button)
        await status(scene.bot.house, JobStatus.DELIVERED, 4 + ("Another", "Shorter", "Longer").index(button))
        new = await scene.newest()
        assert isinstance(new, CaptionRequest) and (new.tone, new.length) == ("funny", length)
        assert len(scene.telegram.from_bot(scene.group)) == seen + 1
    await scene.ada.press(shown, "Other tone")
    await shown.until(lambda shown: "Ad copy" in shown.labels)
    scene.bot.house.clock.time += 1
    await scene.ada.press(shown, "Ad copy")
    await status(scene.bot.house, JobStatus.DELIVERED, 7)
    new = await scene.newest()
    assert isinstance(new, CaptionRequest) and (new.topic, new.tone) == ("a sunset hike", "ad-copy")
    await scene.ada.press(shown, "Back")
    await shown.until(lambda shown: "Another" in str(shown.labels))


async def test_a_stranger_changes_nothing(scene: Scene) -> None:
    bo = scene.group.member("Bo")
    before = scene.picture.text, scene.picture.labels, scene.picture.photo
    worked = len(scene.bot.house.engine.requests)
    for button in ("Again", "Edit", "Variations", "Use as base", "Delete"):
        assert await scene.told(bo, scene.picture, button) == NOT_YOURS
    for button in ("Another", "Shorter", "Other tone"):
        assert await scene.told(bo, scene.captions, button) == NOT_YOURS
    assert before == (scene.picture.text, scene.picture.labels, scene.picture.photo)
    assert len(scene.bot.house.engine.requests) == worked


async def test_a_member_is_not_told_that_their_own_is_somebody_elses(scene: Scene) -> None:
    again = await scene.made(scene.picture, "Again")
    base = again.button("Use as base")["callback_data"]
    await scene.ada.press(again, "Delete")
    await again.until(lambda shown: len(shown.labels) == 2)
    old = await put_up(
        scene.bot,
        scene.telegram,
        scene.group,
        Page(("old",), keyboard=((InlineKeyboardButton("Base", callback_data=base),),)),
    )
    await scene.ada.press(again, "Delete")
    await again.until(lambda shown: shown.deleted)
    assert await scene.told(scene.ada, old, "Base") == "That picture is gone, or it is not yours."


async def test_a_moderator_deletes_in_the_members_own_message(scene: Scene) -> None:
    moderator = scene.group.administrator("Mo", can_change_info=False)
    await moderator.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: len(shown.labels) == 2)
    await moderator.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: shown.deleted)


async def test_who_is_no_moderator_any_more_deletes_nothing(scene: Scene) -> None:
    moderator = scene.group.administrator("Mo", can_change_info=False)
    await moderator.press(scene.picture, "Delete")
    await scene.picture.until(lambda shown: len(shown.labels) == 2)
    scene.group.demote(moderator)
    assert await scene.told(moderator, scene.picture, "Delete") == NOT_YOURS
    assert not scene.picture.deleted


# ------------------------------------------------------------------ without the scene


async def drawing(home: House, telegram: StandIn, person: Person, chat: object) -> Shown:
    """A message whose picture is being drawn until the gate opens."""
    home.engine.gate.clear()
    said = await person.says(chat, "/avatar a knight")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id and "Drawing" in shown.text)


async def test_cancel_is_for_the_member_and_for_moderators(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    ada, bo, mo = group.member("Ada"), group.member("Bo"), group.administrator("Mo", can_change_info=False)
    shown = await drawing(home, telegram, ada, group)
    assert (await (await bo.press(shown, "Cancel")).answer()).text == NOT_YOURS
    group.demote(mo)
    assert (await (await mo.press(shown, "Cancel")).answer()).text == NOT_YOURS
    group.promote(mo, can_change_info=False)
    assert (await (await mo.press(shown, "Cancel")).answer()).text == "Stopping…"
    await shown.until(lambda shown: "Stop" in shown.text)
    assert (await bot.jobs(ada))[0].cancel_requested


async def test_cancel_before_it_is_drawn_costs_nothing(home: House, telegram: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False) as bot:
        ada = telegram.user("Ada")
        await ada.says(ada.dm, "/avatar a knight")
        shown = await telegram.message(ada.dm, lambda shown: "Cancel" in str(shown.labels))
        assert (await (await ada.press(shown, "Cancel")).answer()).text == "Stopped."
        await shown.until(lambda shown: "Stopped." in shown.text and "Again" in str(shown.labels))
        assert await bot.used(ada) == 0


async def test_two_presses_at_once_make_one_job(
    bot: Bot, ada: Person, telegram: StandIn, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 5.0)
    shown = await drawn(telegram, ada, ada.dm)
    home.clock.time += 60
    first, second = await ada.press(shown, "Again"), await ada.press(shown, "Again")
    assert {(await first.answer()).text, (await second.answer()).text} == {"", "Already on it."}
    await status(home, JobStatus.DELIVERED, 2)
    assert len(await bot.jobs(ada)) == 2
    assert (answers(telegram, first.id), answers(telegram, second.id)) == (1, 1)


NOISE = ["x" * 64, "💥" * 16, "h1", "h1:", "h1::", "h0:again:1", "h1:unheard-of:1", "h1:again:1:2:3", "h1:open:\0"]


async def test_noise_is_answered_once_and_kindly(bot: Bot, ada: Person, telegram: StandIn) -> None:
    shown = await drawn(telegram, ada, ada.dm)
    before = shown.text, shown.labels
    for data in NOISE:
        pressed = await ada.presses_raw(shown, data)
        assert "earlier version of me" in (await pressed.answer()).text, data
        assert answers(telegram, pressed.id) == 1
    assert (shown.text, shown.labels) == before


KINDS = sorted(dispatch.HANDLERS)


async def test_every_kind_of_button_to_what_never_was_is_answered_once(
    bot: Bot, group: Group, telegram: StandIn
) -> None:
    owner = group.owner()
    for kind in KINDS:
        payloads = [pack(kind, *more) for more in (("nope", "nope"), (), ("1e999", "x=y"))]
        keyboard = (tuple(InlineKeyboardButton(payload, callback_data=payload) for payload in payloads),)
        shown = await put_up(bot, telegram, group, Page(("old",), keyboard=keyboard))
        for pressed in [await owner.press(shown, payload) for payload in payloads]:
            answer = await pressed.answer()
            assert "Something went wrong on our side" not in answer.text, kind
            assert answers(telegram, pressed.id) == 1
    assert bot.house.engine.requests == []


async def test_only_what_is_offered_can_be_pressed(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada, bo = group.member("Ada"), group.member("Bo")
    theirs, own = await drawn(telegram, ada, group), await drawn(telegram, bo, group, "a fox")
    before = theirs.text, theirs.labels, theirs.photo
    vandalism = ["h1:gallery", f"h1:jobs:{bo.id}", f"h1:unlinked:{bo.id}", own.button("Again")["callback_data"]]
    for data in [*vandalism, own.button("Again")["callback_data"].replace("again", "back")]:
        answer = await (await bo.presses_raw(theirs, data)).answer()
        assert answer.text == "That has already moved on.", data
    assert (theirs.text, theirs.labels, theirs.photo) == before
    assert len(await bot.jobs(bo)) == 1


async def test_a_press_under_somebody_elses_message_does_nothing(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada = group.member("Ada")
    shown = await drawn(telegram, ada, group)
    said = await ada.says(group, "hello")
    other = next(message for message in telegram.messages(group) if message.id == said.id)
    pressed = await ada.presses_raw(other, shown.button("Again")["callback_data"])
    assert (await pressed.answer()).text == "That has already moved on."
    assert len(await bot.jobs(ada)) == 1


async def test_a_button_works_though_telegram_tells_no_more_of_its_message(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    shown = await drawn(telegram, ada, ada.dm)
    home.clock.time += 60
    again = shown.button("Again")["callback_data"]
    await ada.deletes(shown)
    pressed = await ada.presses_raw(shown, again)
    assert (await pressed.answer()).text == ""
    await status(home, JobStatus.DELIVERED, 2)
    assert answers(telegram, pressed.id) == 1


async def test_a_press_that_is_too_old_is_carried_out_and_answered_once(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    shown = await drawn(telegram, ada, ada.dm)
    home.clock.time += 60
    pressed = await ada.press(shown, "Again")
    pressed.expire()
    await status(home, JobStatus.DELIVERED, 2)
    await telegram.until(lambda: answers(telegram, pressed.id) == 1)


async def test_what_a_press_that_is_too_old_cannot_be_told_is_a_message(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    shown = await drawn(telegram, ada, ada.dm)
    for _ in range(60 // 4 - 1):
        await home.accepted(AvatarRequest("x"), bot.origin(ada))
    pressed = await ada.press(shown, "Again")
    pressed.expire()
    told = await newest(telegram, ada.dm, shown, lambda shown: "units" in shown.text)
    assert told.reply_to == shown.id
    assert answers(telegram, pressed.id) == 1


async def test_a_job_that_is_gone_says_so(bot: Bot, ada: Person, telegram: StandIn) -> None:
    for kind in ("again", "cancel", "edit", "tones", "back", "shorter", "variations", "delete", "download", "picture"):
        keyboard = ((InlineKeyboardButton("Old", callback_data=pack(kind, "f" * 32)),),)
        shown = await put_up(bot, telegram, ada.dm, Page(("old",), keyboard=keyboard))
        assert "is gone, or it is not yours" in (await (await ada.press(shown, "Old")).answer()).text, kind


async def test_a_picture_that_was_made_elsewhere_is_deleted_from_the_gallery(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    web = Origin(Platform.WEB, "ada", "general", message_id="x")
    await home.accepted(AvatarRequest("a web knight"), web)
    await status(home, JobStatus.READY)
    code = await link.issue(web, home.desk.transactions, home.clock)
    await link.redeem(bot.origin(ada), code.code, home.desk.transactions, home.clock)
    await ada.says(ada.dm, "/gallery")
    shelf = await telegram.message(ada.dm, lambda shown: shown.photo)
    await ada.press(shelf, "🖼️ 1")
    picture = await newest(telegram, ada.dm, shelf, lambda shown: shown.photo)
    await ada.press(picture, "Delete")
    await picture.until(lambda shown: len(shown.labels) == 2)
    pressed = await ada.press(picture, "Delete")
    assert (await pressed.answer()).text == "Deleted."
    await picture.until(lambda shown: shown.deleted)
