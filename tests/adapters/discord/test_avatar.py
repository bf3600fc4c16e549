"""/avatar with each of its options, wherever Discord offers it."""

import pytest

from bot import prompting
from bot.domain.requests import AvatarRequest
from engines.contract import TextToImage
from tests.adapters.discord.bot import Bot, drawn, finished, told
from tests.adapters.discord.wire import File, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.fakes import png


def asked(bot: Bot) -> TextToImage:
    """What the engine was asked last."""
    request = bot.house.engine.requests[-1]
    assert isinstance(request, TextToImage)
    return request


async def test_the_picture_comes_in_the_message_that_acknowledged_it(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight with a green cape", seed=7)
    assert (await turn.acknowledged()).type == 5
    shown = await turn.message_matching(finished)
    assert turn.acknowledgements == 1 and shown.id == turn.original.id  # type: ignore[union-attr]
    assert not shown.ephemeral
    assert shown.text.split("\n") == ["> a knight with a green cape", "✨ Your avatar is ready.", "-# seed 7 · 3 steps"]
    assert shown.attachments[0]["description"] == "a knight with a green cape"
    expected = ["Again", "Edit prompt", "Variations", "Use as base", "Download", "As a circle", "Report", "Delete"]
    assert shown.labels == expected


async def test_every_option_reaches_the_engine(bot: Bot, guild: Guild) -> None:
    mine = png("red", 80)
    options = {"style": "pixel", "strength": 0.3, "count": 2, "seed": 41, "negative": "hats"}
    shown = await drawn(guild.member("Ada"), "a knight", **options, **{"from": File("me.png", mine)})
    wanted = AvatarRequest("a knight", "hats", "pixel", 41, 2, strength=0.3, image=mine)
    assert asked(bot) == prompting.text_to_image(wanted, mine)
    assert asked(bot).image == mine
    assert "Pixel art · seed 41" in shown.text


async def test_several_pictures_are_a_grid_with_files_buttons_and_a_menu(bot: Bot, guild: Guild) -> None:
    shown = await drawn(guild.member("Ada"), count=4, seed=1)
    names = [attachment["filename"] for attachment in shown.attachments]
    assert names == ["pictures.webp", *(f"a-knight-{seed}.png" for seed in (1, 2, 3, 4))]
    assert shown.attachments[0]["width"] > shown.attachments[1]["width"]
    assert len(shown.embeds) == 1
    assert shown.labels == ["Again", "Edit prompt", *(f"Variations {number}" for number in (1, 2, 3, 4))]
    assert len(shown.menu("With one of the pictures …")["options"]) == 20
    assert len(shown.menu("Studio")["options"]) == 20
    assert "Your 4 avatars are ready." in shown.text


async def test_in_private_only_the_member_sees_it_and_what_comes_of_it(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await drawn(ada, private=True)
    assert shown.ephemeral
    turn = await ada.press(shown, "Again")
    again = await turn.message_matching(finished)
    assert again.ephemeral
    form = await ada.press(again, "Edit prompt")
    await form.acknowledged()
    edited = await (await ada.submit(form, {"prompt": "a queen"})).message_matching(finished)
    assert edited.ephemeral
    assert all(job.request.private for job in await bot.jobs(ada, guild))


async def test_what_is_made_from_the_gallery_is_private(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await drawn(ada)
    shelf = await (await ada.slash("gallery")).answered()
    opened = await (await ada.choose(shelf, "1: a knight")).answered()
    again = await (await ada.press(opened, "Variations")).message_matching(finished)
    assert again.ephemeral
    assert [job.request.private for job in await bot.jobs(ada, guild)].count(True) == 1


@pytest.mark.parametrize("prompt", ["block me", "   "])
async def test_a_refusal_is_for_the_asker_alone_and_leaves_nothing_behind(
    prompt: str, bot: Bot, guild: Guild, discord: StandIn
) -> None:
    turn = await guild.member("Ada").slash("avatar", prompt=prompt)
    assert not (await told(turn)).buttons
    await discord.until(lambda: all(message.ephemeral for message in discord.messages(guild.general)))


async def test_a_prompt_that_is_held_says_so(bot: Bot, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="hold me")
    shown = await turn.message_matching(lambda message: "A moderator will take a look first." in message.text)
    # Everybody reads that it waits; the words, and why, are the member's own affair.
    assert not shown.ephemeral and "hold me" not in shown.text and "violence" not in shown.text
    assert "(violence)" in (await told(turn)).text
    await (await ada.press(shown, "Cancel")).acknowledged()
    await discord.until(lambda: "Stopped." in shown.text)


async def test_a_file_that_is_too_large_is_not_even_fetched(bot: Bot, guild: Guild) -> None:
    huge = File("huge.png", bytes(10 * 2**20 + 1))
    turn = await guild.member("Ada").slash("avatar", prompt="a knight", **{"from": huge})
    assert "That picture is too large: 10 MB is the most." in (await told(turn)).text
    assert not bot.house.engine.requests


async def test_styles_are_suggested_in_the_members_language(bot: Bot, guild: Guild) -> None:
    for locale, typed, name in (("en-US", "pix", "Pixel art"), ("de", "", "Pixel-Art"), ("zh-CN", "像素", "像素")):
        offered = await guild.member(f"from-{locale}", locale=locale).complete("avatar", "style", typed)
        assert name in {choice["name"] for choice in offered}, offered
        assert {choice["value"] for choice in offered} <= set(prompting.styles())
    assert await guild.member("Ada").complete("avatar", "style", "no such style") == []


async def test_a_style_may_be_typed_by_the_name_that_is_shown(bot: Bot, guild: Guild) -> None:
    german = guild.member("Ada", locale="de")
    (choice,) = (choice for choice in await german.complete("avatar", "style", "") if choice["value"] == "pixel")
    await drawn(german, style=choice["name"].upper())
    (job,) = await bot.jobs(german, guild)
    assert isinstance(job.request, AvatarRequest) and job.request.style == "pixel"


async def test_a_style_that_there_is_not(bot: Bot, guild: Guild) -> None:
    turn = await guild.member("Ada").slash("avatar", prompt="a knight", style="cubism")
    assert "There is no style called “cubism”" in (await told(turn)).text


async def test_the_sentences_are_in_the_members_language(bot: Bot, guild: Guild, discord: StandIn) -> None:
    for locale, sentence in (("de", "Dein Avatar ist fertig"), ("ja", "アバター"), ("pt-BR", "avatar")):
        shown = await drawn(guild.member(f"from-{locale}", locale=locale))
        assert sentence.lower() in shown.text.lower()
        assert "Again" not in shown.labels
    shown = await drawn(guild.member("Aino", locale="fi"))
    assert "Your avatar is ready." in shown.text


async def test_where_the_bot_is_not_a_member_brings_it_along(bot: Bot, discord: StandIn) -> None:
    elsewhere = discord.guild("Elsewhere", bot=False)
    ada, bo = elsewhere.member("Ada", installed=True), elsewhere.member("Bo")
    assert not bo.offered("avatar")
    for place in (elsewhere.general, ada.dm, discord.private_channel(ada, bo)):
        turn = await ada.slash("avatar", place, prompt="a knight")
        shown = await turn.message_matching(finished)
        pressed = await ada.press(shown, "Again")
        await pressed.message_matching(finished)
        if place is elsewhere.general:
            assert "somebody else" in (await told(await bo.press(shown, "Again"))).text
    async with bot.house.transaction() as tx:
        member = await tx.members.resolve(bot.origin(ada, elsewhere))
        communities = {job.origin.community_id for job in await tx.jobs.of_member(member.id, 50)}
    assert communities == {None}


async def test_the_commands_say_what_they_take_in_every_language(bot: Bot, discord: StandIn) -> None:
    commands = {command["name"]: command for command in discord.commands[None]}
    assert set(commands) >= {"avatar", "caption", "gallery", "quota", "jobs", "help", "Caption this picture"}
    studio = "mix", "morph", "restyle", "upscale", "find"
    for name in ("avatar", "caption", *studio, "gallery", "quota", "jobs", "help"):
        assert sorted(commands[name]["integration_types"]) == [0, 1]
        assert sorted(commands[name]["contexts"]) == [0, 1, 2]
        assert "de" in commands[name]["description_localizations"]
    options = {option["name"]: option for option in commands["avatar"]["options"]}
    names = ["prompt", "style", "from", "picture", "strength", "count", "seed", "negative", "model"]
    assert list(options) == [*names, "wildness", "candidates", "private"]
    assert options["prompt"]["required"] and options["prompt"]["max_length"] == 1000
    assert (options["count"]["min_value"], options["count"]["max_value"]) == (1, 4)
    assert options["style"]["autocomplete"]
    assert all("de" in option["description_localizations"] for option in options.values())
    lengths = {option["name"]: option for option in commands["caption"]["options"]}["length"]["choices"]
    assert [choice["value"] for choice in lengths] == ["short", "normal", "long"]
    assert all("de" in choice["name_localizations"] for choice in lengths)


async def test_a_model_on_offer_is_asked_and_stays_when_the_words_are_edited(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    assert [choice["value"] for choice in await ada.complete("avatar", "model", "la")] == ["large"]
    assert [choice["value"] for choice in await ada.complete("caption", "model", "")] == ["embedded"]
    shown = await drawn(ada, "a knight", model="large")
    assert asked(bot).model == "large"
    form = await ada.press(shown, "Edit prompt")
    await form.acknowledged()
    again = await ada.submit(form, {"prompt": "a fox"})
    await again.message_matching(finished)
    assert (asked(bot).prompt, asked(bot).model) == ("a fox", "large")


async def test_a_model_that_nobody_has_is_refused_at_once(bot: Bot, guild: Guild) -> None:
    answer = await told(await guild.member("Ada").slash("avatar", prompt="a knight", model="huge"))
    assert answer.text == "The model “huge” is not on offer in this community."
    assert not bot.house.engine.requests
