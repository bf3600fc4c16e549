"""/caption: words from words, from what somebody said, or from what they say is in a picture."""

import pytest

from bot.domain.requests import CaptionRequest, Length
from tests.adapters.telegram.bot import Bot, drawn, finished
from tests.adapters.telegram.scenes import several, written
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.fakes import WORDS, png


async def requested(bot: Bot, person: Person) -> CaptionRequest:
    """What the member asked for last."""
    request = (await bot.jobs(person))[0].request
    assert isinstance(request, CaptionRequest)
    return request


async def test_captions_come_with_what_can_be_done_next(bot: Bot, group: Group, telegram: StandIn) -> None:
    shown = await written(telegram, group.member("Bob"), group, "a sunset hike")
    assert shown.text.startswith("a sunset hike\n✨ Your 3 captions are ready.\n1. ")
    assert all(words in shown.text for words in WORDS[:3])
    # A tap on a caption copies it.
    assert [entity["type"] for entity in shown.entities].count("code") == 4
    assert shown.labels == ["🔁 Another", "🎭 Other tone", "➖ Shorter", "➕ Longer", "✏️ Edit prompt"]


async def test_every_option_is_heeded(bot: Bot, ada: Person, telegram: StandIn) -> None:
    shown = await written(telegram, ada, ada.dm, "rain —tone funny --length long --count 1")
    request = await requested(bot, ada)
    assert request == CaptionRequest("rain", "funny", 1, request.seed, private=True, length=Length.LONG)
    assert "Longer" not in str(shown.labels)


async def test_what_somebody_said_is_the_topic_of_a_reply(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob, cleo = group.member("Bob"), group.member("Cleo")
    said = await cleo.says(group, "we climbed the hill at dawn")
    shown = await bob.says(group, "/caption", reply_to=said)
    answer = await telegram.message(group, lambda message: message.reply_to == shown.id and finished(message))
    assert answer.text.startswith("we climbed the hill at dawn")


async def test_our_own_picture_is_captioned_from_its_words(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada, bob = group.member("Ada"), group.member("Bob")
    for answer, topic in (
        (await drawn(telegram, ada, group), "a knight"),
        (await several(telegram, ada, group), "two foxes"),
        (await written(telegram, ada, group, "rain"), "rain"),
    ):
        said = await bob.says(group, "/caption --tone funny", reply_to=answer.id)
        shown = await telegram.message(
            group, lambda message, said=said: message.reply_to == said.id and finished(message)
        )
        assert shown.text.startswith(topic)
    said = await bob.says(group, "/caption words of my own", reply_to=answer.id)
    shown = await telegram.message(group, lambda message: message.reply_to == said.id and finished(message))
    assert shown.text.startswith("words of my own")


async def test_what_the_bot_says_besides_is_no_topic(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await ada.says(ada.dm, "/help")
    told = await telegram.message(ada.dm)
    said = await ada.says(ada.dm, "/caption", reply_to=told.id)
    question = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)
    assert question.force_reply and question.text.startswith("Say what the caption is about")


async def test_a_picture_without_words_is_asked_about(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob = group.member("Bob")
    photo = await bob.sends_photo(group, png(size=300), "/caption")
    question = await telegram.message(group, lambda shown: shown.reply_to == photo.id)
    assert question.force_reply and question.text == "What is in the picture?"
    said = await bob.says(group, "a dog on a beach", reply_to=question.id)
    page = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    assert "Begins from your picture" not in page.text
    await bob.press(page, "Write it")
    await page.until(finished)
    assert (await requested(bot, bob)).topic == "a dog on a beach"


@pytest.mark.parametrize("words", ["", "a dog"])
async def test_a_picture_is_screened_before_it_is_written_about(
    words: str, bot: Bot, ada: Person, telegram: StandIn
) -> None:
    bot.house.moderator.picture_score = 0.95
    photo = await ada.sends_photo(ada.dm, png(size=300), f"/caption {words}")
    told = await telegram.message(ada.dm, lambda shown: shown.reply_to == photo.id)
    assert "it looks like sexual content" in told.text
    assert await bot.jobs(ada) == []


async def test_a_topic_that_the_small_model_cannot_read_says_so(bot: Bot, group: Group, telegram: StandIn) -> None:
    ada = group.member("Ada", language="zh-hans")
    said = await ada.says(group, "/caption 海边的日落")
    shown = await telegram.message(group, lambda message: message.reply_to == said.id and "✨" in message.text)
    assert "这一条来自模板" in shown.text
