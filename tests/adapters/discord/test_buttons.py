"""Everything that can be pressed under an answer, by its member, by others, and after a restart."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import discord as dpy
import pytest
from PIL import Image

from adapters.discord import dispatch
from adapters.discord.page import Rows
from bot.domain.requests import AvatarRequest, CaptionRequest, Length
from engines.contract import TextToImage
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, delete, drawn, told, written
from tests.adapters.discord.stages import drawing
from tests.adapters.discord.test_avatar import asked
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.forms import asked as fields_of
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.adapters.test_pictures import opened
from tests.house import House

MODERATOR = dpy.Permissions(manage_messages=True)


@dataclass
class Scene:
    """A bot that draws, somebody with answers of it, and perhaps a restart between asking and pressing."""

    bot: Bot
    guild: Guild
    ada: Person
    picture: Shown
    pictures: Shown
    captions: Shown

    async def requests(self) -> list[AvatarRequest | CaptionRequest]:
        """What Ada asked for, newest first; what comes next is newer."""
        self.bot.house.clock.time += 1
        return [job.request for job in await self.bot.jobs(self.ada, self.guild)]


@pytest.fixture(params=["same run", "after a restart"])
async def scene(request: pytest.FixtureRequest, home: House, discord: StandIn, tmp_path: Path) -> AsyncIterator[Scene]:
    async with bots.running(home, discord, tmp_path) as bot:
        guild = discord.guild()
        ada = guild.member("Ada")
        several = drawn(ada, "two foxes", count=2, seed=2)
        shown = await asyncio.gather(drawn(ada, seed=1), several, written(ada, tone="funny"))
        home.clock.time += 60
        if request.param == "same run":
            yield Scene(bot, guild, ada, *shown)
            return
    async with bots.running(home, discord, tmp_path) as bot:
        yield Scene(bot, guild, ada, *shown)


async def finished(turn: Turn) -> Shown:
    """A new answer that is complete."""
    return await turn.message_matching(lambda message: "ready" in message.text)


async def form(turn: Turn, **values: object) -> Callable[[Person], Awaitable[Shown]]:
    """The form that a press opened, filled in; whoever is given sends it."""
    await turn.acknowledged()

    async def send(person: Person) -> Shown:
        return await finished(await person.submit(turn, values))

    return send


async def test_again_draws_the_same_with_another_seed(scene: Scene) -> None:
    again = await finished(await scene.ada.press(scene.picture, "Again"))
    assert again.id != scene.picture.id and again.attachments
    new, *_ = await scene.requests()
    assert isinstance(new, AvatarRequest) and (new.prompt, new.count) == ("a knight", 1)
    assert new.seed != 1


async def test_variations_begin_from_the_picked_picture(scene: Scene) -> None:
    shown = await finished(await scene.ada.press(scene.pictures, "Variations 2"))
    assert len(shown.attachments) == 5
    assert asked(scene.bot).image == scene.pictures.files[2]
    assert asked(scene.bot).num_images == 4
    await finished(await scene.ada.press(scene.picture, "Variations"))
    assert asked(scene.bot).image == scene.picture.files[0]


async def test_edit_prompt_opens_a_form_filled_with_the_old_one(scene: Scene) -> None:
    turn = await scene.ada.press(scene.picture, "Edit prompt")
    send = await form(turn, prompt="a queen", seed="9", count="2", style="pixel")
    assert fields_of(turn.modal or {}) == ["prompt", "style", "negative", "seed", "count"]
    assert "a knight" in str(turn.modal)
    assert len((await send(scene.ada)).attachments) == 3
    (new, *_) = await scene.requests()
    assert new == AvatarRequest("a queen", style="pixel", seed=9, count=2)


async def test_what_an_edit_leaves_alone_stays(scene: Scene) -> None:
    send = await form(await scene.ada.press(scene.captions, "Edit prompt"), topic="rain")
    await send(scene.ada)
    new, *_ = await scene.requests()
    assert isinstance(new, CaptionRequest)
    assert (new.topic, new.tone, new.length, new.count) == ("rain", "funny", Length.NORMAL, 3)


async def test_a_form_filled_with_nonsense_says_what_is_wrong(scene: Scene) -> None:
    turn = await scene.ada.press(scene.picture, "Edit prompt")
    await turn.acknowledged()
    answer = await told(await scene.ada.submit(turn, {"count": "x"}))
    assert answer.text == "The count must be a number, and “x” is not one."
    answer = await told(await scene.ada.submit(turn, {"count": "9"}))
    assert "between 1 and 4" in answer.text


async def test_use_as_base_draws_from_that_picture(scene: Scene) -> None:
    turn = await scene.ada.choose(scene.pictures, "2: Use as base")
    send = await form(turn, prompt="a wolf", strength="0,8")
    await send(scene.ada)
    request = asked(scene.bot)
    assert (request.prompt, request.strength, request.image) == ("a wolf", 0.8, scene.pictures.files[2])


async def test_download_and_circles_are_for_everybody_who_sees_the_picture(scene: Scene) -> None:
    for person in (scene.ada, scene.guild.member("Bo")):
        file = await told(await person.press(scene.picture, "Download"))
        assert file.files == scene.picture.files
        assert file.attachments[0]["description"] == "a knight"
        circles = await told(await person.press(scene.picture, "As a circle"))
        assert isinstance(opened(circles.files[0] or b""), Image.Image)
        file = await told(await person.choose(scene.pictures, "2: Download"))
        assert file.files == scene.pictures.files[2:]


async def test_delete_takes_a_picture_out_of_its_message(scene: Scene, discord: StandIn) -> None:
    question = await told(await scene.ada.choose(scene.pictures, "1: Delete"))
    assert question.text == "Delete this picture for good? It cannot be brought back."
    assert question.ephemeral and len(scene.pictures.attachments) == 3
    await scene.ada.press(question, "Delete")
    await discord.until(lambda: question.text == "Deleted." and not question.labels)
    await discord.until(lambda: len(scene.pictures.attachments) == 1)
    assert "Variations" in scene.pictures.labels and not scene.pictures.embeds
    await delete(scene.ada, scene.pictures)
    await discord.until(lambda: "The pictures of this message were deleted." in scene.pictures.text)
    assert scene.pictures.labels == ["Again", "Edit prompt"]


async def test_report_tells_the_moderators(scene: Scene) -> None:
    bo = scene.guild.member("Bo")
    for turn in (await bo.press(scene.picture, "Report"), await bo.choose(scene.pictures, "2: Report")):
        await turn.acknowledged()
        answer = await told(await bo.submit(turn, {"note": "ugly"}))
        assert answer.text == "Thank you. A moderator will look at it."


async def test_captions_anew_shorter_longer_and_in_another_tone(scene: Scene) -> None:
    for button, length in (("Another", Length.NORMAL), ("Shorter", Length.SHORT), ("Longer", Length.LONG)):
        await finished(await scene.ada.press(scene.captions, button))
        new, *_ = await scene.requests()
        assert isinstance(new, CaptionRequest) and (new.tone, new.length) == ("funny", length)
    await finished(await scene.ada.choose(scene.captions, "Ad copy", menu="Other tone"))
    new, *_ = await scene.requests()
    assert isinstance(new, CaptionRequest) and (new.topic, new.tone) == ("a sunset hike", "ad-copy")


async def test_a_stranger_changes_nothing(scene: Scene) -> None:
    bo = scene.guild.member("Bo")
    before = scene.picture.text, scene.picture.labels, scene.picture.files
    for button in ("Again", "Edit prompt", "Variations", "Use as base", "Delete"):
        answer = await told(await bo.press(scene.picture, button))
        assert answer.text == "This one belongs to somebody else. Ask for your own with /avatar or /caption."
    assert before == (scene.picture.text, scene.picture.labels, scene.picture.files)
    assert len(scene.bot.house.engine.requests) == 4


async def test_a_moderator_deletes_in_the_members_own_words(scene: Scene, discord: StandIn) -> None:
    moderator = scene.guild.member("Mo", locale="de", permissions=MODERATOR)
    await delete(moderator, scene.picture)
    await discord.until(lambda: not scene.picture.attachments)
    assert "The pictures of this message were deleted." in scene.picture.text
    assert "somebody else" not in scene.picture.text


async def test_what_is_gone_says_so(scene: Scene, discord: StandIn) -> None:
    kept = await told(await scene.ada.slash("gallery"))
    label = next(option["label"] for option in kept.menu("Open one …")["options"] if "knight" in option["label"])
    await delete(scene.ada, scene.picture)
    await discord.until(lambda: not scene.picture.attachments)
    answer = await told(await scene.ada.choose(kept, label))
    assert answer.text == "That picture is gone, or it is not yours."


async def test_cancel(home: House, bot: Bot, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.face.FIRST", 0.0)
    ada, bo, mo = guild.member("Ada"), guild.member("Bo"), guild.member("Mo", permissions=MODERATOR)
    turn = await drawing(home, ada)
    shown = await turn.message_matching(lambda message: "Cancel" in message.labels)
    assert "somebody else" in (await told(await bo.press(shown, "Cancel"))).text
    await mo.press(shown, "Cancel")
    await discord.until(lambda: "Stop" in shown.text)
    assert (await bot.jobs(ada, guild))[0].cancel_requested


async def test_two_quick_presses_are_one(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_CLICK", 0.2)
    count = len(await scene.requests())
    first = await scene.ada.press(scene.picture, "Again")
    second = await scene.ada.press(scene.picture, "Again")
    assert (await told(second)).text == "Already on it."
    await finished(first)
    assert len(await scene.requests()) == count + 1
    await asyncio.sleep(0.3)
    await finished(await scene.ada.press(scene.picture, "Again"))


async def with_button(bot: Bot, guild: Guild, custom_id: str) -> Shown:
    """A message of the bot's with one button on it."""
    client = bot.connection._house.outlet.client
    assert client is not None
    view = Rows([dpy.ui.Button(label="Old", custom_id=custom_id)])
    sent = await client.get_partial_messageable(guild.general.id).send("old", view=view)
    return Shown(guild._world, guild.general.id, sent.id)


async def test_a_button_of_another_version_says_so(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    for custom_id in ("h0:again:1", "something", "h1:unheard-of:1"):
        shown = await with_button(bot, guild, custom_id)
        assert "earlier version" in (await told(await ada.press(shown, "Old"))).text


async def test_a_button_to_what_never_was_says_so(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    for kind in ("again", "cancel", "download", "edit", "stop", "variations", "delete"):
        shown = await with_button(bot, guild, f"h1:{kind}:nope")
        assert "is gone, or it is not yours" in (await told(await ada.press(shown, "Old"))).text
    assert not any(isinstance(request, TextToImage) for request in bot.house.engine.requests)
