"""/mix, /morph, /upscale, /restyle and /find, and what can be made of pictures that are there."""

import io
from typing import Any

import pytest
from PIL import Image

from adapters.discord import restyling
from bot.domain.jobs import Job
from bot.domain.requests import AvatarRequest, MixRequest, MorphRequest, RestyleRequest, Source, UpscaleRequest
from engines.contract import ImageMixing, Morphing, StyleTransfer, TextToImage, Upscaling
from tests.adapters.discord.bot import Bot, delete, drawn, told
from tests.adapters.discord.wire import File, Shown, StandIn
from tests.adapters.discord.wire.forms import asked as fields_of
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.adapters.discord.wire.turns import Turn
from tests.adapters.test_pictures import opened
from tests.fakes import SEEN, png

NUMBERS = [str(number) for number in range(1, 10)]


async def ready(turn: Turn, sentence: str) -> Shown:
    """A finished answer, by what it says."""
    return await turn.message_matching(lambda message: sentence in message.text and message.attachments)


async def grid(person: Person, **options: Any) -> Shown:
    """The finished answer to /mix."""
    return await ready(await person.slash("mix", **options), "Here are their children")


async def gallery(bot: Bot, person: Person, guild: Guild) -> list[str]:
    """The ids of a member's pictures, newest first."""
    async with bot.house.transaction() as tx:
        member = await tx.members.resolve(bot.origin(person, guild))
        return [artifact.id for artifact in await tx.artifacts.of_member(member.id, 50)]


async def newest(bot: Bot, person: Person, guild: Guild) -> Job:
    """What a member asked for last; what comes next is newer."""
    job = (await bot.jobs(person, guild))[0]
    bot.house.clock.time += 1
    return job


async def two(bot: Bot, guild: Guild) -> Person:
    """Somebody with two avatars: a fox, and newer, a heron."""
    ada = guild.member("Ada")
    await drawn(ada, "a fox", seed=1)
    bot.house.clock.time += 1
    await drawn(ada, "a heron", seed=2)
    bot.house.clock.time += 1
    return ada


