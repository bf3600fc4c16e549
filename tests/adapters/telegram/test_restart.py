"""The bot goes away in the middle of things, in order or not, and comes back: nothing is lost, nothing comes twice."""

import asyncio
from pathlib import Path

import pytest

from adapters.telegram import hearing, outlet
from bot.domain.jobs import JobStatus
from bot.usecases import recover
from bot.usecases.submit import Desk
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, finished
from tests.adapters.telegram.stages import delivered, doomed, drawing, moment, remembered
from tests.adapters.telegram.wire import Person, StandIn
from tests.house import POLICY, House

LATER = POLICY.lease + 31
"""Seconds after which what a killed bot held is anybody's."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was refused tries again without a pause."""
    monkeypatch.setattr(outlet, "RECONNECT", 0.0)


async def recovered(home: House) -> None:
    """Time passes, and the janitor comes."""
    home.clock.time += LATER
    desk: Desk = home.desk
    await recover.jobs(desk.transactions, home.events, home.clock, POLICY)


@pytest.mark.parametrize("killed", [False, True])
async def test_the_same_message_gets_its_picture(killed: bool, home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    if killed:
        async with doomed(home, telegram, tmp_path):
            shown = await drawing(home, telegram, ada, ada.dm)
        assert await home.in_status(JobStatus.RUNNING) == 1
        await recovered(home)
    else:
        async with bots.running(home, bots.reach(telegram), tmp_path):
            shown = await drawing(home, telegram, ada, ada.dm)
    assert await home.in_status(JobStatus.QUEUED) == 1
    home.engine.gate.set()
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        await shown.until(finished)
        await delivered(home)
        assert [each.id for each in telegram.from_bot(ada.dm)] == [shown.id]
        assert await bot.used(ada) == 4


@pytest.mark.parametrize("killed", [False, True])
async def test_a_picture_that_was_made_while_the_bot_was_away(
    killed: bool, home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with (
        doomed(home, telegram, tmp_path, work=False)
        if killed
        else bots.running(home, bots.reach(telegram), tmp_path, work=False)
    ):
        said = await ada.says(ada.dm, "/avatar a knight")
        shown = await telegram.message(ada.dm, lambda shown: shown.reply_to == said.id)
        await remembered(home)
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await shown.until(finished)
        await delivered(home)
    assert len(telegram.from_bot(ada.dm)) == 1


async def cut_short(
    home: House, telegram: StandIn, folder: Path, person: Person, method: str, words: str, carried_out: bool
) -> None:
    """Killed while a request of a delivery is on its way, before or after Telegram carries it out."""
    async with doomed(home, telegram, folder):
        shown = await drawing(home, telegram, person, person.dm, words)
        if not carried_out:
            telegram.hang(method, 0.3)
        else:
            telegram.drop(method, 1)
        before = len(telegram.asked(method))
        home.engine.gate.set()
        await telegram.until(lambda: len(telegram.asked(method)) > before)
        if carried_out:
            await telegram.until(lambda: telegram.asked(method)[-1].status == 200)
    telegram.faults.clear()
    await moment()
    assert shown.id
    assert await home.in_status(JobStatus.READY) == 1
    home.clock.time += 31


@pytest.mark.parametrize("carried_out", [False, True])
async def test_killed_in_the_middle_of_a_delivery_there_is_one_picture(
    carried_out: bool, home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    await cut_short(home, telegram, tmp_path, ada, "editMessageMedia", "a knight", carried_out)
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        await delivered(home)
        [shown] = telegram.from_bot(ada.dm)
        assert finished(shown) and shown.photo
        assert await bot.used(ada) == 4


async def test_killed_after_an_album_it_is_not_sent_again(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    await cut_short(home, telegram, tmp_path, ada, "editMessageText", "a knight --count 2", False)
    assert len(telegram.asked("sendMediaGroup")) == 1
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await delivered(home)
        await telegram.message(ada.dm, finished)
    assert len(telegram.asked("sendMediaGroup")) == 1


@pytest.mark.parametrize(("method", "words"), [("sendMediaGroup", "a knight --count 2"), ("sendMessage", "a knight")])
async def test_stopped_in_order_what_is_on_its_way_arrives_and_is_remembered(
    method: str, words: str, home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path):
        telegram.hang(method, 0.3)
        await ada.says(ada.dm, f"/avatar {words}")
        await telegram.until(lambda: telegram.asked(method))
    telegram.faults.clear()
    home.clock.time += 31
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await delivered(home)
    assert len(telegram.asked(method)) == 1
    assert len([shown for shown in telegram.from_bot(ada.dm) if not shown.album]) == 1


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_an_update_that_was_taken_but_not_confirmed_is_not_done_twice(
    how: str, home: House, telegram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = telegram.user("Ada")
    home.engine.gate.clear()
    context = (
        doomed(home, telegram, tmp_path, work=False)
        if how == "killed"
        else bots.running(home, bots.reach(telegram), tmp_path, work=False)
    )
    async with context as run:
        bot = run if isinstance(run, Bot) else run.bot
        # The update's own task ends only when it is told to, though the job is made.
        follow = asyncio.Event()
        taken = bot.connection._house.living.begin

        def begin(*args: object) -> None:
            taken(*args)  # type: ignore[arg-type]
            follow.set()

        monkeypatch.setattr(bot.connection._house.living, "begin", begin)
        if how == "stopped":
            telegram.hang("getUpdates", 0.0)
        await ada.says(ada.dm, "/avatar a knight")
        await follow.wait()
    home.engine.gate.set()
    async with bots.running(home, bots.reach(telegram), tmp_path) as again:
        await delivered(home)
        await moment()
        assert len(await again.jobs(ada)) == 1 and await again.used(ada) == 4
        assert len([shown for shown in telegram.from_bot(ada.dm) if shown.photo]) == 1


async def test_what_was_answered_before_an_orderly_stop_is_not_answered_again(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path):
        telegram.hang("sendMessage", 0.3)
        await ada.says(ada.dm, "/help")
        await telegram.until(lambda: telegram.asked("sendMessage"))
    assert len(telegram.from_bot(ada.dm)) == 1
    telegram.faults.clear()
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await ada.says(ada.dm, "/quota")
        await telegram.message(ada.dm, lambda shown: "units left" in shown.text)
    assert len(telegram.from_bot(ada.dm)) == 2


async def test_what_was_not_answered_before_a_kill_is_answered_after(
    home: House, telegram: StandIn, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with doomed(home, telegram, tmp_path):
        telegram.fail("sendMessage", 502, "Bad Gateway", times=100)
        telegram.hang("sendMessage", 5.0)
        await ada.says(ada.dm, "/help")
        await telegram.until(lambda: telegram.asked("sendMessage"))
    telegram.faults.clear()
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await telegram.message(ada.dm, lambda shown: "/avatar" in shown.text)


async def test_jobs_that_wait_live_on(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada, bob = telegram.user("Ada"), telegram.user("Bob")
    async with doomed(home, telegram, tmp_path, work=False):
        first = await telegram.message(ada.dm, _asked(await ada.says(ada.dm, "/avatar a knight")))
        await first.until(lambda shown: "next" in shown.text)
        home.clock.time += 1
        second = await telegram.message(bob.dm, _asked(await bob.says(bob.dm, "/avatar a fox")))
        await second.until(lambda shown: "1 ahead" in shown.text)
        await remembered(home)
    home.engine.gate.clear()
    async with bots.running(home, bots.reach(telegram), tmp_path):
        for shown in (first, second):
            await shown.until(lambda shown: "Drawing" in shown.text)
        home.engine.gate.set()
        for shown in (first, second):
            await shown.until(finished)


def _asked(said):  # type: ignore[no-untyped-def]
    return lambda shown: shown.reply_to == said.id


async def test_a_button_works_after_a_restart(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with doomed(home, telegram, tmp_path, work=False):
        shown = await telegram.message(ada.dm, _asked(await ada.says(ada.dm, "/avatar a knight")))
        await remembered(home)
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False) as bot:
        await ada.press(shown, "Cancel")
        await shown.until(lambda shown: "Stopped." in shown.text)
        assert await bot.used(ada) == 0


async def test_a_press_waits_for_a_bot_that_is_away(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False):
        shown = await telegram.message(ada.dm, _asked(await ada.says(ada.dm, "/avatar a knight")))
        await remembered(home)
    await ada.press(shown, "Cancel")
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False):
        await shown.until(lambda shown: "Stopped." in shown.text)


def test_patience_is_short_enough_for_everybody_else() -> None:
    assert hearing.PATIENCE <= 2.0
