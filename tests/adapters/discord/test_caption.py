"""/caption and 'Caption this picture': words from words, or about what is seen in a picture, or said to be in it."""

import pytest

from adapters.discord import captioning
from bot.domain.requests import CaptionRequest, Length
from tests.adapters.discord.bot import Bot, drawn, told, written
from tests.adapters.discord.wire import File, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.fakes import SEEN, WORDS, png


async def requested(bot: Bot, person: Person, guild: Guild) -> CaptionRequest:
    """What the member asked for last."""
    request = (await bot.jobs(person, guild))[0].request
    assert isinstance(request, CaptionRequest)
    return request


async def test_captions_come_with_what_can_be_done_next(bot: Bot, guild: Guild) -> None:
    shown = await written(guild.member("Ada"))
    assert shown.text.startswith("> a sunset hike\n✨ Your 3 captions are ready.\n**1.** ")
    assert all(words in shown.text for words in WORDS[:3])
    assert shown.labels == ["Another", "Shorter", "Longer", "Edit prompt"]
    assert shown.menu(None)["placeholder"] == "Other tone"
    assert not shown.ephemeral


async def test_every_option_is_heeded(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await written(ada, tone="funny", length="long", count=1, private=True)
    assert shown.ephemeral
    request = await requested(bot, ada, guild)
    expected = CaptionRequest("a sunset hike", "funny", 1, request.seed, private=True, length=Length.LONG)
    assert request == expected
    assert "Longer" not in shown.labels


async def test_tones_are_suggested_in_the_members_language(bot: Bot, guild: Guild) -> None:
    for locale, typed, name in (("en-US", "ad", "Ad copy"), ("de", "werb", "Werbetext"), ("zh-TW", "", "廣告文案")):
        offered = await guild.member(f"from-{locale}", locale=locale).complete("caption", "tone", typed)
        assert {"name": name, "value": "ad-copy"} in offered


async def test_a_tone_may_be_typed_by_the_name_that_is_shown(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada", locale="de")
    turn = await ada.slash("caption", topic="rain", tone="werbetext")
    await turn.message_matching(lambda message: message.menus)
    assert (await requested(bot, ada, guild)).tone == "ad-copy"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Say what the caption is about"),
        ({"topic": "block me"}, "This cannot be made here"),
        ({"image": File("a.txt", b"words")}, "That file is not a picture we can read."),
    ],
)
async def test_a_refusal_is_for_the_asker_alone(
    options: dict[str, object], sentence: str, bot: Bot, guild: Guild
) -> None:
    assert sentence in (await told(await guild.member("Ada").slash("caption", **options))).text


