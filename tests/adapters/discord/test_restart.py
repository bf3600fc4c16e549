"""The bot goes away in the middle of things and comes back: nothing is lost, nothing is there twice."""

from pathlib import Path

import pytest

from adapters.discord import face
from bot.domain.jobs import JobStatus
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import finished
from tests.adapters.discord.stages import drawing, status
from tests.adapters.discord.wire import File, StandIn
from tests.fakes import png
from tests.house import House


async def test_the_same_message_gets_its_picture(home: House, discord: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, discord, tmp_path) as bot:
        guild = discord.guild()
        ada = guild.member("Ada")
        turn = await drawing(home, ada)
    assert await home.in_status(JobStatus.QUEUED) == 1
    home.engine.gate.set()
    async with bots.running(home, discord, tmp_path):
        await status(home, JobStatus.DELIVERED)
        shown = await turn.message_matching(finished)
        assert turn.original
        assert shown.id == turn.original.id
        assert len(discord.messages(guild.general)) == 1
        again = await ada.press(shown, next(label for label in shown.labels if "gain" in label))
        await again.message_matching(finished)
        [_, first] = await bot.jobs(ada, guild)
        assert await bot.used(ada, guild) == 2 * first.units


@pytest.mark.parametrize("private", [False, True])
async def test_a_picture_that_was_made_while_the_bot_was_away(
    private: bool, home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, discord, tmp_path, work=False):
        ada = discord.guild().member("Ada")
        turn = await ada.slash("avatar", prompt="a knight", private=private)
        await status(home, JobStatus.QUEUED)
    async with bots.running(home, discord, tmp_path):
        shown = await turn.message_matching(finished)
        assert shown.ephemeral == private


async def test_a_delivery_that_was_cut_short_comes_again(home: House, discord: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, discord, tmp_path):
        guild = discord.guild()
        turn = await drawing(home, guild.member("Ada"))
        discord.faults.delay("PATCH", "/webhooks/*", 5)
        home.engine.gate.set()
        await status(home, JobStatus.READY)
    discord.faults.clear()
    home.clock.time += 31
    async with bots.running(home, discord, tmp_path):
        await turn.message_matching(finished)
        await status(home, JobStatus.DELIVERED)
        assert len(discord.messages(guild.general)) == 1


async def test_the_crash_after_the_post_leaves_one_message(home: House, discord: StandIn, tmp_path: Path) -> None:
    async with bots.running(home, discord, tmp_path):
        guild = discord.guild()
        turn = await drawing(home, guild.member("Ada"))
        home.clock.time += 16 * 60
        discord.expire(turn)
        discord.faults.drop("POST", "/channels/*", 1000, after=True)
        home.engine.gate.set()
        await discord.until(lambda: len(discord.messages(guild.general)) == 2)
    discord.faults.clear()
    home.clock.time += 31
    async with bots.running(home, discord, tmp_path):
        await status(home, JobStatus.DELIVERED)
        assert len(discord.messages(guild.general)) == 2


async def test_a_cancelled_job_says_so_though_nobody_remembers_its_message(
    home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, discord, tmp_path, work=False) as bot:
        guild = discord.guild()
        ada = guild.member("Ada")
        turn = await ada.slash("avatar", prompt="a knight")
        shown = await turn.message_matching(lambda message: message.labels)
    async with bots.running(home, discord, tmp_path, work=False):
        await ada.press(shown, "Cancel")
        await status(home, JobStatus.CANCELLED)
        await discord.until(lambda: not shown.labels or "Cancel" not in shown.labels)
        assert await bot.used(ada, guild) == 0


async def test_a_running_job_that_is_stopped_says_so_though_nobody_remembers_its_message(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "FIRST", 0.1)
    monkeypatch.setattr(face, "PAUSE", 0.1)
    async with bots.running(home, discord, tmp_path):
        guild = discord.guild()
        ada = guild.member("Ada")
        turn = await drawing(home, ada)
        shown = await turn.message_matching(lambda message: message.labels)
    async with bots.running(home, discord, tmp_path):
        await status(home, JobStatus.RUNNING)
        await ada.press(shown, "Cancel")
        await status(home, JobStatus.CANCELLED)
        await discord.until(lambda: "Cancel" not in shown.labels and "⏹" in shown.text)


async def test_a_child_is_chosen_though_the_bot_went_away_three_times(
    home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, discord, tmp_path):
        guild = discord.guild()
        ada = guild.member("Ada")
        turn = await ada.slash("mix", image1=File("a.png", png("red")), image2=File("b.png", png("blue")))
        shown = await turn.message_matching(lambda message: "children" in message.text)
        await status(home, JobStatus.DELIVERED)
    for _ in range(2):
        async with bots.running(home, discord, tmp_path):
            pass
    month = 30 * 24 * 3600
    home.clock.time += month
    async with bots.running(home, discord, tmp_path):
        child = await bots.told(await ada.press(shown, "7"))
        assert "It is in your gallery now." in child.text and len(child.attachments) == 1
        await discord.until(lambda: shown.button("7")["style"] == 3)
        # What is asked now would look a month old, for the stand-in's own clock stands where it stood.
        home.clock.time -= month
        again = await ada.choose(shown, "More of the second", menu="How much comes from the second")
        await again.message_matching(lambda message: "children" in message.text)
        shelf = await bots.told(await ada.slash("gallery"))
        assert len(shelf.menus[0]["options"]) == 1
