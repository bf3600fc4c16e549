"""A result arrives once, whatever happens on its way, and elsewhere where it cannot stand where it was asked for."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.chat import living
from adapters.telegram import outlet
from adapters.telegram.budget import Budget, Priority
from bot.domain.jobs import JobStatus
from bot.usecases import account
from tests.adapters.telegram.bot import Bot, finished, status
from tests.adapters.telegram.stages import delivered, drawing, moment, pictures
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.house import House

NO_PHOTOS = "Bad Request: not enough rights to send photos to the chat"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was refused tries again without a pause."""
    monkeypatch.setattr(outlet, "RECONNECT", 0.0)


async def finish(home: House, after: float = 0.0) -> None:
    """Let the picture be drawn, and time pass until it is there."""
    home.engine.gate.set()
    if after:
        await status(home, JobStatus.READY)
        await moment()
        home.clock.time += after
    await delivered(home)


async def in_gallery(home: House, person: Person) -> int:
    return len(await account.gallery(Bot.origin(person), home.desk.transactions))


# ---------------------------------------------------------------------------------------- what the connection does


@pytest.mark.parametrize("fault", ["dropped", "429", "500", "502", "slow"])
async def test_one_picture_whatever_the_connection_does(
    fault: str, bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    shown = await drawing(home, telegram, ada, ada.dm)
    match fault:
        case "dropped":
            telegram.drop("editMessageMedia", 2)
        case "429":
            telegram.fail("editMessageMedia", 429, "Too Many Requests: retry after 1", retry_after=1)
        case "slow":
            telegram.hang("editMessageMedia", 0.5)
        case _:
            telegram.fail("editMessageMedia", int(fault), "Bad Gateway", times=3)
    await finish(home, after=2.0 if fault == "429" else 0.0)
    assert [each.id for each in telegram.from_bot(ada.dm)] == [shown.id]
    assert shown.photo and finished(shown)
    assert await bot.used(ada) == 4
    tries = len(telegram.asked("editMessageMedia"))
    assert tries == {"dropped": 3, "429": 2, "slow": 1}.get(fault, 4)


async def test_after_a_429_nothing_is_said_until_the_silence_is_over(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob = group.member("Bob")
    await drawing(home, telegram, bob, group)
    telegram.fail("editMessageMedia", 429, "Too Many Requests: retry after 1", retry_after=1)
    home.engine.gate.set()
    await telegram.until(lambda: telegram.asked("editMessageMedia"))
    refused = telegram.asked("editMessageMedia")[0]
    await bob.says(group, "/quota")
    await moment()
    home.clock.time += 2
    await delivered(home)
    await telegram.message(group, lambda shown: "units left" in shown.text)
    later = [asked for asked in telegram.asked() if asked.chat_id == group.id and asked.at > refused.at]
    assert {"editMessageMedia", "sendMessage"} <= {asked.method for asked in later}
    assert min(asked.at for asked in later) - refused.at >= 1.0


async def test_a_waiting_message_that_was_sent_and_not_known_leaves_one_result(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    telegram.drop("sendMessage")
    said = await ada.says(ada.dm, "/avatar a knight")
    await delivered(home)
    replies = [shown for shown in telegram.from_bot(ada.dm) if shown.reply_to == said.id]
    assert [bool(shown.photo) for shown in replies] == [False, True]
    assert not finished(replies[0])


@pytest.mark.parametrize("command", ["/avatar a knight", "/caption a sunset hike"])
async def test_a_result_without_a_message_to_stand_in_arrives_once_though_sending_broke(
    command: str, bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    home.engine.gate.clear()
    telegram.fail("sendMessage", 502, "Bad Gateway", times=1)
    said = await ada.says(ada.dm, command)
    await telegram.until(lambda: telegram.asked("sendMessage"))
    # The life of the message has a pause now; by its end there is a result.
    telegram.drop("sendMessage", 2)
    await bot.connection._house.living.finish((await bot.jobs(ada))[0].id)
    await finish(home)
    results = [shown for shown in said.replies if finished(shown)]
    assert len(results) == 1
    assert all("ready" not in change.content.get("text", "") for shown in said.replies[:-1] for change in shown.changes)


async def test_a_message_that_is_like_this_already_is_well(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    telegram.drop("editMessageText", 1)
    home.engine.gate.clear()
    await ada.says(ada.dm, "/caption a sunset hike")
    await telegram.message(ada.dm, lambda shown: "Writing" in shown.text)
    telegram.drop("editMessageText", 1)
    await finish(home)
    [shown] = telegram.from_bot(ada.dm)
    assert finished(shown)
    assert any("not modified" in str(asked.answer) for asked in telegram.asked("editMessageText"))


# -------------------------------------------------------------------------------------------------------- albums


async def test_an_album_is_sent_once_though_the_words_come_late(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    words = await drawing(home, telegram, ada, ada.dm, "a knight --count 3")
    telegram.drop("editMessageText", 1)
    telegram.fail("editMessageText", 500, "Internal Server Error", times=2)
    await finish(home)
    await words.until(finished)
    assert len(telegram.asked("sendMediaGroup")) == 1
    assert len([shown for shown in telegram.from_bot(ada.dm) if shown.album]) == 3


async def test_an_album_stays_when_the_words_above_it_are_deleted(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob, grace = group.member("Bob"), group.owner("Grace")
    words = await drawing(home, telegram, bob, group, "a knight --count 2")
    telegram.hang("editMessageText", 0.3)
    home.engine.gate.set()
    await telegram.until(lambda: telegram.asked("sendMediaGroup") and telegram.asked("editMessageText"))
    await grace.deletes(words)
    await delivered(home)
    album = [shown for shown in telegram.from_bot(group) if shown.album]
    [new] = [shown for shown in telegram.from_bot(group) if finished(shown)]
    assert len(album) == 2 and new.id != words.id
    [job] = await bot.jobs(bob)
    assert job.origin.message_id == ",".join(str(shown.id) for shown in (new, *album))


async def test_an_album_that_telegram_refuses_for_the_moment_comes_later(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    await drawing(home, telegram, ada, ada.dm, "a knight --count 2")
    telegram.fail("sendMediaGroup", 502, "Bad Gateway", times=2)
    await finish(home)
    assert len([shown for shown in telegram.from_bot(ada.dm) if shown.album]) == 2


# ------------------------------------------------------------------------------------------------ what members do


async def test_a_message_that_was_deleted_meanwhile_is_posted_anew(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob, grace = group.member("Bob"), group.owner("Grace")
    shown = await drawing(home, telegram, bob, group)
    await grace.deletes(shown)
    await finish(home)
    [picture] = pictures(telegram, group)
    assert picture.id != shown.id and finished(picture)
    [job] = await bot.jobs(bob)
    assert job.origin.message_id == str(picture.id)


async def test_it_is_no_reply_where_the_question_was_deleted(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob = group.member("Bob")
    home.engine.gate.clear()
    said = await bob.says(group, "/avatar a knight")
    shown = await telegram.message(group)
    for gone in (said, shown):
        await bob.deletes(gone)
    await finish(home)
    [picture] = pictures(telegram, group)
    assert picture.reply_to is None


async def test_a_group_that_deletes_every_message_ends_nothing_but_this(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob = group.member("Bob")
    await drawing(home, telegram, bob, group)
    telegram.fail("editMessageMedia", 400, "Bad Request: message can't be edited", times=1000)
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    await telegram.until(lambda: len(telegram.asked("editMessageMedia")) >= 3)
    await moment()
    assert len(telegram.from_bot(group)) <= 4
    assert await in_gallery(home, bob) == 1


# -------------------------------------------------------------------------------------------- where it may not be


async def test_where_photos_are_not_allowed_the_member_gets_it_in_private(
    bot: Bot, group: Group, ada: Person, telegram: StandIn, home: House
) -> None:
    group.add(ada)
    shown = await drawing(home, telegram, ada, group)
    telegram.fail("editMessageMedia", 400, NO_PHOTOS)
    await finish(home)
    [picture] = pictures(telegram, ada.dm)
    assert finished(picture) and not pictures(telegram, group)
    assert "private chat" in shown.text and not shown.labels
    assert await bot.used(ada) == 4
    [job] = await bot.jobs(ada)
    assert (job.origin.channel_id, job.origin.message_id) == (str(ada.id), str(picture.id))


async def test_an_album_that_may_not_be_there_comes_in_private_too(
    bot: Bot, group: Group, ada: Person, telegram: StandIn, home: House
) -> None:
    group.add(ada)
    shown = await drawing(home, telegram, ada, group, "a knight --count 2")
    group.restrict_bot(can_send_photos=False)
    await finish(home)
    assert len([each for each in telegram.from_bot(ada.dm) if each.album]) == 2
    assert not pictures(telegram, group) and "private chat" in shown.text


async def test_who_never_started_the_bot_reads_a_sentence_and_finds_it_in_the_gallery(
    bot: Bot, group: Group, telegram: StandIn, home: House
) -> None:
    bob = group.member("Bob")
    shown = await drawing(home, telegram, bob, group)
    telegram.fail("editMessageMedia", 400, NO_PHOTOS)
    home.engine.gate.set()
    await shown.until(lambda shown: "/gallery" in shown.text and not shown.labels)
    await moment()
    assert await home.in_status(JobStatus.READY) == 1 and await in_gallery(home, bob) == 1
    assert await bot.used(bob) == 4
    sent = len(telegram.asked())
    home.clock.time += 3600
    await moment()
    assert len([asked for asked in telegram.asked()[sent:] if asked.method != "getUpdates"]) == 0, "it was given up"
    [job] = await bot.jobs(bob)
    assert job.origin.channel_id == str(group.id)
    await bob.says(bob.dm, "/gallery")
    await telegram.message(bob.dm, lambda shown: shown.photo)


@pytest.mark.parametrize("how", ["kicked", "muted"])
async def test_a_bot_that_was_thrown_out_meanwhile_goes_on_in_private(
    how: str, bot: Bot, group: Group, ada: Person, telegram: StandIn, home: House
) -> None:
    group.add(ada)
    shown = await drawing(home, telegram, ada, group)
    if how == "kicked":
        group.remove_bot()
    else:
        await group.owner().deletes(shown)
        group.restrict_bot(can_send_messages=False, can_send_photos=False)
    await finish(home)
    assert len(pictures(telegram, ada.dm)) == 1
    assert await bot.used(ada) == 4


async def test_who_blocked_the_bot_finds_it_in_the_gallery(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    await drawing(home, telegram, ada, ada.dm)
    await ada.blocks_bot()
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    await telegram.until(lambda: telegram.asked("editMessageMedia"))
    await moment()
    assert len(telegram.asked("editMessageMedia")) == 1
    assert (await in_gallery(home, ada), await bot.used(ada)) == (1, 4)
    await ada.unblocks_bot()
    await ada.says(ada.dm, "/gallery")
    await telegram.message(ada.dm, lambda shown: shown.photo and "1. a knight" in shown.text)


async def test_a_picture_is_private_where_it_was_asked_for_in_private(
    bot: Bot, ada: Person, telegram: StandIn, home: House, group: Group
) -> None:
    group.add(ada)
    await drawing(home, telegram, ada, ada.dm)
    telegram.fail("editMessageMedia", 400, NO_PHOTOS)
    home.engine.gate.set()
    await telegram.until(lambda: telegram.asked("editMessageMedia"))
    await moment()
    assert not pictures(telegram, group) and await in_gallery(home, ada) == 1


async def test_a_topic_that_was_deleted_sends_it_home(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    forum = telegram.group(forum=True)
    forum.add(ada)
    topic = forum.topic("Pictures")
    home.engine.gate.clear()
    said = await ada.says(forum, "/avatar a knight", topic=topic)
    shown = await telegram.message(forum, lambda shown: shown.reply_to == said.id)
    assert shown.thread_id == topic
    await ada.deletes(shown)
    forum.delete_topic(topic)
    await finish(home)
    assert len(pictures(telegram, ada.dm)) == 1


# ------------------------------------------------------------------------------------ one message for each answer


async def waiting(budget: Budget, priority: Priority) -> None:
    async with asyncio.timeout(1):
        while not any(each.priority is priority for each in budget._queue):
            await asyncio.sleep(0.005)


async def test_a_message_that_still_waits_for_its_turn_does_not_follow_the_result(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    budget = bot.connection._house.outlet.bot.rate_limiter
    assert isinstance(budget, Budget)
    budget._windows.silence(ada.id, budget._clock() + 1.5)
    home.engine.gate.clear()
    said = await ada.says(ada.dm, "/avatar a knight")
    await waiting(budget, Priority.STATUS)
    home.engine.gate.set()
    await waiting(budget, Priority.RESULT)
    assert len(budget._queue) == 1, "the one that is not needed any more is withdrawn"
    await delivered(home)
    await moment()
    assert [bool(shown.photo) for shown in said.replies] == [True]
    [job] = await bot.jobs(ada)
    assert job.origin.message_id == str(said.replies[0].id)


async def test_a_result_waits_for_a_message_that_is_on_its_way(
    bot: Bot, ada: Person, telegram: StandIn, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living, "LANDING", 0.05)
    telegram.hang("sendMessage", 0.5)
    said = await ada.says(ada.dm, "/avatar a knight")
    await delivered(home)
    assert [bool(shown.photo) for shown in said.replies] == [True]


async def test_many_who_want_the_message_of_a_job_get_one(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    house = bot.connection._house
    shown = await drawing(home, telegram, ada, ada.dm)
    [job] = await bot.jobs(ada)
    bare = replace(job.origin, message_id="")
    await house.answers.remember(job.id, bare)
    await house.living.finish(job.id)
    page = await house.messenger.page(account.JobView(job))
    telegram.fail("sendMessage", 502, "Bad Gateway")

    async def place(stopped: bool) -> Any:
        task = asyncio.create_task(house.answers.place(job.id, bare, page, Priority.ANSWER))
        await asyncio.sleep(0)
        if stopped:
            task.cancel()
        return (await asyncio.gather(task, return_exceptions=True))[0]

    first = await asyncio.gather(*(place(stopped) for stopped in (True, False, False)))
    assert [type(outcome).__name__ for outcome in first] == ["CancelledError", "PlatformBusy", "PlatformBusy"]
    second = await asyncio.gather(*(place(stopped) for stopped in (True, False, True, False)))
    [new] = [each for each in telegram.from_bot(ada.dm) if each.id != shown.id]
    assert [outcome[0].message_id for outcome in second[1::2]] == [str(new.id)] * 2
    assert not house.answers._sending


async def test_an_answer_that_moved_is_changed_where_it_stands_now(
    bot: Bot, group: Group, ada: Person, telegram: StandIn, home: House
) -> None:
    group.add(ada)
    await drawing(home, telegram, ada, group)
    telegram.fail("editMessageMedia", 400, NO_PHOTOS)
    await finish(home)
    [picture] = pictures(telegram, ada.dm)
    await ada.press(picture, "Delete")
    await picture.until(lambda shown: len(shown.labels) == 2)
    await ada.press(picture, "Delete")
    await telegram.until(lambda: picture.deleted)
