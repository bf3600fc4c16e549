"""Where the answer stands when it can no longer stand where it was promised."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from adapters.discord import messenger
from bot.domain.jobs import JobStatus
from bot.usecases import account, review
from bot.usecases.report import report
from tests import fakes
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.stages import drawing, status, too_late
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.house import House


def with_picture(discord: StandIn, place: object) -> list[Shown]:
    return [message for message in discord.messages(place) if message.attachments]  # type: ignore[arg-type]


async def test_after_fifteen_minutes_it_is_a_reply_and_the_old_message_points_to_it(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    old = turn.original
    assert old
    too_late(home, discord, turn)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    [reply] = with_picture(discord, guild.general)
    assert reply.payload["message_reference"]["message_id"] == str(old.id)
    assert "a knight" in reply.text
    assert "further down" in old.text
    assert not old.attachments
    [job] = await bot.jobs(ada, guild)
    assert (job.origin.message_id, job.origin.token) == (str(reply.id), "")
    assert await bot.used(ada, guild) == job.units


async def test_where_the_bot_may_not_write_the_member_gets_it_in_private(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    too_late(home, discord, turn)
    guild.forbid(guild.general, send_messages=True)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    assert with_picture(discord, guild.general) == []
    assert len(with_picture(discord, ada.dm)) == 1


@pytest.mark.parametrize("gone", ["channel", "bot", "member"])
async def test_who_is_out_of_reach_finds_it_in_the_gallery(
    gone: str, bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    too_late(home, discord, turn)
    match gone:
        case "channel":
            guild.delete_channel(guild.general)
        case "bot":
            guild.remove_bot()
        case "member":
            guild.leave(ada)
            guild.forbid(guild.general, send_messages=True)
    discord.close_dms(ada)
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    [(picture, job)] = await account.gallery(Bot.origin(ada, guild), home.desk.transactions)
    assert (job.status, picture.job_id) == (JobStatus.READY, job.id)
    to_ada = f"/channels/{ada.dm.id}/messages"
    async with asyncio.timeout(5):
        while not discord.asked("POST", to_ada):
            await asyncio.sleep(0.01)
    home.clock.time += 3600
    await asyncio.sleep(0.2)
    assert len(discord.asked("POST", to_ada)) == 1
    assert await bot.used(ada, guild) == job.units


async def test_what_was_asked_in_private_never_reaches_the_channel(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada, private=True)
    too_late(home, discord, turn)
    before = len(discord.messages(guild.general))
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    assert len(with_picture(discord, ada.dm)) == 1
    assert len(discord.messages(guild.general)) == before
    assert discord.asked("POST", f"/channels/{guild.general.id}/messages") == []


async def test_what_came_of_a_private_message_is_private(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    await (await ada.slash("avatar", prompt="a knight")).message_matching(finished)
    shelf = await (await ada.slash("gallery")).message_matching(lambda message: message.menus)
    [option] = shelf.menus[0]["options"]
    opened = await (await ada.choose(shelf, option["value"])).message_matching(finished)
    assert opened.ephemeral
    home.engine.gate.clear()
    again = await ada.press(opened, next(label for label in opened.labels if "gain" in label))
    await status(home, JobStatus.RUNNING)
    too_late(home, discord, again)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED, 2)
    assert len(with_picture(discord, ada.dm)) == 1
    assert discord.asked("POST", f"/channels/{guild.general.id}/messages") == []


async def test_news_after_the_answer_moved_changes_the_new_message(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada, mo = guild.member("Ada"), Bot.origin(guild.member("Mo"), guild)
    turn = await drawing(home, ada)
    too_late(home, discord, turn)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    [reply] = with_picture(discord, guild.general)
    [job] = await bot.jobs(ada, guild)
    await report(mo, job.id, "ugly", home.desk.transactions, home.clock, home.events)
    [case] = await review.cases(home.desk.transactions)
    await review.reject(case.case.id, "mo", home.desk.transactions, home.events, home.clock)
    await discord.until(lambda: not reply.attachments)
    assert len(discord.messages(guild.general)) == 2


async def test_approved_hours_later_it_is_a_reply(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="hold me")
    old = await turn.answered()
    await status(home, JobStatus.HELD)
    too_late(home, discord, turn)
    home.clock.time += 7200
    [case] = await review.cases(home.desk.transactions)
    await review.approve(case.case.id, "mo", home.desk.transactions, home.events, home.clock, home.desk.policy)
    await status(home, JobStatus.DELIVERED)
    [reply] = with_picture(discord, guild.general)
    assert reply.id != old.id
    assert "further down" in old.text


async def test_a_message_that_was_deleted_meanwhile_is_posted_anew(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    assert turn.original
    discord.delete_message(turn.original)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    assert len(with_picture(discord, guild.general)) == 1


async def test_a_message_in_a_thread_that_was_archived(bot: Bot, home: House, guild: Guild, discord: StandIn) -> None:
    ada = guild.member("Ada")
    thread = guild.thread(guild.general, "pictures")
    home.engine.gate.clear()
    turn = await ada.slash("avatar", thread, prompt="a knight")
    await status(home, JobStatus.RUNNING)
    too_late(home, discord, turn)
    discord.world.edit_channel(thread.id, {}, thread_metadata={"archived": True, "locked": True})
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    assert len(with_picture(discord, ada.dm)) == 1


@pytest.mark.parametrize("fault", ["dropped before", "dropped after", "500", "502", "503", "429"])
@pytest.mark.parametrize("late", [False, True])
async def test_one_picture_whatever_the_connection_does(
    fault: str, late: bool, bot: Bot, home: House, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    if late:
        too_late(home, discord, turn)
    route = ("POST", "/channels/*/messages") if late else ("PATCH", "/webhooks/*")
    if fault.startswith("dropped"):
        discord.faults.drop(*route, 2, after=fault.endswith("after"))
    else:
        discord.faults.fail(*route, int(fault), 1 if fault in ("500", "502") else 2, retry_after=0.2)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    messages = discord.messages(guild.general)
    assert len([message for message in messages if message.attachments]) == 1
    assert len(messages) == 1 + late
    assert len(messages[-1].attachments) == 1


def noise() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((512, 512), 90).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("late", [False, True])
async def test_a_picture_is_made_as_small_as_the_place_wants(
    late: bool, home: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes, "png", lambda *_: noise())
    monkeypatch.setattr(messenger, "DEFAULT_LIMIT", 40_000)
    async with StandIn(size_limit=40_000) as discord, bots.running(home, discord, tmp_path) as bot:
        guild = discord.guild()
        turn = await drawing(home, guild.member("Ada"), count=2)
        if late:
            too_late(home, discord, turn)
        home.engine.gate.set()
        await status(home, JobStatus.DELIVERED)
        [message] = with_picture(discord, guild.general)
        assert len(message.attachments) == 3
        assert all(attachment["size"] <= 40_000 // 3 for attachment in message.attachments)
        assert bot
