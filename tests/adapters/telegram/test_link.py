"""`/link`: a code for elsewhere, one from elsewhere, and the way apart; codes are shown in private alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.telegram import dispatch
from bot.domain.identity import Origin, Platform
from bot.usecases import link
from tests import house
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn
from tests.house import House

ELSEWHERE = replace(house.ADA, platform=Platform.DISCORD, display_name="<b>Ada</b> @everyone")
UNLINK = "Unlink this account"


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same button may be pressed twice at once."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


async def code(home: House, origin: Origin = ELSEWHERE) -> str:
    return (await link.issue(origin, home.transaction, home.clock)).code


async def says(telegram: StandIn, person: Person, text: str, chat: object = None) -> Shown:
    chat = chat or person.dm
    said = await person.says(chat, text)
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id)


async def test_a_code_is_shown_in_private_and_good_elsewhere(telegram: StandIn, bot: Bot, ada: Person) -> None:
    await drawn(telegram, ada, ada.dm)
    shown = await says(telegram, ada, "/link")
    found = re.search(r"Your code: (\S{4}-\S{4})\. Type /link \1 on your other platform within 10 minutes", shown.text)
    assert found and not shown.labels
    await link.redeem(ELSEWHERE, found[1], bot.house.transaction, bot.house.clock)
    assert await bot.house.used(ELSEWHERE) == await bot.used(ada) > 0


async def test_in_a_group_there_is_only_the_way_into_private(telegram: StandIn, bot: Bot, group: Group) -> None:
    bob = group.member("Bob")
    shown = await says(telegram, bob, "/link", group)
    assert "for you alone" in shown.text and not re.search(r"\w{4}-\w{4}", shown.text)
    url = shown.buttons[0][0]["url"]
    assert url == "https://t.me/huashen_bot?start=link"
    begun = await says(telegram, bob, f"/start {url.partition('start=')[2]}")
    assert "Your code" in begun.text


async def test_a_code_from_elsewhere_makes_one_of_two(telegram: StandIn, bot: Bot, ada: Person) -> None:
    shown = await code(bot.house)
    answer = await says(telegram, ada, f"/link {shown.lower().replace('-', ' ')}")
    assert answer.text.startswith("Linked with <b>Ada</")
    assert "one quota from now on: Discord, Telegram." in answer.text
    assert not [entity for entity in answer.entities if entity["type"] in ("bold", "mention")]
    used = await says(telegram, telegram.user("Bo"), f"/link {shown}")
    assert "wrong, used, or too old" in used.text
    await drawn(telegram, ada, ada.dm)
    assert await bot.house.used(ELSEWHERE) == await bot.used(ada) > 0


async def test_unlinking_asks_first_and_works_after_a_restart(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    there = bots.reach(telegram)
    async with bots.running(home, there, tmp_path):
        await says(telegram, ada, f"/link {await code(home)}")
        panel = await says(telegram, ada, "/link")
        assert "Linked: Discord, Telegram." in panel.text and panel.labels == [UNLINK]
        await home.accepted(origin=ELSEWHERE)
        await drawn(telegram, ada, ada.dm)
    async with bots.running(home, there, tmp_path) as bot:
        await ada.press(panel, UNLINK)
        question = await telegram.message(ada.dm, lambda shown: "Unlink this account?" in shown.text)
        assert len(await link.accounts(ELSEWHERE, home.transaction)) == 2
        await ada.press(question, UNLINK)
        await question.until(lambda shown: "on its own again" in shown.text and not shown.labels)
        assert await link.accounts(ELSEWHERE, home.transaction) == ((Platform.DISCORD, ELSEWHERE.user_id),)
        assert await bot.used(ada) > 0 and await home.used(ELSEWHERE) > 0
        await ada.press(panel, UNLINK)
        again = await telegram.message(ada.dm, lambda shown: "Unlink this account?" in shown.text)
        assert "not linked to any other" in (await (await ada.press(again, UNLINK)).answer()).text


async def test_what_cannot_be_is_one_sentence(telegram: StandIn, bot: Bot, ada: Person) -> None:
    bo = telegram.user("Bo")
    shown = await says(telegram, ada, "/link")
    own = re.findall(r"\w{4}-\w{4}", shown.text)[0]
    assert "this very account" in (await says(telegram, ada, f"/link {own}")).text
    assert "together you would have two: Telegram" in (await says(telegram, bo, f"/link {own}")).text
    for _ in range(link.TRIES):
        assert "wrong, used, or too old" in (await says(telegram, bo, "/link nonsense")).text
    assert "Too many wrong codes" in (await says(telegram, bo, f"/link {own}")).text
    for _ in range(link.CODES - 1):
        await says(telegram, ada, "/link")
    assert "Too many codes" in (await says(telegram, ada, "/link")).text


async def test_who_hides_behind_a_group_is_shown_no_code(telegram: StandIn, bot: Bot, group: Group) -> None:
    said = await group.owner().speaks_anonymously(group, "/link")
    shown = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    assert "cannot tell who is asking" in shown.text
