"""What can happen to the connection, and that the bot comes back from it, or says why it cannot."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord as dpy
import pytest
import structlog
from discord.gateway import DiscordWebSocket

from adapters.discord import supervision
from adapters.discord.client import HuashenClient
from adapters.discord.connection import DiscordConnection
from adapters.discord.deps import Reach
from bot import logs
from bot.domain.errors import NotAllowed
from bot.domain.jobs import JobStatus
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, equipped, finished
from tests.adapters.discord.stages import drawing, status
from tests.adapters.discord.wire import File, StandIn
from tests.adapters.discord.wire.client import pointed
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.fakes import png
from tests.house import House


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py's own waits between two tries, shortened."""
    monkeypatch.setattr(dpy.shard.ExponentialBackoff, "delay", lambda _: 0.1)

    async def at_once(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(dpy.Client, "before_identify_hook", at_once)


def connection(home: House, discord: StandIn, folder: Path, token: str = "") -> DiscordConnection:
    reach = Reach(token or discord.token, discord.api_base, discord.gateway_url, discord.cdn_base)
    deps = equipped(home, folder, reach)
    return DiscordConnection(deps)


@asynccontextmanager
async def trying(home: House, discord: StandIn, folder: Path) -> AsyncIterator[None]:
    """The bot runs, and may not have got anywhere yet."""
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base):
        task = asyncio.create_task(connection(home, discord, folder).run())
        try:
            yield
            assert not task.done()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def answers(home: House, guild: Guild, timeout: float = 15) -> None:
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    await turn.message_matching(lambda message: message.attachments, timeout)


