"""What a member sees of their own things, for their eyes alone: gallery, jobs, quota, help."""

from pathlib import Path

import pytest

from adapters.chat.gallery import SHELF
from adapters.discord import face
from adapters.discord.page import CONTENT_LIMIT
from bot.domain.requests import AvatarRequest
from bot.usecases.process import process
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, delete, drawn, finished, told
from tests.adapters.discord.stages import drawing
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.house import House


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "FIRST", 0.0)


async def fill(bot: Bot, person: Person, guild: Guild, jobs: int, count: int) -> None:
    """Pictures in a gallery, without the way through Discord."""
    for number in range(jobs):
        bot.house.clock.time += 60
        await bot.house.accepted(AvatarRequest(f"number {number}", count=count), bot.origin(person, guild))
        await process(await bot.house.claim(), bot.house.bench)


def prompts(shelf: Shown) -> list[str]:
    """What the menu of a shelf offers."""
    return [option["label"].partition(": ")[2] for option in shelf.menu("Open one …")["options"]]


async def test_an_empty_gallery_says_how_to_fill_it(bot: Bot, guild: Guild) -> None:
    answer = await told(await guild.member("Ada").slash("gallery"))
    assert answer.text.startswith("Avatars appear here as soon as they are drawn")


async def test_the_gallery_is_turned_page_by_page_and_loses_no_picture(
    home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, discord, tmp_path, work=False) as bot:
        guild = discord.guild()
        ada = guild.member("Ada")
        await fill(bot, ada, guild, jobs=5, count=4)
        shelf = await told(await ada.slash("gallery"))
        seen = prompts(shelf)
        assert len(seen) <= SHELF and seen[0] == "number 4"
        assert shelf.labels == ["Earlier pictures"]
        (sheet,) = shelf.attachments
        assert sheet["description"].startswith("1: number 4; 2: number 4")
        while "Earlier pictures" in shelf.labels:
            before = prompts(shelf)
            await ada.press(shelf, "Earlier pictures")
            await discord.until(lambda before=before: prompts(shelf) != before)
            seen += prompts(shelf)
        assert seen == [f"number {number}" for number in (4, 3, 2, 1, 0) for _ in range(4)]
        assert shelf.labels == ["Newest"]
        await ada.press(shelf, "Newest")
        await discord.until(lambda: prompts(shelf)[0] == "number 4")


async def test_a_picture_of_the_gallery_opens_with_everything_that_can_be_done(
    bot: Bot, guild: Guild, discord: StandIn
) -> None:
    ada = guild.member("Ada")
    shown = await drawn(ada, count=2, seed=5)
    shelf = await told(await ada.slash("gallery"))
    opened = await told(await ada.choose(shelf, "2: a knight"))
    assert opened.files == shown.files[2:]
    assert "Variations" in opened.labels
    await delete(ada, opened)
    await discord.until(lambda: len(shown.attachments) == 1)
    assert "Variations" in shown.labels


async def test_a_gallery_whose_files_are_lost_still_shows_the_others(bot: Bot, guild: Guild, tmp_path: Path) -> None:
    ada = guild.member("Ada")
    await drawn(ada, count=2, seed=5)
    next((tmp_path / "artifacts").glob("??/*.png")).unlink()
    shelf = await told(await ada.slash("gallery"))
    assert prompts(shelf) == ["a knight"]
    next((tmp_path / "artifacts").glob("??/*")).unlink()
    assert (await told(await ada.slash("gallery"))).text.startswith("Avatars appear here")


async def test_nobody_sees_anybody_elses_things(bot: Bot, guild: Guild) -> None:
    await drawn(guild.member("Ada"))
    bo = guild.member("Bo")
    assert (await told(await bo.slash("gallery"))).text.startswith("Avatars appear here")
    assert (await told(await bo.slash("jobs"))).text == "Nothing of yours is waiting."


async def test_jobs_are_listed_with_their_places_and_can_be_stopped(
    home: House, discord: StandIn, tmp_path: Path
) -> None:
    async with bots.running(home, discord, tmp_path, work=False) as bot:
        guild = discord.guild()
        ada = guild.member("Ada")
        answers = []
        for prompt in ("first", "second", "hold me, *third*"):
            home.clock.time += 1
            answers.append(await ada.slash("avatar", prompt=prompt))
            await answers[-1].message_matching(lambda message: message.buttons)
        panel = await told(await ada.slash("jobs"))
        assert panel.text.split("\n") == [
            "**1.** hold me, \\*third\\*: Waiting for a moderator to look at your words. "
            "Nothing has been drawn; if they say no, your units come back.",
            "**2.** second: 1 ahead of you.",
            "**3.** first: You are next.",
        ]
        assert panel.labels == ["Cancel 1", "Cancel 2", "Cancel 3", "Refresh"]
        await ada.press(panel, "Cancel 1")
        await discord.until(lambda: len(panel.labels) == 3)
        await answers[2].message_matching(lambda message: "Stopped." in message.text)
        await ada.press(panel, "Cancel 2")
        await discord.until(lambda: panel.labels == ["Cancel 1", "Refresh"])
        await answers[0].message_matching(lambda message: "Stopped." in message.text)
        assert await bot.used(ada, guild) == sum(job.units for job in await bot.jobs(ada, guild)) // 3
    async with bots.running(home, discord, tmp_path):
        await answers[1].message_matching(lambda message: "ready" in message.text)
        await ada.press(panel, "Refresh")
        await discord.until(lambda: panel.text == "Nothing of yours is waiting." and not panel.buttons)


async def test_a_job_that_ended_meanwhile_just_leaves_the_list(
    home: House, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    ada = guild.member("Ada")
    turn = await drawing(home, ada)
    panel = await told(await ada.slash("jobs"))
    assert panel.text == "**1.** a knight: Drawing…"
    home.engine.gate.set()
    await turn.message_matching(finished)
    await ada.press(panel, "Cancel 1")
    await discord.until(lambda: panel.text == "Nothing of yours is waiting.")


async def test_quota_tells_what_is_left(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await drawn(ada, count=3)
    used = await bot.used(ada, guild)
    assert f"You have {100 - used} of 100 units left today." in (await told(await ada.slash("quota"))).text


async def test_help_names_every_command_in_the_members_language(bot: Bot, guild: Guild) -> None:
    answer = await told(await guild.member("Ada").slash("help"))
    makers = "avatar", "caption", "mix", "morph", "restyle", "upscale"
    for name in (*makers, "find", "gallery", "quota", "jobs", "link", "help"):
        assert f"**/{name}** " in answer.text
    assert len(answer.text) < CONTENT_LIMIT
    german = await told(await guild.member("Bert", locale="de").slash("help"))
    assert "Malt einen Avatar" in german.text or german.text != answer.text


async def test_panels_work_where_only_the_member_brought_the_app(bot: Bot, discord: StandIn) -> None:
    ada = discord.user("Ada", installed=True)
    for command in ("gallery", "jobs", "quota", "link", "help"):
        assert (await told(await ada.slash(command))).text
