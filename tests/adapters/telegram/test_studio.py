"""The studio: pictures mixed, animated, enlarged, painted anew and found; by numbers, replies and buttons."""

import io
from pathlib import Path

import pytest
from PIL import Image

from adapters.telegram import dispatch
from bot.domain.jobs import JobStatus
from bot.domain.requests import AvatarRequest, CaptionRequest, MixRequest, MorphRequest, RestyleRequest, UpscaleRequest
from bot.usecases import account
from engines.contract import EngineError, ImageMixing, Morphing, StyleTransfer, TextToImage, Upscaling
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.scenes import newest
from tests.adapters.telegram.wire import Group, Person, Said, Shown, StandIn
from tests.fakes import SEEN, png
from tests.house import House

GRID = [str(number) for number in range(1, 10)]
NOT_YOURS = "This one belongs to somebody else. Ask for your own with /avatar or /caption."


@pytest.fixture(autouse=True)
def never_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than fingers."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


async def owned(home: House, telegram: StandIn, person: Person, *words: str) -> list[Shown]:
    """Pictures in a gallery, made in private, the last the newest."""
    shown = []
    for each in words:
        shown.append(await drawn(telegram, person, person.dm, each))
        home.clock.time += 1
    await status(home, JobStatus.DELIVERED, len(words))
    return shown


async def answered(said: Said) -> Shown:
    """The picture or animation that a command leads to: a preview has a photo too, and can still be stopped."""
    return await said.answered(lambda shown: (shown.photo or shown.animation) and {*shown.labels} - {"⏹️ Cancel"})


async def told(said: Said) -> str:
    """The one sentence that a command leads to."""
    return (await said.answered()).text


def frames(data: bytes | None) -> tuple[str | None, tuple[int, int], int]:
    """Format, size and frames of a picture."""
    picture = Image.open(io.BytesIO(data or b""))
    return picture.format, picture.size, getattr(picture, "n_frames", 1)


# ------------------------------------------------------------------------------ mixing