async def test_a_gateway_that_is_down_at_the_first_connect(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep = asyncio.sleep
    monkeypatch.setattr(dpy.shard.asyncio, "sleep", lambda seconds: sleep(min(seconds, 0.05)))
    discord.faults.gateway_down = True
    async with trying(home, discord, tmp_path):
        await discord.until(lambda: discord.gateway.refused > 3, 10)
        discord.faults.clear()
        await discord.online(10)
    assert discord.gateway.identified == 1


@pytest.mark.parametrize("fault", [500, 503, 429, "dropped"])
async def test_discord_in_trouble_while_the_bot_logs_in(
    fault: int | str, home: House, discord: StandIn, tmp_path: Path
) -> None:
    if fault == "dropped":
        discord.faults.drop("GET", "/users/@me", 3)
    else:
        discord.faults.fail("GET", "/users/@me", int(fault), 1 if fault == 500 else 3, retry_after=0.1)
    async with trying(home, discord, tmp_path):
        await discord.online(10)


async def test_pauses_grow_until_a_connection_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    clients: list[HuashenClient] = []
    now = 0.0

    class Client:
        async def start(self, token: str) -> None:
            nonlocal now
            now += 1000 if len(pauses) == 8 else 1
            raise ConnectionError("no")

        async def close(self) -> None:
            clients.append(self)  # type: ignore[arg-type]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 10:
            raise asyncio.CancelledError

    monkeypatch.setattr(supervision.time, "monotonic", lambda: now)
    monkeypatch.setattr(supervision.random, "uniform", lambda *_: 1.0)
    monkeypatch.setattr(supervision.asyncio, "sleep", sleep)
    monkeypatch.setattr(supervision, "FIRST", 1.0)
    with pytest.raises(asyncio.CancelledError):
        await supervision.supervise(Client, supervision.Outlet(None), "token")  # type: ignore[arg-type]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 90, 1, 2]
    assert len(clients) == 10


async def test_a_gateway_that_goes_away_for_long(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    turn = await drawing(home, guild.member("Ada"))
    discord.faults.gateway_down = True
    discord.drop_sockets()
    await discord.until(lambda: discord.gateway.refused > 5, 10)
    home.engine.gate.set()
    await turn.message_matching(finished)  # answers do not need the gateway
    discord.faults.clear()
    await discord.online(10)
    await answers(home, guild)


async def test_a_session_that_is_invalid(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    discord.gateway.invalidate()
    await discord.until(lambda: discord.gateway.identified == 2, 15)
    await answers(home, guild)


async def test_discord_asks_for_a_new_connection(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    discord.gateway.ask_reconnect()
    await discord.until(lambda: discord.gateway.resumed == 1, 15)
    await answers(home, guild)


async def test_heartbeats_that_are_lost(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dpy.AutoShardedClient, "_get_state", _impatient(dpy.AutoShardedClient._get_state))
    discord.gateway.interval = 0.1
    discord.faults.heartbeats_lost = True
    async with bots.running(home, discord, tmp_path):
        await discord.until(lambda: discord.gateway.resumed, 20)
        discord.faults.clear()
        await answers(home, discord.guild())


def _impatient(get_state):
    return lambda self, **options: get_state(self, **(options | {"heartbeat_timeout": 0.4}))


@pytest.mark.parametrize("code", [1011, 4000, 4009, 4010])
async def test_a_connection_that_is_closed_with_a_code(
    code: int, bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    await discord.gateway.close_sockets(code)
    await discord.online(15)
    await answers(home, guild)


async def ends_with(home: House, discord: StandIn, folder: Path, message: str, token: str = "") -> None:
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base):
        with pytest.raises(NotAllowed) as refused:
            await asyncio.wait_for(connection(home, discord, folder, token).run(), 10)
    assert refused.value.reason.message == message


async def test_a_wrong_token_ends_the_bot_with_a_sentence(home: House, discord: StandIn, tmp_path: Path) -> None:
    await ends_with(home, discord, tmp_path, "discord-token-wrong", "MTA.wrong.token")


async def test_intents_that_are_not_allowed_end_the_bot_with_a_sentence(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.gateway, "_refused", lambda intents: 4014)
    await ends_with(home, discord, tmp_path, "discord-intents-wrong")


async def test_a_token_that_is_revoked_ends_the_bot_with_a_sentence(
    home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base):
        run = asyncio.create_task(connection(home, discord, tmp_path).run())
        await discord.online()
        discord.rest._token = discord.gateway._token = "another"
        await discord.gateway.close_sockets(4004)
        with pytest.raises(NotAllowed) as refused:
            await asyncio.wait_for(run, 10)
    assert refused.value.reason.message == "discord-token-wrong"


async def test_a_picture_waits_for_a_token_that_is_known(
    bot: Bot, home: House, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = await drawing(home, guild.member("Ada"))
    home.clock.time += 16 * 60
    discord.expire(turn)
    token, discord.rest._token = discord.rest._token, "another"
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    await asyncio.sleep(0.3)
    assert len(discord.asked("POST", "/messages")) == 1
    discord.rest._token = token
    home.clock.time += 61
    await status(home, JobStatus.DELIVERED)


async def test_everything_goes_where_the_owner_says(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    discord.gateway.url = discord.rest.gateway_url = "ws://127.0.0.1:9/nobody"
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", dpy.gateway.yarl.URL("ws://127.0.0.1:9/nobody"))
    discord.world.cdn.base = "https://cdn.discordapp.com"
    async with bots.running(home, discord, tmp_path):
        guild = discord.guild()
        discord.drop_sockets()
        await discord.until(lambda: discord.gateway.resumed == 1, 10)
        turn = await guild.member("Ada").slash("avatar", **{"prompt": "a knight", "from": File("me.png", png())})
        await turn.message_matching(finished)
        assert home.engine.requests[0].image == png()  # type: ignore[union-attr]


async def test_the_token_is_in_no_log_line(
    home: House, discord: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    logs.configure("debug", "json", [discord.token])
    try:
        discord.faults.fail("GET", "/users/@me", 503)
        discord.faults.drop("PATCH", "/webhooks/*")
        async with bots.running(home, discord, tmp_path):
            guild = discord.guild()
            turn = await guild.member("Ada").slash("avatar", prompt="a secret wish")
            await turn.message_matching(finished)
            discord.drop_sockets()
            await discord.until(lambda: discord.gateway.resumed == 1, 10)
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        structlog.configure(**before[2])
        for name in ("discord", "aiosqlite"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    said = capsys.readouterr().err
    assert "discord is out of reach" in said
    assert discord.token not in said
    assert turn.record.token not in said
    assert "a secret wish" not in said
