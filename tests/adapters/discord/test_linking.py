"""`/link`: a code for elsewhere, one from elsewhere, and the way apart; all for the asker alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord import dispatch
from bot.domain.identity import Origin, Platform
from bot.usecases import link
from tests import house
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import Bot, drawn, told
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.house import House

ELSEWHERE = replace(house.ADA, platform=Platform.TELEGRAM, display_name="*Ada* @everyone")
UNLINK = "Unlink this account"


async def code(home: House, origin: Origin = ELSEWHERE) -> str:
    return (await link.issue(origin, home.transaction, home.clock)).code


async def linked(home: House, person: Person) -> Shown:
    """Type a code from elsewhere, then look at what is linked."""
    assert "Linked with" in (await told(await person.slash("link", code=await code(home)))).text
    return await told(await person.slash("link"))


async def test_a_code_is_shown_to_the_asker_and_good_elsewhere(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await drawn(ada)
    shown = await told(await ada.slash("link"))
    found = re.search(r"Your code: (\S{4}-\S{4})\. Type /link \1 on your other platform within 10 minutes", shown.text)
    assert found and not shown.labels
    await link.redeem(ELSEWHERE, found[1], bot.house.transaction, bot.house.clock)
    assert await bot.house.used(ELSEWHERE) == await bot.used(ada, guild) > 0


async def test_a_code_from_elsewhere_makes_one_of_two(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    shown = await code(bot.house)
    answer = await told(await ada.slash("link", code=shown.lower().replace("-", " ")))
    assert "Linked with \\*Ada\\*" in answer.content and "@everyone" not in answer.content
    assert "one quota from now on: Discord, Telegram." in answer.content
    assert "wrong, used, or too old" in (await told(await guild.member("Bo").slash("link", code=shown))).text
    await drawn(ada)
    assert await bot.house.used(ELSEWHERE) == await bot.used(ada, guild) > 0


async def test_unlinking_asks_first_and_works_after_a_restart(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_CLICK", 0.0)
    guild = discord.guild()
    ada = guild.member("Ada")
    async with bots.running(home, discord, tmp_path) as bot:
        panel = await linked(home, ada)
        assert "Linked: Discord, Telegram." in panel.text and panel.labels == [UNLINK]
        await home.accepted(origin=ELSEWHERE)
        await drawn(ada)
    async with bots.running(home, discord, tmp_path) as bot:
        question = await told(await ada.press(panel, UNLINK))
        assert question.id != panel.id and question.labels == [UNLINK]
        assert len(await link.accounts(ELSEWHERE, home.transaction)) == 2
        await ada.press(question, UNLINK)
        await discord.until(lambda: "on its own again" in question.text and not question.labels)
        assert await link.accounts(ELSEWHERE, home.transaction) == ((Platform.TELEGRAM, ELSEWHERE.user_id),)
        assert await bot.used(ada, guild) > 0 and await home.used(ELSEWHERE) > 0
        again = await told(await ada.press(panel, UNLINK))
        turn = await ada.press(again, UNLINK)
        answer = await turn.message_matching(lambda message: message.id != again.id)
        assert answer.ephemeral and "not linked to any other" in answer.text


async def test_what_cannot_be_is_one_sentence(bot: Bot, guild: Guild) -> None:
    ada, bo = guild.member("Ada"), guild.member("Bo")
    shown = await told(await ada.slash("link"))
    own = re.findall(r"\w{4}-\w{4}", shown.text)[0]
    assert "this very account" in (await told(await ada.slash("link", code=own))).text
    assert "together you would have two: Discord" in (await told(await bo.slash("link", code=own))).text
    for _ in range(link.TRIES):
        assert "wrong, used, or too old" in (await told(await bo.slash("link", code="nonsense"))).text
    assert "Too many wrong codes" in (await told(await bo.slash("link", code=own))).text
    for _ in range(link.CODES - 1):
        await told(await ada.slash("link"))
    assert "Too many codes" in (await told(await ada.slash("link"))).text
