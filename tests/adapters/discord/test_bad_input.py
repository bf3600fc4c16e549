"""Whatever a person sends, they get a sentence, and are charged for nothing that was not drawn."""

import io
import struct
import zlib
from dataclasses import replace
from typing import Any

import discord as dpy
import pytest
from PIL import Image

from bot.domain.jobs import JobStatus
from bot.screening.moderator import Screens
from engines.contract import Cancelled, EngineError, EngineUnreachable, ImageClassification, Scores
from engines.pictures import open_picture
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.stages import drawing, status
from tests.adapters.discord.wire import File, Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.fakes import FakeModerator, png
from tests.house import House


class Looking:
    """A classifier that finds nothing in any picture that can be read."""

    async def run(self, request: Any, *_: Any, **__: Any) -> Scores:
        assert isinstance(request, ImageClassification)
        for image in request.images:
            open_picture(image)
        return Scores(tuple({"sexual": 0.0} for _ in request.images), "fake")


@pytest.fixture(autouse=True)
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are looked at as they are in the real house."""
    screens = Screens(Looking())  # type: ignore[arg-type]
    monkeypatch.setattr(FakeModerator, "screen_image", lambda self, image: screens.screen_image(image))


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def cut_off() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((256, 256), 90).save(buffer, "PNG")
    return buffer.getvalue()[:1000]


async def told(discord: StandIn, turn: Turn) -> str:
    """The one sentence, which nobody else sees."""

    def alone() -> Shown | None:
        match turn.messages:
            case [message] if message.ephemeral and not message.loading and not message.attachments:
                return message
        return None

    message: Shown = await discord.until(alone)
    assert message.text
    return message.text


async def nothing_happened(bot: Bot, person: Person, guild: Guild) -> None:
    assert await bot.jobs(person, guild) == []
    assert await bot.used(person, guild) == 0


BAD_FILES = {
    "text": (File("me.png", b"hello"), "picture"),
    "empty": (File("me.png", b""), "picture"),
    "program": (File("me.exe", b"MZ"), "picture"),
    "bomb": (File("me.png", bomb()), "picture"),
    "cut off": (File("me.png", cut_off()), "picture"),
    "large": (File("me.png", png() + bytes(25 * 2**20)), "10"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_a_file_that_is_no_picture(kind: str, bot: Bot, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    file, word = BAD_FILES[kind]
    turn = await ada.slash("avatar", **{"prompt": "a knight", "from": file})
    assert word in await told(discord, turn)
    await nothing_happened(bot, ada, guild)
    turn = await ada.slash("caption", topic="a knight", image=file)
    assert word in await told(discord, turn)
    await nothing_happened(bot, ada, guild)


async def test_a_file_that_discord_no_longer_has(
    bot: Bot, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.world.cdn, "get", lambda _: None)
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", **{"prompt": "a knight", "from": File("me.png", png())})
    assert await told(discord, turn)
    await nothing_happened(bot, ada, guild)


async def test_an_upload_that_is_gone_when_it_is_asked_for_again(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", **{"prompt": "a knight", "from": File("me.png", png())})
    shown = await turn.message_matching(finished)
    [job] = await bot.jobs(ada, guild)
    assert job.uploads
    await home.desk.artifacts.delete(job.uploads[0])
    again = await ada.press(shown, next(label for label in shown.labels if "gain" in label))
    await told(discord, again)
    assert len(await bot.jobs(ada, guild)) == 1


@pytest.mark.parametrize(("command", "option"), [("avatar", "prompt"), ("caption", "topic")])
@pytest.mark.parametrize("text", ["x" * 6000, "\u202e\u2066", "   "])
async def test_words_that_discords_client_would_not_send(
    command: str, option: str, text: str, bot: Bot, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.adapters.discord.wire.payloads.check_options", lambda *_: None)
    ada = guild.member("Ada")
    turn = await ada.slash(command, **{option: text})
    assert await told(discord, turn)
    await nothing_happened(bot, ada, guild)


async def test_mentions_and_markdown_are_never_live(bot: Bot, guild: Guild, discord: StandIn) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    nasty = f"@everyone @here {bo.mention} <@&1> **bold** [x](https://evil.example) https://evil.example <t:1:R> `a`"
    turn = await ada.slash("avatar", prompt=nasty)
    shown = await turn.message_matching(finished)
    for live in ("@everyone", "@here", bo.mention, "<@&1>", "**bold**", "https://", "<t:", " `a`"):
        assert live not in shown.text, live
    assert shown.payload["mentions"] == []
    assert not shown.payload["mention_everyone"]
    for asked in discord.asked():
        body = asked.body if isinstance(asked.body, dict) else {}
        message = body.get("data") if asked.path.endswith("/callback") else body
        if isinstance(message, dict) and message.get("content"):
            assert message["allowed_mentions"] == {"parse": []} or not message["allowed_mentions"].get("parse")


async def test_two_presses_at_once_make_one_job(bot: Bot, home: House, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight")
    shown = await turn.message_matching(finished)
    label = next(label for label in shown.labels if "gain" in label)
    first, second = await ada.press(shown, label), await ada.press(shown, label)
    await first.answered()
    await second.answered()
    await status(home, JobStatus.DELIVERED, 2)
    assert len(await bot.jobs(ada, guild)) == 2


async def test_a_command_where_the_bot_has_no_rights(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    guild.forbid(guild.general, view_channel=True, send_messages=True, attach_files=True)
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    await turn.message_matching(finished)


@pytest.mark.parametrize("who", ["bot", "member"])
async def test_who_leaves_while_it_is_drawn(who: str, bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    await drawing(home, ada)
    if who == "bot":
        guild.remove_bot()
    else:
        guild.leave(ada)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    [job] = await bot.jobs(ada, guild)
    assert await bot.used(ada, guild) == job.units


@pytest.mark.parametrize(
    "error", [EngineError("broken"), EngineUnreachable("gone"), Cancelled("deadline")], ids=lambda e: type(e).__name__
)
async def test_an_engine_that_fails_costs_nothing(
    error: EngineError, bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    home.engine.error = error
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: not message.loading and "⏹" in message.text)
    assert "Cancel" not in shown.labels
    assert await bot.used(ada, guild) == 0


async def test_a_quota_that_is_used_up(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    for _ in range(60 // 16):
        turn = await ada.slash("avatar", prompt="a knight", count=4)
        await turn.message_matching(finished)
    turn = await ada.slash("avatar", prompt="a knight", count=4)
    assert "60" in await told(discord, turn)
    assert await bot.used(ada, guild) == 48


async def test_a_queue_that_is_full(
    bot: Bot, home: House, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = replace(home.desk, policy=replace(home.desk.policy, queue_limit=0))
    house = bot.connection._house
    monkeypatch.setattr(type(house.deps), "desk", full, raising=False)
    ada = guild.member("Ada")
    await told(discord, await ada.slash("avatar", prompt="a knight"))
    await nothing_happened(bot, ada, guild)


async def test_a_command_that_is_not_offered_any_more(bot: Bot, guild: Guild, discord: StandIn) -> None:
    client = bot.connection._house.outlet.client
    assert isinstance(client, dpy.AutoShardedClient)
    client.tree.remove_command("quota")  # type: ignore[attr-defined]
    await told(discord, await guild.member("Ada").slash("quota"))
