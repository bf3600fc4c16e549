"""How the bot hears: by asking, or by being pushed to; and what it makes of a Telegram that is not there."""

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.telegram import hearing
from adapters.telegram.connection import TelegramConnection
from adapters.telegram.deps import Reach, Webhook
from bot.domain.errors import NotAllowed
from bot.domain.identity import Platform
from bot.domain.jobs import JobStatus
from bot.i18n import translator
from bot.platforms import Connection
from bot.runtime.background import in_background
from bot.serve import _listening
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, status
from tests.adapters.telegram.stages import moment
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.house import House

PUBLIC = "https://bot.example.org/telegram"


async def helped(telegram: StandIn, person: Person, timeout: float = 5.0) -> None:
    """The bot answers."""
    said = await person.says(person.dm, "/quota")
    await telegram.message(person.dm, lambda shown: shown.reply_to == said.id, timeout)


def told(bot: Bot) -> list[str]:
    return [str(reason.message) for reason in bot.told]


# --------------------------------------------------------------------------------------------------------- asking


async def test_what_was_answered_is_confirmed(bot: Bot, ada: Person, telegram: StandIn) -> None:
    for _ in range(3):
        await helped(telegram, ada)
    await telegram.until(lambda: not telegram.world.updates.pending or telegram.asked("getUpdates")[-1].status == 0)
    offsets = [asked.parameters.get("offset") for asked in telegram.asked("getUpdates")]
    assert offsets[0] is None and offsets[1:] == sorted(offsets[1:])
    assert len(telegram.from_bot(ada.dm)) == 3
    assert telegram.asked("getUpdates")[0].parameters["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "my_chat_member",
    ]


async def test_an_update_that_takes_long_does_not_stop_the_others(
    bot: Bot, ada: Person, telegram: StandIn, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "PATIENCE", 0.1)
    bob = telegram.user("Bob")
    screen, slow = home.moderator.screen_text, asyncio.Event()

    async def slowly(text: str, terms: object = ()) -> Any:
        if "slow" in text:
            await slow.wait()
        return await screen(text)

    monkeypatch.setattr(home.moderator, "screen_text", slowly)
    await ada.says(ada.dm, "/avatar a slow knight")
    await helped(telegram, bob, 2.0)
    assert await bot.jobs(ada) == []
    slow.set()
    await telegram.message(ada.dm, lambda shown: shown.photo)


async def test_a_batch_with_something_that_cannot_be_read_is_no_end(
    bot: Bot, ada: Person, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr("adapters.telegram.dispatch.Dispatch._welcome", broken)
    telegram.group()
    await helped(telegram, ada)


async def test_a_second_program_with_the_same_token_is_told_to_the_owner(
    bot: Bot, ada: Person, telegram: StandIn
) -> None:
    telegram.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=3)
    telegram.world.updates.interrupt("terminated by other getUpdates request")
    await telegram.until(lambda: len([asked for asked in telegram.asked("getUpdates") if asked.status == 409]) == 3)
    await helped(telegram, ada)
    assert told(bot).count("telegram-conflict") == 1


@pytest.mark.parametrize("trouble", ["down", 500, 429, "drop"])
async def test_telegram_goes_away_and_comes_back(trouble: int | str, bot: Bot, ada: Person, telegram: StandIn) -> None:
    await helped(telegram, ada)
    before = len(telegram.asked("getUpdates"))
    if trouble == "down":
        telegram.down = True
    elif trouble == "drop":
        telegram.drop("getUpdates", 2)
    else:
        telegram.fail("getUpdates", int(trouble), "no", times=1 if trouble == 429 else 2, retry_after=1)
    said = await ada.says(ada.dm, "/help")
    await telegram.until(lambda: len(telegram.asked("getUpdates")) > before + 1)
    telegram.down = False
    await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)


