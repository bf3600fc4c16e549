"""The message that lives: place, progress, what the screens let through, and then nothing but the result."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.chat import living
from adapters.discord import face
from bot.domain.jobs import JobStatus
from bot.ports import JobEvent
from engines.contract import ImageProgress
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.fakes import WORDS
from tests.house import House


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "FIRST", 0.0)
    monkeypatch.setattr(face, "PAUSE", 0.1)


def edits(shown: Shown) -> list[str]:
    """Everything that was ever read there."""
    return [change.message["content"] for change in shown.changes]


async def test_it_tells_the_place_in_the_queue(home: House, discord: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, discord, tmp_path, work=False) as bot:
        guild = discord.guild()
        first, second = guild.member("Ada"), guild.member("Bo")
        shown = await (await first.slash("avatar", prompt="first")).message_matching(lambda message: message.buttons)
        assert shown.text == "> first\n⏳ You are next."
        assert shown.labels == ["Cancel"]
        home.clock.time += 1
        turn = await second.slash("avatar", prompt="second")
        behind = await turn.message_matching(lambda message: "1 ahead of you" in message.text)
        await first.press(shown, "Cancel")
        await discord.until(lambda: "Stopped." in shown.text)
        assert await bot.used(first, guild) == 0
        home.events.publish(JobEvent((await bot.jobs(second, guild))[0].id, ""))
        await discord.until(lambda: "You are next." in behind.text)


async def test_it_tells_the_steps_with_previews_and_then_the_result(home: House, bot: Bot, guild: Guild) -> None:
    home.engine.delay = 0.6
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    await turn.message_matching(lambda message: "Drawing: step" in message.text)
    preview = await turn.message_matching(lambda message: message.attachments)
    assert preview.attachments[0]["description"] == "a knight"
    assert preview.labels == ["Cancel"]
    await turn.message_matching(lambda message: "ready" in message.text)


async def test_an_edit_comes_at_most_every_two_seconds_and_none_after_the_result(
    home: House, discord: StandIn, bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(face, "FIRST", 0.0)
    assert face.PAUSE == 2.0
    home.engine.delay = 4.5
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: "ready" in message.text, 10)
    count = len(shown.changes)
    times = [change.at for change in shown.changes[1:-1]]
    assert len(times) >= 2
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(times))
    await asyncio.sleep(0.3)
    assert len(shown.changes) == count


@pytest.mark.parametrize("trouble", ["flagged", "broken"])
async def test_a_preview_that_the_screens_do_not_pass_is_never_shown(
    trouble: str, home: House, bot: Bot, guild: Guild
) -> None:
    home.moderator.picture_score = 0.95 if trouble == "flagged" else 0.0
    home.engine.delay = 0.6
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    working = await turn.message_matching(lambda message: "Drawing" in message.text)
    home.moderator.broken = trouble == "broken"
    end = "not fit to show" if trouble == "flagged" else "moderator will take a look"
    shown = await turn.message_matching(lambda message: end in message.text)
    assert all(not change.message["attachments"] for change in working.changes)
    assert any("step" in text for text in edits(shown))


async def test_captions_grow_as_they_are_written(home: House, bot: Bot, guild: Guild) -> None:
    home.engine.delay = 0.9
    turn = await guild.member("Ada").slash("caption", topic="a sunset hike", count=2)
    shown = await turn.message_matching(lambda message: "are ready" in message.text)
    drafts = [text for text in edits(shown) if "Writing drafts" in text]
    assert any(f"**1.** {WORDS[0][: len(WORDS[0]) // 3].strip()}" in text for text in drafts)
    assert all("**3.**" not in text for text in drafts)
    lengths = [len(text) for text in drafts]
    assert lengths == sorted(lengths)


async def test_a_draft_that_the_screens_do_not_pass_is_never_shown(
    home: House, bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.WORDS", ("Now block me, please, and let the others through.", *WORDS[1:]))
    home.engine.delay = 0.9
    turn = await guild.member("Ada").slash("caption", topic="a sunset hike", count=2)
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    assert any("**2.**" in text for text in edits(shown))
    assert not any("block me" in text for text in edits(shown))


async def test_a_running_job_is_stopped_and_says_what_it_cost(
    home: House, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    home.engine.gate.clear()
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: "Drawing…" in message.text)
    await ada.press(shown, "Cancel")
    await discord.until(lambda: "Stopping…" in shown.text and not shown.buttons)
    job = (await bot.jobs(ada, guild))[0]
    assert job.cancel_requested
    # The worker hears of it at its next heartbeat.
    async with home.transaction() as tx:
        assert await tx.jobs.move(job, JobStatus.CANCELLED, now=home.clock.now())
        await tx.quotas.settle(job.id)
        await tx.commit()
    home.events.publish(JobEvent(job.id, job.member_id, JobStatus.CANCELLED))
    await discord.until(lambda: "Work had begun, so its cost stays" in shown.text)
    assert shown.labels == ["Again", "Edit prompt"]


async def test_news_that_comes_between_two_edits_is_not_forgotten(
    home: House, discord: StandIn, bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "PAUSE", 0.5)
    home.engine.gate.clear()
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="first")
    await turn.message_matching(lambda message: "Drawing…" in message.text)
    job_id = (await bot.jobs(ada, guild))[0].id
    home.events.publish(JobEvent(job_id, "", progress=ImageProgress(2, 9, None)))
    await turn.message_matching(lambda message: "step 2 of 9" in message.text, 2.0)


async def test_what_stays_the_same_is_not_sent_again(
    home: House, discord: StandIn, bot: Bot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living, "PATIENCE", 0.05)
    home.engine.gate.clear()
    turn = await guild.member("Ada").slash("avatar", prompt="first")
    shown = await turn.message_matching(lambda message: "Drawing…" in message.text)
    await asyncio.sleep(0.5)
    assert len(shown.changes) == 2


async def test_it_lives_on_after_a_restart(home: House, discord: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, discord, tmp_path, work=False):
        ada = discord.guild().member("Ada")
        turn = await ada.slash("avatar", prompt="a knight")
        shown = await turn.message_matching(lambda message: "You are next" in message.text)
    home.engine.gate.clear()
    async with bots.running(home, discord, tmp_path):
        await discord.until(lambda: "Drawing…" in shown.text)
        home.engine.gate.set()
        await discord.until(lambda: "ready" in shown.text)


async def test_a_message_that_was_deleted_lives_no_longer(
    home: House, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    home.engine.gate.clear()
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: "Drawing…" in message.text)
    discord.delete_message(shown)
    home.engine.gate.set()
    await discord.until(lambda: any(message.attachments for message in discord.messages(guild.general)))
