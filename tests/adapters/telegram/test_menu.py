"""The commands that Telegram shows: by place and language, told only when they changed."""

from pathlib import Path

import pytest

from adapters.telegram import menu
from adapters.telegram.commands import COMMANDS
from bot.i18n import locales, translator
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.stages import moment
from tests.adapters.telegram.wire import StandIn
from tests.house import House

SCOPES = ("all_private_chats", "all_group_chats", "all_chat_administrators")


async def started(home: House, telegram: StandIn, folder: Path) -> int:
    """Start the bot; answers how many requests it made to tell its commands."""
    before = len(telegram.asked("setMyCommands"))
    asking = len(telegram.asked("getUpdates"))
    async with bots.running(home, bots.reach(telegram), folder):
        await telegram.until(lambda: len(telegram.asked("getUpdates")) > asking)
    return len(telegram.asked("setMyCommands")) - before


async def test_every_place_has_its_commands_in_every_language(home: House, telegram: StandIn, tmp_path: Path) -> None:
    assert await started(home, telegram, tmp_path) == len(SCOPES) * len(menu.languages())
    studio = ["mix", "morph", "restyle", "upscale", "find"]
    everywhere = ["avatar", "caption", *studio, "gallery", "jobs", "quota", "link", "help"]
    for letters, locale in menu.languages().items():
        words = translator(locale)
        for scope in SCOPES:
            commands = telegram.commands(scope, letters)
            staff = ["review", "settings"] if scope == "all_chat_administrators" else []
            assert list(commands) == everywhere + staff
            assert all(text == words.text(f"command-{name}") for name, text in commands.items())
            assert set(commands) <= set(COMMANDS)


def test_every_language_that_we_speak_has_a_menu() -> None:
    assert {locale[:2] for locale in locales()} == {letters or "en" for letters in menu.languages()}
    assert menu.languages()[""] == "en"


async def test_what_has_not_changed_is_not_told_again(
    home: House, telegram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await started(home, telegram, tmp_path) > 0
    assert await started(home, telegram, tmp_path) == 0
    (scope, names), *others = menu.SCOPES
    monkeypatch.setattr(menu, "SCOPES", ((scope, names[:-1]), *others))
    assert await started(home, telegram, tmp_path) > 0
    assert "help" not in telegram.commands("all_private_chats")


@pytest.mark.parametrize("status", [400, 429, 502])
async def test_a_telegram_that_takes_no_commands_is_answered_all_the_same(
    status: int, home: House, telegram: StandIn, tmp_path: Path
) -> None:
    telegram.fail("setMyCommands", status, "no", retry_after=1000)
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await ada.says(ada.dm, "/quota")
        await telegram.message(ada.dm, lambda shown: "units left" in shown.text)
        await moment()
    assert await started(home, telegram, tmp_path) == len(SCOPES) * len(menu.languages())
