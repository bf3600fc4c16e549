"""Inline mode: in any chat, a member's own pictures, and the way to a new one."""

import pytest

from adapters.telegram import inline
from bot.domain.jobs import JobStatus
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.scenes import several
from tests.adapters.telegram.wire import Person, StandIn
from tests.house import House


async def test_ones_own_pictures_are_found_by_their_words(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    knight = await drawn(telegram, ada, ada.dm)
    await several(telegram, ada, ada.dm)
    await status(home, JobStatus.DELIVERED, 2)
    everything = await ada.queries("")
    assert len(await everything.results()) == 3
    assert everything.personal and everything.cache_time <= 10
    queried = await ada.queries("KNIGHT")
    [result] = await queried.results()
    assert result["title"] == "a knight"
    elsewhere = telegram.group(bot=False)
    elsewhere.add(ada)
    picked = await ada.picks(elsewhere, queried)
    [shown] = [message for message in telegram.messages(elsewhere) if message.id == picked.id]
    assert shown.photo == knight.photo


async def test_nobody_finds_anybody_elses_pictures(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    await drawn(telegram, ada, ada.dm)
    await status(home, JobStatus.DELIVERED)
    bo = telegram.user("Bo", started=False)
    assert await (await bo.queries("knight")).results() == []


async def test_without_words_the_way_leads_to_the_gallery(bot: Bot, ada: Person) -> None:
    queried = await ada.queries("")
    assert await queried.results() == []
    assert queried.button == {"text": "Open our private chat", "start_parameter": "gallery"}


async def test_words_can_be_drawn_in_private(bot: Bot, ada: Person, telegram: StandIn) -> None:
    for typed in ("a fo", "a fox"):
        queried = await ada.queries(typed)
        await queried.results()
    assert queried.button and queried.button["text"] == "Draw this"
    said = await ada.says(ada.dm, f"/start {queried.button['start_parameter']}")
    page = await said.answered()
    assert page.text == "a fox"
    # What is typed later in another chat changes nothing about it.
    await (await ada.queries("a zebra")).results()
    await ada.press(page, "Draw it")
    await page.until(finished)
    assert page.text.startswith("a fox")


async def test_pages_end(
    bot: Bot, ada: Person, telegram: StandIn, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline, "SHELF", 2)
    await several(telegram, ada, ada.dm, "foxes --count 3")
    await status(home, JobStatus.DELIVERED)
    first = await ada.queries("")
    assert len(await first.results()) == 2 and first.next_offset == "2"
    second = await ada.queries("", offset=first.next_offset)
    assert len(await second.results()) == 1 and second.next_offset == "" and second.button is None
    ids = {result["id"] for result in [*await first.results(), *await second.results()]}
    assert len(ids) == 3


@pytest.mark.parametrize("offset", ["²", "-1", "x", "9" * 64])
async def test_a_strange_offset_is_answered(offset: str, bot: Bot, ada: Person) -> None:
    assert await (await ada.queries("", offset=offset)).results() == []


@pytest.mark.parametrize("words", ["x" * 256, "🦊" * 60, "\u202eevil", "<b>@somebody</b> https://a.example", "  "])
async def test_whatever_is_typed_is_answered(words: str, bot: Bot, ada: Person) -> None:
    queried = await ada.queries(words)
    assert await queried.results() == []
    assert queried.button


async def test_a_query_that_is_too_old_is_nobodys_error(bot: Bot, ada: Person, telegram: StandIn) -> None:
    old = await ada.queries("old")
    old.expire()
    assert await (await ada.queries("new")).results() == []
    await telegram.until(lambda: len(telegram.asked("answerInlineQuery")) == 2)
