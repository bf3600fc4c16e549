"""Messages on their way: what Discord asks us to wait for, and what overtakes what."""

import asyncio
from typing import Any

import pytest

from adapters.chat import living
from adapters.discord import asking, face
from bot.domain.jobs import JobStatus
from bot.ports import JobEvent
from engines.contract import ImageProgress
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.stages import drawing, status, too_late
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.house import House


@pytest.fixture
def lively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "FIRST", 0.0)
    monkeypatch.setattr(face, "PAUSE", 0.05)


async def test_a_late_edit_never_covers_a_result(
    bot: Bot, home: House, guild: Guild, discord: StandIn, lively: None
) -> None:
    discord.faults.delay("PATCH", "/webhooks/*", 0.5)
    turn = await drawing(home, guild.member("Ada"))
    await asyncio.sleep(0.2)  # the edit 'being drawn' is with Discord, which takes its time
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    await asyncio.sleep(0.5)
    assert turn.original
    assert len(turn.original.attachments) == 1


async def test_a_result_does_not_wait_for_progress_that_discord_puts_off(
    bot: Bot, home: House, guild: Guild, discord: StandIn, lively: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living, "LANDING", 0.1)
    discord.faults.fail("PATCH", "/webhooks/*", 429, retry_after=30)
    turn = await drawing(home, guild.member("Ada"))
    await asyncio.sleep(0.2)
    home.engine.gate.set()
    await turn.message_matching(finished)
    assert len(discord.asked("PATCH", "/webhooks/")) == 1


@pytest.mark.parametrize("late", [False, True])
async def test_many_results_keep_to_the_limit_of_a_route(
    late: bool, bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    members = [guild.member(f"Member {number}") for number in range(4)]
    home.engine.gate.clear()
    turns = [await member.slash("avatar", prompt="a knight") for member in members]
    async with asyncio.timeout(5):
        while await home.in_status(JobStatus.RUNNING) + await home.in_status(JobStatus.QUEUED) < 4:
            await asyncio.sleep(0.01)
    if late:
        for turn in turns[1:]:
            discord.expire(turn)
        too_late(home, discord, turns[0])
    discord.faults.limit("POST" if late else "PATCH", "/channels/*" if late else "/webhooks/*", 1, 0.3)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED, 4)
    pictures = [message for message in discord.messages(guild.general) if message.attachments]
    assert len(pictures) == 4
    refused = len(discord.asked("POST", f"/channels/{guild.general.id}/messages")) - 4 if late else 0
    assert refused <= 2


async def test_a_message_that_was_deleted_is_not_edited_again_and_again(
    bot: Bot, home: House, guild: Guild, discord: StandIn, lively: None
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    await turn.message_matching(lambda message: message.labels)
    [job] = await bot.jobs(ada, guild)
    assert turn.original
    discord.delete_message(turn.original)
    before = len(discord.asked("PATCH", "/webhooks/"))
    for step in range(5):
        home.events.publish(JobEvent(job.id, "", progress=ImageProgress(step, 5, None)))
        await asyncio.sleep(0.1)
    assert len(discord.asked("PATCH", "/webhooks/")) == before + 1
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)


async def test_a_job_that_is_done_before_its_message_lives_keeps_its_picture(
    bot: Bot, home: House, guild: Guild, discord: StandIn, lively: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, followed = asking.follow, asyncio.Event()

    async def late(*given: Any) -> None:
        await status(home, JobStatus.DELIVERED)
        await follow(*given)
        followed.set()

    monkeypatch.setattr(asking, "follow", late)
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    await asyncio.wait_for(followed.wait(), 5)
    await asyncio.sleep(0.2)
    assert turn.original
    assert len(turn.original.attachments) == 1


async def test_a_press_of_stop_never_covers_a_result(
    bot: Bot, home: House, guild: Guild, discord: StandIn, lively: None
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    shown = await turn.message_matching(lambda message: message.labels)
    discord.faults.delay("PATCH", "/webhooks/*", 0.5)
    await ada.press(shown, "Cancel")
    await asyncio.sleep(0.1)
    home.engine.gate.set()
    await status(home, JobStatus.DELIVERED)
    await asyncio.sleep(0.7)
    assert len(shown.attachments) == 1


async def test_a_picture_waits_for_a_bot_that_is_being_connected_again(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    turn = await drawing(home, guild.member("Ada"))
    outlet = bot.connection._house.outlet
    client, outlet.client = outlet.client, None
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    await asyncio.sleep(0.2)
    assert await home.in_status(JobStatus.READY) == 1
    outlet.client = client
    await turn.message_matching(finished)


async def test_a_client_that_closes_during_an_upload_leaves_it_to_the_next(
    bot: Bot, home: House, guild: Guild, discord: StandIn
) -> None:
    turn = await drawing(home, guild.member("Ada"))
    discord.faults.delay("PATCH", "/webhooks/*", 0.3)
    home.engine.gate.set()
    await status(home, JobStatus.READY)
    await asyncio.sleep(0.1)
    client = bot.connection._house.outlet.client
    assert client
    await client.close()
    await status(home, JobStatus.DELIVERED)
    assert turn.original
    assert len(turn.original.attachments) == 1
    assert bot.connection._house.outlet.client is not client