async def test_a_grid_of_children_from_two_pictures_of_the_gallery(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    offered = await ada.complete("mix", "first", "")
    assert [choice["name"] for choice in offered] == ["1: a heron", "2: a fox"]
    assert [choice["name"] for choice in await ada.complete("mix", "second", "FOX")] == ["2: a fox"]
    assert (await ada.complete("mix", "second", "2"))[0]["name"] == "2: a fox"
    bot.house.engine.description = SEEN
    turn = await ada.slash("mix", first=offered[0]["value"], second="2", shape=0.25)
    assert (await turn.acknowledged()).type == 5
    shown = await ready(turn, "Here are their children: choose the ones that you want to keep.")
    assert shown.labels == ["Again", *NUMBERS]
    (sheet,) = shown.attachments
    assert sheet["description"].startswith("1: A portrait with green hair.; 2: ")
    assert opened(shown.files[0] or b"").width == 3 * 64 + 2 * 8
    heron, fox = await gallery(bot, ada, guild)
    job = await newest(bot, ada, guild)
    assert job.request == MixRequest(Source(heron), Source(fox), coarse=0.25, seed=job.request.seed)  # type: ignore[union-attr]


async def test_a_child_is_chosen_and_is_an_avatar_of_ones_own(bot: Bot, guild: Guild, discord: StandIn) -> None:
    ada = await two(bot, guild)
    shown = await grid(ada, first="1", second="2")
    assert len(await gallery(bot, ada, guild)) == 2
    child = await told(await ada.press(shown, "5"))
    assert child.text.startswith("✨ It is in your gallery now.")
    assert "Variations" in child.labels and len(child.attachments) == 1
    assert len(await gallery(bot, ada, guild)) == 3
    await discord.until(lambda: shown.button("5")["style"] == 3)
    await told(await ada.press(shown, "5"))
    assert len(await gallery(bot, ada, guild)) == 3
    other = await told(await guild.member("Bo").press(shown, "4"))
    assert "belongs to somebody else" in other.text
    family = await told(await ada.choose(child, "Family"))
    assert family.text == "**Made of: 1, 2**"
    refined = await ready(await ada.choose(child, "Refine"), "ready")
    assert refined.ephemeral and isinstance(bot.house.engine.requests[-1], TextToImage)


async def test_more_of_one_of_them(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    shown = await grid(ada, first="1", second="2")
    bot.house.clock.time += 1
    for choice, shares in (
        ("More of the second", (0.75, 0.75, 0.75)),
        ("Shape: as in the first", (0.0, 0.75, 0.75)),
        ("More of the first", (0.0, 0.5, 0.5)),
        ("All by chance", (None, None, None)),
    ):
        shown = await ready(await ada.choose(shown, choice, menu="How much comes from the second"), "their children")
        request = (await newest(bot, ada, guild)).request
        assert isinstance(request, MixRequest)
        assert (request.coarse, request.middle, request.fine) == shares
    assert len(await gallery(bot, ada, guild)) == 2


async def test_mixing_what_was_sent_with_what_is_there_for_nobody_else(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    mine = png("red", 80)
    shown = await grid(ada, second="1", image1=File("me.png", mine), private=True)
    assert shown.ephemeral
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, ImageMixing) and asked.first == mine and asked.second != mine


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("mix", {"first": "1"}, "Pictures that /mix needs: 2."),
        ("mix", {"first": "1", "second": "1"}, "Please choose two different pictures."),
        ("mix", {"first": "1", "second": "9"}, "There is no picture 9 in your gallery; pictures in it: 1."),
        ("mix", {"first": "1", "second": "a fox"}, "No single picture of yours is meant by 'a fox'."),
        ("mix", {"first": "1", "image2": File("a.txt", b"words")}, "That file is not a picture we can read."),
        ("morph", {"picture1": "1"}, "An animation leads through 2 to 5 pictures."),
        ("upscale", {}, "Pictures that /upscale needs: 1."),
        ("upscale", {"picture": "1", "image": File("me.png", png())}, "One picture is enough"),
        ("restyle", {}, "Pictures that /restyle needs: 1."),
        ("restyle", {"picture": "1", "style": "pixel", "like": "1"}, "one of the two"),
        ("find", {"words": " "}, "What shall I look for?"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_for_the_asker(
    command: str, options: dict[str, object], sentence: str, bot: Bot, guild: Guild
) -> None:
    ada = guild.member("Ada")
    await drawn(ada, "a fox")
    assert sentence in (await told(await ada.slash(command, **options))).text


async def test_an_animation_plays_as_it_was_made(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    turn = await ada.slash("morph", picture1="2", picture2="1", image3=File("me.png", png("red")))
    shown = await ready(turn, "Here is your animation.")
    (animation,) = shown.attachments
    assert animation["filename"].endswith(".webp") and not shown.embeds
    assert getattr(Image.open(io.BytesIO(shown.files[0] or b"")), "n_frames", 1) == 6
    assert shown.labels == ["Download", "Report", "Delete"]
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, Morphing) and len(asked.images) == 3 and asked.images[2] == png("red")
    # It is in the gallery, and keeps its number there, but nothing can be made of it.
    assert [choice["name"][:2] for choice in await ada.complete("upscale", "picture", "")] == ["2:", "3:"]
    reported = await guild.member("Bo").message_menu("Report this picture", shown)
    await reported.acknowledged()
    assert reported.modal is not None


async def test_a_picture_is_enlarged_from_the_command_and_from_its_menu(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    shown = await ready(await ada.slash("upscale", picture="1", scale=4), "Here it is, larger.")
    assert opened(shown.files[0] or b"").width == 256
    fox = await drawn(ada, "another fox", seed=3)
    bot.house.clock.time += 1
    larger = await ready(await ada.choose(fox, "Enlarge"), "larger")
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, Upscaling) and asked.image == fox.files[0]
    assert not larger.ephemeral
    request = (await bot.jobs(ada, guild))[0].request
    assert isinstance(request, UpscaleRequest)


async def test_what_is_seen_is_asked_about_before_a_picture_is_painted_anew(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    bot.house.engine.description = SEEN
    turn = await ada.slash("restyle", image=File("me.png", png("red")), strength=0.4, private=True)
    await turn.acknowledged()
    assert fields_of(turn.modal or {}) == ["prompt", "style", "strength"]
    assert "green hair, round glasses" in str(turn.modal) and "This is what I see." in str(turn.modal)
    sent = await ada.submit(turn, {"prompt": "blue hair", "style": "pixel"})
    assert (await ready(sent, "painted anew")).ephemeral
    job = await newest(bot, ada, guild)
    assert isinstance(job.request, RestyleRequest)
    assert (job.request.prompt, job.request.style, job.request.strength) == ("blue hair", "pixel", 0.4)
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, TextToImage) and asked.image == png("red")
    again = await told(await ada.submit(turn, {"prompt": "red hair", "style": "pixel"}))
    assert "no longer" in again.text or "send" in again.text.lower()


async def test_a_picture_that_cannot_be_read_is_painted_with_the_words_of_the_form(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("restyle", image=File("me.png", png("red")), style="pixel")
    await turn.acknowledged()
    await ready(await ada.submit(turn, {"prompt": "a fox"}), "painted anew")
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, RestyleRequest) and (request.prompt, request.style) == ("a fox", "pixel")


async def test_reading_that_takes_long_leaves_the_words_to_the_job(
    bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restyling, "PATIENCE", 0.3)
    bot.house.engine.description = SEEN
    bot.house.engine.gate.clear()
    ada = guild.member("Ada")
    turn = await ada.slash("restyle", image=File("me.png", png("red")), style="pixel")
    await turn.acknowledged()
    assert turn.modal is not None and "green hair" not in str(turn.modal)
    bot.house.engine.gate.set()
    shown = await ready(await ada.submit(turn, {"style": "pixel"}), "painted anew")
    assert "I drew it from what I saw: green hair, round glasses" in shown.text


async def test_a_blocked_picture_is_refused_before_there_is_a_form(bot: Bot, guild: Guild) -> None:
    bot.house.moderator.picture_score = 0.95
    turn = await guild.member("Ada").slash("restyle", image=File("me.png", png("red")), style="pixel")
    assert "This cannot be made here" in (await told(turn)).text and turn.modal is None


async def test_words_and_style_or_a_manner_need_no_form(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    await ready(await ada.slash("restyle", picture="1", style="Pixel art", prompt="a crane"), "painted anew")
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, RestyleRequest) and (request.prompt, request.style) == ("a crane", "pixel")
    manner = {"like-image": File("a.png", png("red"))}
    shown = await ready(await ada.slash("restyle", picture="2", **manner), "painted anew")
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, StyleTransfer) and asked.style == png("red")
    form = await ada.press(shown, "Edit prompt")
    await form.acknowledged()
    assert fields_of(form.modal or {}) == ["strength"]
    await ready(await ada.submit(form, {"strength": "0.9"}), "painted anew")
    asked = bot.house.engine.requests[-1]
    assert isinstance(asked, StyleTransfer) and (asked.style, asked.strength) == (png("red"), 0.9)


async def test_restyle_under_a_picture_begins_from_its_own_words(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await drawn(ada, "a fox", count=2, seed=4)
    form = await ada.choose(shown, "2: Restyle")
    await form.acknowledged()
    assert "a fox" in str(form.modal)
    assert not (await ready(await ada.submit(form, {"style": "pixel"}), "painted anew")).ephemeral
    assert bot.house.engine.requests[-1].image == shown.files[2]  # type: ignore[union-attr]


async def test_pictures_are_found_by_words(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    for seed, prompt in ((0, "a fox"), (120, "a frog"), (240, "a whale")):
        await drawn(ada, prompt, seed=seed)
    found = await told(await ada.slash("find", words="something green"))
    assert found.text == "**These fit best, the best first.**"
    assert [option["label"] for option in found.menu("Open one …")["options"]] == ["1: a frog"]
    frog = await told(await ada.choose(found, "1: a frog"))
    assert frog.ephemeral and "> a frog" in frog.text
    bo = guild.member("Bo")
    assert (await told(await bo.slash("find", words="green"))).text == "Nothing in your gallery fits these words."


async def test_the_second_picture_is_chosen_from_the_recent_ones(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    shown = await drawn(ada, "a wolf", seed=3)
    bot.house.clock.time += 1
    wolf, heron, fox = await gallery(bot, ada, guild)
    panel = await told(await ada.choose(shown, "Mix"))
    assert panel.text == "**Mix it with which picture?**"
    assert [option["label"] for option in panel.menu(None)["options"]] == ["1: a heron", "2: a fox"]
    children = await ready(await ada.choose(panel, "2: a fox"), "their children")
    assert not children.ephemeral
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, MixRequest) and (request.first, request.second) == (Source(wolf), Source(fox))
    panel = await told(await ada.choose(shown, "Morph"))
    moving = await ready(await ada.choose(panel, "1: a heron", "2: a fox"), "animation")
    assert not moving.ephemeral
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, MorphRequest) and request.pictures == (Source(wolf), Source(heron), Source(fox))


async def test_who_has_just_one_picture_has_none_to_mix_it_with(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await drawn(ada, "a fox")
    assert "no other picture" in (await told(await ada.choose(shown, "Mix"))).text
    assert "wild" not in (await told(await ada.choose(shown, "Family"))).text
    for action in ("Mix", "Morph", "Restyle", "Family", "Enlarge"):
        assert "belongs to somebody else" in (await told(await guild.member("Bo").choose(shown, action))).text


async def test_pictures_marked_in_the_gallery_are_mixed_or_morphed(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    shelf = await told(await ada.slash("gallery"))
    marked = await told(await ada.choose(shelf, "1: a heron", "2: a fox"))
    assert marked.text == "**Chosen pictures**" and marked.labels == ["Mix", "Morph"]
    children = await ready(await ada.press(marked, "Mix"), "their children")
    assert children.ephemeral
    await newest(bot, ada, guild)
    moving = await ready(await ada.press(marked, "Morph"), "animation")
    assert moving.ephemeral
    heron, fox = (await gallery(bot, ada, guild))[1:]
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, MorphRequest) and request.pictures == (Source(heron), Source(fox))


async def test_what_the_screens_hold_or_block_of_a_mix(bot: Bot, guild: Guild) -> None:
    ada = await two(bot, guild)
    bot.house.moderator.picture_score = 0.95
    blocked = await told(await ada.slash("mix", image1=File("a.png", png("red")), second="1"))
    assert "This cannot be made here" in blocked.text
    bot.house.moderator.picture_score = 0.7
    turn = await ada.slash("mix", first="1", second="2")
    shown = await turn.message_matching(lambda message: "moderator" in message.text.lower())
    assert not shown.attachments
    assert "belongs" not in (await told(turn)).text


async def test_options_of_a_style_based_model_reach_it_and_stay(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await drawn(ada, "a fox", wildness=0.8, candidates=4)
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, AvatarRequest) and (request.wildness, request.candidates) == (0.8, 4)
    assert "Drawn: 4." in shown.text
    form = await ada.press(shown, "Edit prompt")
    await form.acknowledged()
    await ready(await ada.submit(form, {"prompt": "a wolf"}), "ready")
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, AvatarRequest)
    assert (request.prompt, request.wildness, request.candidates) == ("a wolf", 0.8, 4)
    turn = await ada.slash("avatar", prompt="a fox", picture="1")
    await ready(turn, "ready")
    request = (await newest(bot, ada, guild)).request
    assert isinstance(request, AvatarRequest) and request.base is not None


async def test_the_studio_comes_along_into_direct_messages(bot: Bot, discord: StandIn) -> None:
    ada = discord.user("Ada", installed=True)
    for prompt in ("a fox", "a heron"):
        await drawn(ada, prompt)
    shown = await grid(ada, first="1", second="2")
    child = await told(await ada.press(shown, "9"))
    assert "in your gallery now" in child.text
    await delete(ada, child)
    assert (await told(await ada.slash("find", words="red"))).text
