"""Discord is told the commands when they changed, and never else."""

from pathlib import Path

import pytest

from adapters.discord import sync
from bot import i18n
from tests.adapters.discord import bot as bots
from tests.adapters.discord.bot import finished
from tests.adapters.discord.wire import StandIn
from tests.house import House

COMMANDS = "/commands"


async def start(home: House, discord: StandIn, folder: Path) -> int:
    """Start and stop the bot; how often Discord was told commands since the beginning."""
    async with bots.running(home, discord, folder):
        pass
    return len(discord.asked("PUT", COMMANDS))


async def test_a_restart_syncs_nothing_and_a_changed_sentence_does(
    home: House, discord: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await start(home, discord, tmp_path) == 1
    assert {"avatar", "caption", "gallery", "help"} <= set(discord.command_names)
    assert await start(home, discord, tmp_path) == 1
    text = i18n.Translator.text
    monkeypatch.setattr(
        i18n.Translator,
        "text",
        lambda self, reason: "Zeichne!" if reason == "command-avatar" and self.locale == "de" else text(self, reason),
    )
    assert await start(home, discord, tmp_path) == 2
    [avatar] = [command for command in discord.commands[None] if command["name"] == "avatar"]
    assert avatar["description_localizations"]["de"] == "Zeichne!"
    assert await start(home, discord, tmp_path) == 2


async def test_a_file_that_cannot_be_read_counts_as_none(home: House, discord: StandIn, tmp_path: Path) -> None:
    await start(home, discord, tmp_path)
    (tmp_path / sync.FILE).write_text("{")
    assert await start(home, discord, tmp_path) == 2
    assert await start(home, discord, tmp_path) == 2


async def test_another_application_is_told_too(home: House, discord: StandIn, tmp_path: Path) -> None:
    await start(home, discord, tmp_path)
    async with StandIn() as other:
        other.world.application_id += 1
        assert await start(home, other, tmp_path) == 1


@pytest.mark.parametrize(("status", "retry_after"), [(400, 0.0), (403, 0.0), (429, 86_000.0)])
async def test_a_bot_whose_commands_are_refused_serves_with_the_old_ones(
    status: int, retry_after: float, home: House, discord: StandIn, tmp_path: Path
) -> None:
    await start(home, discord, tmp_path)
    (tmp_path / sync.FILE).unlink()
    discord.faults.fail("PUT", "/applications/*", status, retry_after=retry_after)
    async with bots.running(home, discord, tmp_path):
        turn = await discord.guild().member("Ada").slash("avatar", prompt="a knight")
        await turn.message_matching(finished)
    assert not (tmp_path / sync.FILE).exists()
    await start(home, discord, tmp_path)
    assert (tmp_path / sync.FILE).exists()


async def test_a_discord_in_trouble_is_told_later(home: House, discord: StandIn, tmp_path: Path) -> None:
    discord.faults.fail("PUT", "/applications/*", 503)
    assert await start(home, discord, tmp_path) == 1
    assert (tmp_path / sync.FILE).exists()
