"""/avatar, from the command to the picture in the same message."""

from bot.domain.jobs import JobStatus
from bot.domain.requests import AvatarRequest, prompt_of
from bot.i18n import translator
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.fakes import png
from tests.house import House


async def test_a_picture_replaces_the_message_that_waited(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    home.engine.gate.clear()
    said = await ada.says(ada.dm, "/avatar a knight")
    waiting = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)
    assert ("a knight" in waiting.text and "Cancel" in waiting.labels[0]) or "Stop" in waiting.labels[0]
    home.engine.gate.set()
    await waiting.until(lambda shown: shown.photo and finished(shown))
    await status(home, JobStatus.DELIVERED)
    assert [shown.id for shown in telegram.from_bot(ada.dm)] == [waiting.id]
    assert await bot.used(ada) == 4


async def test_in_a_group_it_replies_to_who_asked(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob = group.member("Bob")
    shown = await drawn(telegram, bob, group, "a fox --style pixel --seed 7")
    assert "seed 7" in shown.text and "Pixel art" in shown.text
    assert "Report" in " ".join(shown.labels)


async def test_several_are_an_album_below_the_words(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    said = await ada.says(ada.dm, "/avatar a knight --count 3")
    words = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id and finished(shown))
    album = [shown for shown in telegram.from_bot(ada.dm) if shown.album]
    assert len(album) == 3 and {shown.reply_to for shown in album} == {words.id}
    await status(home, JobStatus.DELIVERED)


async def test_a_photo_can_be_begun_from_by_reply_or_caption(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob = group.member("Bob")
    picture = png("red", 300)
    photo = await bob.sends_photo(group, picture)
    said = await bob.says(group, "/avatar a knight", reply_to=photo)
    await telegram.message(group, lambda shown: shown.reply_to == said.id and shown.photo)
    captioned = await bob.sends_photo(group, picture, "/avatar a fox")
    await telegram.message(group, lambda shown: shown.reply_to == captioned.id and shown.photo)
    assert [request.image == picture for request in home.engine.requests[-2:]] == [True, True]


async def test_every_option_is_heeded(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await drawn(telegram, ada, ada.dm, "a fox --style pixel --seed 7 --steps 9 --negative rain, snow")
    [job] = await bot.jobs(ada)
    expected = AvatarRequest("a fox", "rain, snow", "pixel", 7, num_inference_steps=9, private=True)
    assert job.request == expected


async def test_words_that_begin_with_a_slash_are_words(bot: Bot, ada: Person, telegram: StandIn) -> None:
    await drawn(telegram, ada, ada.dm, "/imagine a cat")
    assert [prompt_of(job.request) for job in await bot.jobs(ada)] == ["/imagine a cat"]


async def test_the_answer_speaks_the_members_language(bot: Bot, group: Group, telegram: StandIn) -> None:
    bert = group.member("Bert", language="de")
    said = await bert.says(group, "/avatar ein Ritter")
    shown = await telegram.message(group, lambda shown: shown.reply_to == said.id and shown.photo)
    assert translator("de").text("done-avatar", n=1) in shown.text
    assert f"🔁 {translator('de').text('action-again')}" in shown.labels


async def test_a_topic_of_a_forum_gets_its_answers(bot: Bot, telegram: StandIn) -> None:
    forum = telegram.group(forum=True)
    topic, bob = forum.topic("Pictures"), forum.member("Bob")
    said = await bob.says(forum, "/avatar a knight --count 2", topic=topic)
    words = await telegram.message(forum, lambda shown: shown.reply_to == said.id and finished(shown))
    assert {shown.thread_id for shown in telegram.from_bot(forum) if shown.reply_to} == {topic}
    assert (await bot.jobs(bob))[0].origin.channel_id == f"{forum.id}/{topic}"
    pressed = await bob.press(words, "Again")
    again = await telegram.message(forum, lambda shown: shown.reply_to == words.id and finished(shown))
    assert again.thread_id == topic and (await pressed.answer()).text == ""


async def test_a_reply_deep_in_a_supergroup_is_answered(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob = group.member("Bob")
    first = await bob.says(group, "hello")
    second = await bob.says(group, "hello you", reply_to=first)
    said = await bob.says(group, "/avatar a knight", reply_to=second)
    await telegram.message(group, lambda shown: shown.reply_to == said.id and finished(shown))


async def test_still_stickers_and_picture_files_are_begun_from(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    sticker = await ada.sends_sticker(ada.dm, data=png("red"))
    offered = await telegram.message(ada.dm, lambda shown: shown.reply_to == sticker.id)
    said = await ada.says(ada.dm, "/avatar a knight", reply_to=sticker.id)
    await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id and shown.photo)
    file = await ada.sends_document(ada.dm, png("blue"), "me.png", "image/png", "/avatar a fox")
    await telegram.message(ada.dm, lambda shown: shown.reply_to == file.id and shown.photo)
    assert [request.image for request in home.engine.requests[-2:]] == [png("red"), png("blue")]
    assert "Draw it" in str(offered.labels)
