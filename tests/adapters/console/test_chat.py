"""The terminal: what is typed, what is printed, and which files appear."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.console.blocks import blocks
from adapters.console.chat import SCRIPT, chat, demo
from adapters.console.messenger import ConsoleMessenger
from adapters.console.screen import Screen
from adapters.console.session import Session
from adapters.presentation import Choice
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.requests import CaptionRequest, Length
from bot.i18n import translator
from bot.runtime.worker import Worker
from bot.usecases import link, review
from bot.usecases.deliver import deliver_next
from bot.usecases.process import process
from tests import house
from tests.fakes import png
from tests.house import House

ORIGIN = replace(house.ADA, platform=Platform.CONSOLE, role=Role.OWNER)


class Terminal:
    """A session, what it printed, and a worker behind it."""

    def __init__(self, home: House, out: Path, *, live: bool = False) -> None:
        self.home = home
        self.printed = io.StringIO()
        console = Console(file=self.printed, force_terminal=live, width=100, highlight=False, color_system=None)
        styles, tones = (
            (Choice("pixel", {"en": "Pixel art"}),),
            (Choice("plain", {}), Choice("poetic", {"en": "Poetic"})),
        )
        self.session = Session(home.desk, ORIGIN, Screen(translator("en"), console), out, styles, tones)

    async def type(self, *lines: str) -> str:
        """Type lines into the chat; answers what was printed."""

        async def typed() -> AsyncIterator[str]:
            for line in lines:
                yield line

        worker = asyncio.create_task(Worker(self.home.bench).run())
        try:
            await asyncio.wait_for(chat(self.session, typed()), 20)
        finally:
            worker.cancel()
            await asyncio.wait({worker})
        return self.printed.getvalue()


@pytest.fixture
def home(sqlite_database: AsyncEngine, tmp_path: Path) -> House:
    return house.build(sqlite_database, tmp_path / "artifacts")


@pytest.fixture
def terminal(home: House, tmp_path: Path) -> Terminal:
    return Terminal(home, tmp_path / "out")


async def test_an_avatar_is_drawn_and_written(terminal: Terminal) -> None:
    printed = await terminal.type("/avatar a knight --seed 7 --count 2 --style pixel", "/quit", "/avatar never")
    assert {path.name for path in terminal.session.out.iterdir()} == {"a-knight-7.png", "a-knight-8.png"}
    assert "Drawing" in printed
    assert "seed 7" in printed
    assert "Pixel art" in printed
    assert "\x1b" not in printed
    assert len(terminal.home.engine.requests) == 1


async def test_a_picture_by_chance_is_said_to_be_one(terminal: Terminal) -> None:
    printed = await terminal.type("/avatar a castle", "/avatar a knight")
    assert printed.count("chance decided") == 1


async def test_captions_are_printed(terminal: Terminal) -> None:
    printed = await terminal.type("/caption rain --tone poetic --count 2")
    assert "Poetic" in printed
    assert "1. " in printed


async def test_plain_words_are_an_avatar_and_again_repeats_it(terminal: Terminal) -> None:
    await terminal.type("a knight", "/again")
    first, second = terminal.home.engine.requests
    assert first.prompt == second.prompt == "a knight"  # type: ignore[union-attr]
    assert first.seed != second.seed  # type: ignore[union-attr]


async def test_the_last_caption_gets_longer_and_shorter_until_the_end(terminal: Terminal) -> None:
    printed = await terminal.type("/caption rain --length short", "/longer", "/shorter", "/shorter")
    assert terminal.session.last and terminal.session.last.job.request == CaptionRequest(
        "rain", length=Length.SHORT, seed=terminal.session.last.job.request.seed
    )
    assert printed.count("Writing") == 3 and "does not get any shorter" in printed


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/dance", "no command /dance"),
        ("/avatar", "Say what the avatar should look like"),
        ("/avatar a fox --seed seven", "must be a number"),
        ("/avatar block me", "looks like violence"),
        ("/avatar hold me", "A moderator will take a look"),
        ("/quota", "of 100 units"),
        ("/link", "Your code: "),
        ("/link ABCD-2345", "wrong, used, or too old"),
        ("/help", "/quit"),
        ("/gallery", "Avatars appear here"),
        ("/again", "no command /again"),
        ("/longer", "no command /longer"),
    ],
)
async def test_everything_else_is_one_sentence(terminal: Terminal, line: str, sentence: str) -> None:
    assert sentence in await terminal.type(line)


async def test_a_code_from_another_platform_joins_the_two(terminal: Terminal) -> None:
    elsewhere, home = replace(ORIGIN, platform=Platform.DISCORD, display_name="[b]Ada[/b]"), terminal.home
    code = (await link.issue(elsewhere, home.transaction, home.clock)).code
    printed = await terminal.type(f"/link {code.lower()}", "/link")
    assert "Linked with [b]Ada[/b]." in printed and "from now on: Terminal, Discord." in printed
    assert "Linked: Terminal, Discord." in printed
    assert len(await link.accounts(elsewhere, home.transaction)) == 2


async def test_the_gallery_lists_seeds(terminal: Terminal) -> None:
    assert "seed 7  a knight" in await terminal.type("/avatar a knight --seed 7", "/gallery")


async def test_markup_in_a_prompt_stays_words(terminal: Terminal) -> None:
    assert "[bold]fox[/bold]" in await terminal.type("/avatar [bold]fox[/bold] --seed 1", "/gallery")


async def test_an_interrupt_stops_the_job_and_not_the_chat(terminal: Terminal) -> None:
    terminal.home.engine.gate.clear()
    typing = asyncio.create_task(terminal.type("/avatar a knight", "/quota"))
    async with asyncio.timeout(10):
        while not terminal.home.engine.requests:
            await asyncio.sleep(0.01)
    assert terminal.session.interrupt()
    printed = await typing
    assert "Stopped. Work had begun, so its cost stays: 4 units." in printed
    assert "units left today" in printed
    assert not terminal.session.interrupt()


async def test_on_a_terminal_things_move(home: House, tmp_path: Path) -> None:
    terminal = Terminal(home, tmp_path / "out", live=True)
    home.engine.delay = 0.3
    printed = await terminal.type("/avatar a knight --seed 7", "/caption rain")
    assert "step 2 of 3" in printed
    assert "\x1b" in printed


async def test_the_demo_walks_both_commands(terminal: Terminal) -> None:
    worker = asyncio.create_task(Worker(terminal.home.bench).run())
    assert await asyncio.wait_for(demo(terminal.session), 20)
    worker.cancel()
    await asyncio.wait({worker})
    assert len(list(terminal.session.out.iterdir())) == 2
    assert all(line in terminal.printed.getvalue() for line in SCRIPT)


async def test_what_is_decided_later_is_delivered_once(terminal: Terminal) -> None:
    await terminal.type("/avatar hold me")
    home, messenger = terminal.home, ConsoleMessenger(terminal.session)
    (case,) = await review.cases(home.transaction)
    desk = home.desk
    await review.approve(case.case.id, "mod", desk.transactions, desk.events, desk.clock, desk.policy)
    assert await process(await home.claim(), home.bench) is JobStatus.READY
    while await deliver_next({Platform.CONSOLE: messenger}, home.transaction, home.clock):
        pass
    assert len(list(terminal.session.out.iterdir())) == 1
    assert terminal.printed.getvalue().count("hold-me") == 1


async def test_what_the_chat_has_shown_is_not_delivered_again(terminal: Terminal) -> None:
    printed = await terminal.type("/avatar a knight --seed 7")
    messenger = ConsoleMessenger(terminal.session)
    assert await deliver_next({Platform.CONSOLE: messenger}, terminal.home.transaction, terminal.home.clock)
    assert terminal.printed.getvalue() == printed


def test_a_picture_in_blocks_is_half_as_tall() -> None:
    text = blocks(png("red", 64), width=16)
    assert text.plain == "\n".join(["▀" * 16] * 8)