async def test_pauses_grow_until_telegram_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(hearing.random, "uniform", lambda *_: 1.0)
    monkeypatch.setattr(hearing.asyncio, "sleep", sleep)
    pause = 1.0
    for _ in range(8):
        pause = await hearing.rest(hearing.TelegramError("no"), pause)
    await hearing.rest(hearing.RetryAfter(300), 1.0)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 300]


async def test_a_telegram_that_is_not_there_at_first_is_waited_for(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    telegram.down = True
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        await telegram.until(lambda: len(telegram.asked("getMe")) >= 3)
        assert told(bot) == ["telegram-unreachable"]
        telegram.down = False
        await helped(telegram, ada)
        assert told(bot) == ["telegram-unreachable", "telegram-connected"]


async def test_a_result_waits_for_a_telegram_that_is_not_there(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False):
        await ada.says(ada.dm, "/avatar a knight")
        await status(home, JobStatus.QUEUED)
    telegram.down = True
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        await status(home, JobStatus.READY)
        await telegram.until(lambda: len(telegram.asked("getMe")) >= 3)
        assert await home.in_status(JobStatus.READY) == 1
        telegram.down = False
        await telegram.until(lambda: "telegram-connected" in told(bot))
        home.clock.time += 6
        await telegram.message(ada.dm, lambda shown: shown.photo)


async def test_a_wrong_token_is_one_sentence_and_the_other_platforms_go_on(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    wrong = Reach("123:wrong", telegram.base_url, telegram.base_file_url)
    telegram_ = TelegramConnection(bots.equipped(home, tmp_path, wrong))
    said: list[str] = []
    goes_on = asyncio.Event()

    async def other(tell: Any) -> None:
        while not said:
            await asyncio.sleep(0.01)
        goes_on.set()
        await asyncio.Event().wait()

    chats = [
        Connection(Platform.TELEGRAM, telegram_.messenger, telegram_.run),
        Connection(Platform.DISCORD, telegram_.messenger, other),
    ]
    async with in_background(_listening(chats, translator("en"), said.append)), asyncio.timeout(5):
        await goes_on.wait()
    [sentence] = said
    assert "@BotFather" in sentence and "wrong" not in sentence


async def test_a_token_that_is_revoked_ends_the_bot_with_a_sentence(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    connection = TelegramConnection(bots.equipped(home, tmp_path, bots.reach(telegram)))
    run = asyncio.create_task(connection.run())
    await telegram.until(lambda: telegram.asked("getUpdates"))
    telegram.api._token = "another"
    telegram.world.updates.interrupt("over")
    with pytest.raises(NotAllowed) as refused:
        await asyncio.wait_for(run, 5)
    assert refused.value.reason.message == "telegram-token-wrong"


# --------------------------------------------------------------------------------------------------- being pushed to


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def hook(telegram: StandIn) -> Webhook:
    """An address that the world sees, and where it leads."""
    port = free_port()
    telegram.forward("https://bot.example.org", f"http://127.0.0.1:{port}")
    return Webhook(PUBLIC, "127.0.0.1", port)


@pytest.fixture
async def pushed(home: House, telegram: StandIn, tmp_path: Path, hook: Webhook) -> AsyncIterator[Bot]:
    """The bot behind a webhook."""
    async with bots.running(home, bots.reach(telegram, hook), tmp_path) as bot:
        await telegram.until(lambda: telegram.world.updates.webhook)
        yield bot


async def test_what_is_pushed_is_answered(pushed: Bot, telegram: StandIn) -> None:
    ada = telegram.user("Ada")
    shown = await drawn(telegram, ada, ada.dm)
    assert shown.photo and telegram.asked("getUpdates") == []
    await telegram.until(lambda: not telegram.world.updates.pending)
    assert telegram.webhook.refused == 0


@asynccontextmanager
async def posting(hook: Webhook) -> AsyncIterator[Any]:
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes, secret: str | None, path: str = "/telegram") -> int:
            headers = {} if secret is None else {hearing.SECRET: secret}
            async with session.post(
                f"http://{hook.host}:{hook.port}{path}", data=io.BytesIO(body), headers=headers
            ) as answer:
                return answer.status

        yield post


@pytest.mark.parametrize("secret", [None, "", "wrong", "\udcff\udcfe"])
async def test_who_does_not_know_the_secret_is_refused(secret: str | None, pushed: Bot, hook: Webhook) -> None:
    async with posting(hook) as post:
        assert await post(b'{"update_id": 1}', secret) == 403


async def test_what_cannot_be_an_update_is_refused(pushed: Bot, hook: Webhook, telegram: StandIn) -> None:
    secret = bots.reach(telegram).secret
    async with posting(hook) as post:
        assert await post(b'{"update_id": 1}', secret) == 200
        for nonsense in (b"", b"no json", b"[]", b"null", b"7", b"{}", b'{"update_id": 2, "message": 7}', b"\xff"):
            assert await post(nonsense, secret) == 400, nonsense
        assert await post(b" " * (hearing.BODY_LIMIT + 1), secret) == 413
        assert await post(b'{"update_id": 3}', secret, "/elsewhere") == 404
    ada = telegram.user("Ada")
    await helped(telegram, ada)


async def test_what_is_pushed_twice_is_answered_once(
    pushed: Bot, hook: Webhook, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "PATIENCE", 0.05)
    telegram.hang("sendMessage", 0.3)
    ada, secret = telegram.user("Ada"), bots.reach(telegram).secret
    chat = {"id": ada.id, "type": "private", "first_name": "Ada"}
    message = {"message_id": 900, "date": 1, "chat": chat, "from": ada.user.payload(), "text": "/help"}
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
    body = json.dumps({"update_id": 77, "message": message}).encode()
    async with posting(hook) as post:
        assert [await post(body, secret), await post(body, secret)] == [200, 200]
        await telegram.message(ada.dm)
        assert await post(body, secret) == 200
    await moment()
    assert len(telegram.from_bot(ada.dm)) == 1


async def test_a_webhook_that_telegram_refuses_is_told_to_the_owner_and_tried_again(
    home: House, telegram: StandIn, tmp_path: Path, hook: Webhook
) -> None:
    telegram.fail("setWebhook", 400, "Bad Request: bad webhook: IP address 10.0.0.1 is reserved", times=2)
    async with bots.running(home, bots.reach(telegram, hook), tmp_path) as bot:
        await telegram.until(lambda: telegram.world.updates.webhook)
        assert told(bot).count("telegram-webhook-refused") == 1
        [reason] = [reason for reason in bot.told if reason.message == "telegram-webhook-refused"]
        assert "reserved" in translator("en").text(reason)


async def test_from_pushing_to_asking_and_back_nothing_is_lost(
    home: House, telegram: StandIn, tmp_path: Path, hook: Webhook
) -> None:
    ada = telegram.user("Ada")
    for number in range(4):
        there = bots.reach(telegram, hook if number % 2 else None)
        said = await ada.says(ada.dm, "/quota")
        async with bots.running(home, there, tmp_path):
            await telegram.message(ada.dm, lambda shown, said=said: shown.reply_to == said.id)
            await helped(telegram, ada)
            assert bool(telegram.world.updates.webhook) == bool(number % 2)
    assert len(telegram.from_bot(ada.dm)) == 8


def test_the_secret_is_what_telegram_takes_and_says_nothing_of_the_token() -> None:
    reach = Reach("123:abc")
    assert len(reach.secret) == 64 and reach.secret.isalnum()
    assert "abc" not in reach.secret and "123:abc" not in repr(reach)
    assert reach.secret != Reach("123:abd").secret


async def test_a_group_hears_only_what_is_meant_for_the_bot(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob = group.member("Bob")
    greetings = len(telegram.from_bot(group))
    group.promote_bot()
    await bob.says(group, "good morning")
    await bob.says(group, "/avatar@another_bot a knight")
    said = await bob.says(group, "/quota")
    await telegram.message(group, lambda shown: shown.reply_to == said.id)
    assert len(telegram.from_bot(group)) - greetings <= 2