async def test_a_child_is_chosen_from_the_grid_after_a_restart(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        fox, _ = await owned(home, telegram, ada, "a fox --seed 1", "an owl --seed 2")
        said = await ada.says(ada.dm, "/mix 2 1 --coarse 0.2 --seed 30")
        grid = await answered(said)
        await status(home, JobStatus.DELIVERED, 3)
        assert frames(grid.photo)[1] == (3 * 64 + 2 * 8, 3 * 64 + 2 * 8)
        assert grid.labels == [*GRID, "Shape 20%", "Features 🎲", "Colours 🎲", "🔁 Again"]
        assert [len(row) for row in grid.buttons] == [3, 3, 3, 3, 1]
        assert "Here are their children" in grid.text and len(said.every_reply) == 1
        asked = home.engine.requests[-1]
        assert isinstance(asked, ImageMixing) and asked.first == fox.photo and asked.coarse == 0.2
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        for step in ("Shape 50%", "Shape 100%", "Shape 🎲", "Shape 0%"):
            await ada.press(grid, "Shape")
            await grid.until(lambda shown, step=step: step in shown.labels)
        pressed = await ada.press(grid, "5")
        assert (await pressed.answer()).text == "It is in your gallery now."
        child = await newest(telegram, ada.dm, grid, lambda shown: shown.photo and shown.labels)
        assert "It is in your gallery now." in child.text and "🪄 Refine" in child.labels
        assert "💖 5" in grid.labels and "Shape 0%" in grid.labels
        gallery = await account.gallery(bot.origin(ada), home.desk.transactions)
        assert sorted(artifact.seed for artifact, _ in gallery) == [1, 2, 34]
        # The grid's own file must not pass for one of its children's: inline mode shows the child.
        queried = await ada.queries("mix")
        await queried.results()
        elsewhere = telegram.group(bot=False)
        elsewhere.add(ada)
        picked = await ada.picks(elsewhere, queried)
        assert [shown.photo for shown in telegram.messages(elsewhere) if shown.id == picked.id] == [child.photo]
        home.clock.time += 60
        await ada.press(grid, "Again")
        other = await newest(telegram, ada.dm, child, lambda shown: shown.photo and "Shape 0%" in shown.labels)
        request = (await bot.jobs(ada))[0].request
        assert isinstance(request, MixRequest) and (request.coarse, request.middle) == (0.0, None)
        assert request.seed != 30 and other.labels[:9] == GRID


async def test_two_pictures_are_chosen_by_buttons_across_a_restart(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path):
        owl, fox = await owned(home, telegram, ada, "an owl", "a fox")
        chooser = await (await ada.says(ada.dm, "/mix --fine 1")).answered()
        assert chooser.text == "1. a fox\n2. an owl\nChoose two pictures: the first, then the second." and chooser.photo
        assert chooser.labels == ["🖼️ 1", "🖼️ 2", "✖️ Never mind"]
        await ada.press(chooser, "🖼️ 2")
        await chooser.until(lambda shown: shown.labels == ["🖼️ 1", "① 2", "✖️ Never mind"])
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await ada.press(chooser, "🖼️ 1")
        await chooser.until(lambda shown: shown.labels == ["② 1", "① 2", "🧬 Mix", "✖️ Never mind"])
        bo = telegram.user("Bo")
        assert (
            await (await bo.presses_raw(chooser, chooser.button("Mix")["callback_data"])).answer()
        ).text == NOT_YOURS
        await ada.press(chooser, "Mix")
        # The chooser becomes the answer.
        await chooser.until(lambda shown: shown.labels[:9] == GRID)
        asked = home.engine.requests[-1]
        assert isinstance(asked, ImageMixing)
        assert (asked.first, asked.second, asked.fine) == (owl.photo, fox.photo, 1.0)


async def test_a_reply_to_ones_own_picture_makes_it_the_first(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    owl, fox = await owned(home, telegram, ada, "an owl", "a fox")
    await answered(await ada.says(ada.dm, "/mix 1", reply_to=owl.id))
    [request, *_] = [job.request for job in await bot.jobs(ada)]
    assert isinstance(request, MixRequest) and request.first.artifact_id and request.second.artifact_id
    asked = home.engine.requests[-1]
    assert isinstance(asked, ImageMixing) and (asked.first, asked.second) == (owl.photo, fox.photo)
    home.clock.time += 60
    # The button under a picture leads to the same chooser, with the picture chosen.
    await ada.press(fox, "Mix")
    chooser = await newest(telegram, ada.dm, fox, lambda shown: "① 1" in shown.labels)
    await ada.press(chooser, "🖼️ 2")
    await chooser.until(lambda shown: "🧬 Mix" in shown.labels)
    # Somebody else's picture, or a stranger's photo, is sent along as any other.
    photo = await ada.sends_photo(ada.dm, png("red", 300), "/mix 2")
    await answered(photo)
    asked = home.engine.requests[-1]
    assert isinstance(asked, ImageMixing) and asked.first == png("red", 300)


async def test_in_a_group_galleries_stay_private(bot: Bot, group: Group, telegram: StandIn) -> None:
    home, ada = bot.house, telegram.user("Ada")
    group.add(ada)
    await owned(home, telegram, ada, "an owl --seed 0", "a fox --seed 120")
    pointer = await (await ada.says(group, "/mix 1 --fine 1")).answered()
    [[button]] = pointer.buttons
    assert pointer.text == "Your gallery is for you alone: I show it in our private chat." and not pointer.photo
    chooser = await (await ada.says(ada.dm, f"/start {button['url'].partition('=')[2]}")).answered()
    assert "① 1" in chooser.labels
    await ada.press(chooser, "🖼️ 2")
    await chooser.until(lambda shown: "🧬 Mix" in shown.labels)
    await ada.press(chooser, "Mix")
    await chooser.until(lambda shown: "Colours 100%" in shown.labels)
    home.clock.time += 60
    found = await (await ada.says(group, "/find green")).answered()
    start = found.buttons[0][0]["url"].partition("=")[2]
    sheet = await (await ada.says(ada.dm, f"/start {start}")).answered()
    assert sheet.text == "1. a fox\nThese fit best, the best first." and sheet.labels == ["🖼️ 1"]
    bo = telegram.user("Bo")
    assert "Please ask anew." in await told(await bo.says(bo.dm, f"/start {start}"))
    # By numbers it is made where it was asked for, and nobody else chooses.
    grid = await answered(await ada.says(group, "/mix 1 2"))
    assert grid.labels[-1] == "🚩 Report"
    group.add(bo)
    for name in ("3", "Shape", "Again"):
        assert (await (await bo.press(grid, name)).answer()).text == NOT_YOURS
    pressed = await ada.press(grid, "3")
    child = await newest(telegram, group, grid, lambda shown: shown.photo)
    assert (await pressed.answer()).text and "Mix" in str(child.labels)
    lead = await (await ada.press(child, "Family")).answer()
    assert lead.url and lead.url.startswith("https://t.me/huashen_bot?start=family-")
    tree = await (await ada.says(ada.dm, f"/start {lead.url.partition('=')[2]}")).answered()
    assert tree.text.split("\n") == ["Made of", "2. a fox", "3. an owl"]


async def test_deleting_a_child_leaves_its_siblings(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await owned(bot.house, telegram, ada, "an owl", "a fox")
    grid = await answered(await ada.says(ada.dm, "/mix 1 2"))
    await ada.press(grid, "1")
    child = await newest(telegram, ada.dm, grid, lambda shown: shown.photo)
    await ada.press(child, "Delete")
    await child.until(lambda shown: len(shown.labels) == 2)
    await ada.press(child, "Back")
    await child.until(lambda shown: "🗑️ Delete" in shown.labels and "🔍 Enlarge" in shown.labels)
    await ada.press(child, "Delete")
    await child.until(lambda shown: len(shown.labels) == 2)
    await ada.press(child, "Delete")
    await child.until(lambda shown: shown.deleted)
    await grid.until(lambda shown: shown.labels[:9] == [*GRID[:8], "Shape 🎲"])
    assert not grid.deleted


# ------------------------------------------------------- animations, larger, painted anew


async def test_pictures_turn_into_each_other(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    owl, fox = await owned(home, telegram, ada, "an owl", "a fox")
    said = await ada.says(ada.dm, "/morph 2 1")
    shown = await answered(said)
    assert frames(shown.animation) == ("GIF", (64, 64), 6) and len(said.every_reply) == 1
    assert shown.labels == ["⬇️ Download", "🗑️ Delete", "🌳 Family"] and shown.file_name == "morph-0.gif"
    asked = home.engine.requests[-1]
    assert isinstance(asked, Morphing) and asked.images == (owl.photo, fox.photo)
    await ada.press(shown, "Download")
    file = await newest(telegram, ada.dm, shown, lambda shown: shown.document)
    assert frames(file.document)[0] == "WEBP"
    # It is in the gallery, from where it is shown without being sent up again, and is no picture to begin from.
    gallery = await (await ada.says(ada.dm, "/gallery")).answered()
    await ada.press(gallery, "🖼️ 1")
    await newest(telegram, ada.dm, gallery, lambda message: message.animation == shown.animation)
    assert telegram.asked("sendAnimation")[-1].files == {}
    assert "please choose a still picture" in await told(await ada.says(ada.dm, "/upscale 1"))
    home.clock.time += 60
    await ada.press(fox, "Morph")
    chooser = await newest(telegram, ada.dm, file, lambda shown: "① 2" in shown.labels)
    assert "🖼️ 1" not in chooser.labels
    await ada.press(chooser, "🖼️ 3")
    await chooser.until(lambda shown: "🎞️ Morph" in shown.labels)
    await ada.press(chooser, "Morph")
    await chooser.until(lambda shown: shown.animation)
    [job, *_] = await bot.jobs(ada)
    assert isinstance(job.request, MorphRequest) and len(job.parents) == 2


async def test_a_picture_is_enlarged(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    [fox] = await owned(home, telegram, ada, "a fox")
    for said in (
        await ada.says(ada.dm, "/upscale 1 --scale 4"),
        await ada.says(ada.dm, "/upscale --scale 4", reply_to=fox.id),
    ):
        shown = await answered(said)
        assert frames(shown.photo)[1] == (256, 256) and "Here it is, larger." in shown.text
        home.clock.time += 60
    [job, *_] = await bot.jobs(ada)
    assert isinstance(job.request, UpscaleRequest) and len(job.parents) == 1
    await ada.press(fox, "Enlarge")
    await newest(telegram, ada.dm, shown, lambda shown: shown.photo and frames(shown.photo)[1] == (128, 128))
    chooser = await (await ada.says(ada.dm, "/upscale")).answered()
    assert chooser.text.endswith("Which picture?")
    await ada.press(chooser, "🖼️ 4")
    await chooser.until(lambda shown: "Here it is, larger." in shown.text)
    asked = home.engine.requests[-1]
    assert isinstance(asked, Upscaling) and asked.image == fox.photo


async def test_a_picture_is_painted_anew_in_a_style_with_other_words(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    home.engine.description = SEEN
    page = await (await ada.sends_photo(ada.dm, png("red", 300), "/restyle")).answered()
    assert page.text.startswith("green hair, round glasses\nThis is what I see.")
    assert "Pixel art" in page.labels and "Restyle" not in str(page.labels)
    await ada.press(page, "Pixel art")
    await page.until(lambda shown: {"Style: Pixel art", "Change: some", "🖌️ Restyle"} <= set(shown.labels))
    page = await (await ada.says(ada.dm, "a knight", reply_to=page.id)).answered()
    assert page.text.startswith("a knight\n")
    await ada.press(page, "Change")
    await page.until(lambda shown: "a lot" in shown.labels)
    await ada.press(page, "a lot")
    await page.until(lambda shown: "Change: a lot" in shown.labels)
    await ada.press(page, "Restyle")
    await page.until(lambda shown: "Here it is, painted anew." in shown.text and shown.photo)
    asked = home.engine.requests[-1]
    assert isinstance(asked, TextToImage) and (asked.image, asked.strength) == (png("red", 300), 0.9)
    assert "a knight" in asked.prompt
    home.clock.time += 60
    await ada.press(page, "Edit")
    page = await newest(telegram, ada.dm, page, lambda shown: "🖌️ Restyle" in shown.labels and not shown.photo)
    assert page.text.startswith("a knight\n") and {"Style: Pixel art", "Change: a lot"} <= set(page.labels)


async def test_a_style_or_a_manner_can_be_typed(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    home.engine.description = SEEN
    owl, fox = await owned(home, telegram, ada, "an owl", "a fox")
    shown = await answered(await ada.says(ada.dm, "/restyle 2 --style pixel"))
    assert "I drew it from what I saw: green hair, round glasses" in shown.text
    home.clock.time += 60
    await answered(await ada.says(ada.dm, "/restyle 3 2"))
    asked = home.engine.requests[-1]
    assert isinstance(asked, StyleTransfer) and (asked.content, asked.style) == (owl.photo, fox.photo)
    await ada.press(owl, "Restyle")
    page = await newest(telegram, ada.dm, shown, lambda shown: shown.text.startswith("an owl\n"))
    await ada.press(page, "Robot")
    await page.until(lambda shown: "🖌️ Restyle" in shown.labels)
    home.clock.time += 60
    await ada.press(page, "Restyle")
    await page.until(lambda shown: shown.photo)
    [job, *_] = await bot.jobs(ada)
    assert isinstance(job.request, RestyleRequest) and (job.request.style, len(job.parents)) == ("robot", 1)
    assert job.request.prompt == "an owl"


# --------------------------------------------------------- pictures that say themselves


async def test_a_picture_is_captioned_from_what_it_shows(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob, bot.house.engine.description = group.member("Bob"), SEEN
    photo = await bob.sends_photo(group, png(size=300), "/caption --count 2")
    shown = await photo.answered(finished)
    assert "I see: A portrait with green hair." in shown.text and "Your 2 captions" in shown.text
    [job] = await bot.jobs(bob)
    assert isinstance(job.request, CaptionRequest) and job.request.pictured and job.request.topic == ""
    bot.house.clock.time += 60
    await bob.press(shown, "Edit")
    page = await newest(telegram, group, shown, lambda shown: "Write it" in str(shown.labels))
    assert page.text == "About what your picture shows"
    await bob.press(page, "Write it")
    await page.until(lambda shown: "I see: A portrait with green hair." in shown.text)


async def test_a_photo_in_private_is_offered_everything(bot: Bot, ada: Person, telegram: StandIn) -> None:
    home = bot.house
    home.engine.description = SEEN
    for name, wanted in (
        ("Write it", "About what your picture shows"),
        ("Restyle", "green hair, round glasses"),
        ("Enlarge", "Here it is, larger."),
    ):
        photo = await ada.sends_photo(ada.dm, png("red", 300))
        offer = await photo.answered()
        assert offer.labels == ["🎨 Draw it", "✍️ Write it", "🖌️ Restyle", "🔍 Enlarge"]
        await ada.press(offer, name)
        await offer.until(lambda shown, wanted=wanted: wanted in shown.text and shown.labels)
    asked = home.engine.requests[-1]
    assert isinstance(asked, Upscaling) and asked.image == png("red", 300)
    home.engine.description = None
    home.clock.time += 60
    offer = await (await ada.sends_photo(ada.dm, png("red", 300))).answered()
    await ada.press(offer, "Restyle")
    question = await newest(telegram, ada.dm, offer, lambda shown: shown.force_reply)
    assert question.text == "What is in the picture?"
    page = await (await ada.says(ada.dm, "a wolf")).answered()
    assert page.text.startswith("a wolf\n") and "Pixel art" in page.labels


async def test_candidates_and_wildness_are_typed_and_what_came_is_refined(
    bot: Bot, ada: Person, telegram: StandIn
) -> None:
    said = await ada.says(ada.dm, "/avatar a red fox —candidates 4 —model gan —wildness 0.9")
    shown = await said.answered(finished)
    assert shown.photo and "Shown: what fits your words best" in shown.text and "🪄 Refine" in shown.labels
    asked = bot.house.engine.requests[0]
    assert isinstance(asked, TextToImage) and (asked.model, asked.num_images, asked.truncation_psi) == ("gan", 4, 0.9)
    bot.house.clock.time += 60
    await ada.press(shown, "Refine")
    await newest(telegram, ada.dm, shown, lambda message: message.photo and finished(message))
    [job, *_] = await bot.jobs(ada)
    assert isinstance(job.request, AvatarRequest) and job.request.model == "default" and len(job.parents) == 1


# ------------------------------------------------------------------ what goes otherwise


async def test_what_is_held_blocked_or_fails_says_so_in_the_same_message(
    bot: Bot, ada: Person, telegram: StandIn
) -> None:
    home = bot.house
    await owned(home, telegram, ada, "an owl", "a fox")
    home.moderator.picture_score = 0.95
    assert "it looks like sexual content" in await told(await ada.says(ada.dm, "/mix 1 2"))
    photo = await ada.sends_photo(ada.dm, png("red", 300), "/restyle")
    assert "it looks like sexual content" in await told(photo)
    home.moderator.picture_score = 0.7
    held = await (await ada.says(ada.dm, "/upscale 1")).answered(lambda shown: shown.labels)
    assert "moderator" in held.text and held.labels == ["⏹️ Cancel"]
    home.moderator.picture_score = 0.0
    home.engine.error = EngineError("broken")
    failed = await (await ada.says(ada.dm, "/mix 1 2")).answered(lambda shown: "⏹️" in shown.text)
    home.engine.error = None
    await ada.press(failed, "Edit")
    chooser = await newest(telegram, ada.dm, failed, lambda shown: shown.photo)
    assert {"① 1", "② 2", "🧬 Mix"} <= set(chooser.labels)


async def test_what_cannot_be_done_is_one_sentence(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await owned(bot.house, telegram, ada, "a fox --seed 60")
    for line, sentence in (
        ("/mix 7 1", "There is no picture 7 in your gallery; pictures in it: 1."),
        ("/mix 1 1", "Please choose two different pictures."),
        ("/mix 1 1 1", "Pictures that /mix needs: 2."),
        ("/mix --coarse 2", "coarse"),
        ("/mix --style pixel", "--style"),
        ("/morph 1 1 1 1 1 1", "An animation leads through 2 to 5 pictures."),
        ("/upscale 1 --scale 3", "A picture cannot be made 3 times larger; these work: 2, 4."),
        ("/restyle 1 --style nonsense", "nonsense"),
        ("/restyle 1 --strength much", "much"),
        ("/restyle nothing", "No single picture of yours is meant by 'nothing'."),
        ("/find", "What shall I look for?"),
        ("/find blue sky", "Nothing in your gallery fits these words."),
    ):
        shown = await (await ada.says(ada.dm, line)).answered()
        assert sentence in shown.text and "\n" not in shown.text and not shown.photo, line
    assert len(await bot.jobs(ada)) == 1


async def test_a_message_with_several_pictures_is_no_first_one(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await owned(bot.house, telegram, ada, "an owl", "a fox")
    gallery = await (await ada.says(ada.dm, "/gallery")).answered()
    assert "There are several pictures in that message." in await told(
        await ada.says(ada.dm, "/mix 1", reply_to=gallery.id)
    )


async def test_an_altered_button_is_refused(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await owned(bot.house, telegram, ada, "an owl", "a fox")
    chooser = await (await ada.says(ada.dm, "/mix")).answered()
    draft = chooser.button("Never mind")["callback_data"].split(":")[2]
    grid = await answered(await ada.says(ada.dm, "/mix 1 2"))
    job = grid.button("Again")["callback_data"].split(":")[2]
    await ada.deletes(chooser)
    for data in (
        f"h1:pick-page:{draft}:nonsense",
        f"h1:shares:{job}:1.2",
        f"h1:bred:{job}:x.x.9999",
        f"h1:pick:{draft}:nothing",
        f"h1:draft-options:{draft}:style",
    ):
        assert (await (await ada.presses_raw(chooser, data)).answer()).text, data
    assert len(await bot.jobs(ada)) == 3