async def test_a_picture_without_words_is_written_about_as_it_is_seen(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    bot.house.engine.description = SEEN
    turn = await ada.slash("caption", image=File("me.png", png()), tone="funny", count=2, private=True)
    shown = await turn.message_matching(lambda message: "Edit prompt" in message.labels)
    assert shown.ephemeral and "I see: A portrait with green hair." in shown.text
    request = await requested(bot, ada, guild)
    assert request == CaptionRequest("", "funny", 2, request.seed, private=True, pictured=True)
    said = await bo.say("look", None, File("cat.png", png()))
    turn = await ada.message_menu(MENU, said)
    shown = await turn.message_matching(lambda message: "Edit prompt" in message.labels)
    assert "I see: A portrait with green hair." in shown.text and not shown.ephemeral
    form = await ada.press(shown, "Edit prompt")
    await form.acknowledged()
    edited = await ada.submit(form, {"topic": "my new look"})
    shown = await edited.message_matching(lambda message: "Edit prompt" in message.labels)
    assert "I see: A portrait" in shown.text and shown.text.startswith("> my new look")


async def test_a_picture_whose_description_takes_long_is_not_waited_for(
    bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captioning, "PATIENCE", 0.1)
    bot.house.engine.description = SEEN
    bot.house.engine.gate.clear()
    turn = await guild.member("Ada").slash("caption", image=File("me.png", png()))
    assert (await turn.acknowledged()).type == 5
    bot.house.engine.gate.set()
    shown = await turn.message_matching(lambda message: "Edit prompt" in message.labels)
    assert "I see: A portrait with green hair." in shown.text


async def test_a_picture_of_the_gallery_is_written_about(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await drawn(ada)
    bot.house.clock.time += 1
    bot.house.engine.description = SEEN
    assert [choice["name"] for choice in await ada.complete("caption", "picture", "kni")] == ["1: a knight"]
    turn = await ada.slash("caption", picture="1")
    shown = await turn.message_matching(lambda message: "Edit prompt" in message.labels and not message.attachments)
    assert "I see: A portrait with green hair." in shown.text
    request = await requested(bot, ada, guild)
    assert request.base is not None and request.image is None


async def test_words_beside_a_picture_are_kept_and_are_enough(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    bot.house.engine.description = SEEN
    shown = await written(ada, "my new look", image=File("me.png", png()))
    assert shown.text.startswith("> my new look") and "I see: A portrait" in shown.text
    bot.house.engine.description = None
    shown = await written(ada, "my old look", image=File("me.png", png()))
    assert shown.text.startswith("> my old look") and "I see" not in shown.text


async def test_what_nobody_here_can_see_is_asked_about_and_nothing_chosen_is_lost(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    picture = File("beach.png", png())
    turn = await ada.slash("caption", image=picture, tone="funny", length="short", count=2, private=True)
    await turn.acknowledged()
    assert turn.modal is not None and turn.modal["title"] == "What is in the picture?"
    answer = await ada.submit(turn, {"topic": "a dog on a beach"})
    shown = await answer.message_matching(lambda message: message.menus)
    assert shown.ephemeral
    request = await requested(bot, ada, guild)
    expected = CaptionRequest("a dog on a beach", "funny", 2, request.seed, private=True, length=Length.SHORT)
    assert request == expected


async def test_a_picture_with_words_is_screened_before_it_is_written_about(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    assert (await written(ada, image=File("beach.png", png()))).text.startswith("> a sunset hike")
    bot.house.moderator.picture_score = 0.95
    turn = await ada.slash("caption", topic="a dog", image=File("beach.png", png()))
    assert "it looks like sexual content" in (await told(turn)).text


async def test_our_own_picture_is_captioned_from_its_words(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    for count in (1, 2):
        shown = await drawn(ada, count=count)
        turn = await bo.message_menu("Caption this picture", shown)
        caption = await turn.message_matching(lambda message: message.menus)
        assert caption.text.startswith("> a knight")


async def test_somebody_elses_picture_is_asked_about(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    said = await bo.say("look", None, File("cat.png", png()))
    turn = await ada.message_menu("Caption this picture", said)
    await turn.acknowledged()
    shown = await (await ada.submit(turn, {"topic": "a cat"})).message_matching(lambda message: message.menus)
    assert shown.text.startswith("> a cat")
    bare = await bo.say("no picture")
    assert "There is no picture in that message." in (await told(await ada.message_menu(MENU, bare))).text


async def test_the_menu_comes_along_where_the_bot_is_not(bot: Bot, discord: StandIn) -> None:
    elsewhere = discord.guild("Elsewhere", bot=False)
    ada, bo = elsewhere.member("Ada", installed=True), elsewhere.member("Bo")
    said = await bo.say("look", None, File("cat.png", png()))
    turn = await ada.message_menu(MENU, said)
    await turn.acknowledged()
    shown = await (await ada.submit(turn, {"topic": "a cat"})).message_matching(lambda message: message.menus)
    assert shown.text.startswith("> a cat")


async def test_a_topic_that_the_small_model_cannot_read_says_so(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada", locale="zh-CN")
    turn = await ada.slash("caption", topic="海边的日落")
    shown = await turn.message_matching(lambda message: message.menus)
    assert "这一条来自模板" in shown.text


MENU = "Caption this picture"
