"""/avatar, from the command to the picture in the same message."""

from bot.domain.jobs import JobStatus
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
