"""What nobody expected: one sentence for the member, one entry in the log, and nothing charged."""

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import discord as dpy
import pytest
from structlog.testing import capture_logs

from adapters.discord import asking, dispatch
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.house import House

Entries = list[Any]


@pytest.fixture
def entries() -> Iterator[Entries]:
    """The log's warnings and errors."""
    with capture_logs() as logs:
        yield logs


def serious(entries: Entries) -> Entries:
    return [entry for entry in entries if entry["log_level"] in ("warning", "error")]


async def test_one_sentence_and_one_entry(
    bot: Bot, guild: Guild, discord: StandIn, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(asking, "submit", broken)
    ada = guild.member("Ada", locale="de")
    turn = await ada.slash("avatar", prompt="a knight")
    shown = await turn.message_matching(lambda message: message.ephemeral and not message.loading)
    await discord.until(lambda: [message.id for message in turn.messages] == [shown.id])
    assert "nobody expected" not in shown.text
    [entry] = serious(entries)
    assert entry["error"] == "RuntimeError"
    assert await bot.used(ada, guild) == 0


async def test_a_menu_of_suggestions_that_breaks_stays_empty(
    bot: Bot, guild: Guild, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr("adapters.discord.turn.community.rules", broken)
    ada = guild.member("Ada")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ada.complete("avatar", "style", "a"), 0.5)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("fault", ["expired", "500", "dropped"])
async def test_a_command_that_is_not_acknowledged_costs_nothing(
    fault: str, bot: Bot, home: House, guild: Guild, discord: StandIn, entries: Entries
) -> None:
    ada = guild.member("Ada")
    if fault == "expired":
        discord.world.ack_limit = 0.1
        discord.faults.delay("POST", "/interactions/*", 0.3)
    elif fault == "500":
        discord.world.ack_limit = 0.5
        discord.faults.fail("POST", "/interactions/*", 500)
    else:
        discord.faults.drop("POST", "/interactions/*", 5)
    turn = await ada.slash("avatar", prompt="a knight")
    async with asyncio.timeout(10):
        while not serious(entries):
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    assert turn.taken is None
    assert await bot.jobs(ada, guild) == []
    assert await bot.used(ada, guild) == 0
    if fault != "dropped":
        [entry] = serious(entries)
        assert entry["log_level"] == "warning"
    discord.faults.clear()
    discord.world.ack_limit = 3.0
    await (await ada.slash("avatar", prompt="a knight")).message_matching(finished)


async def test_an_acknowledgement_that_broke_off_after_discord_took_it(
    bot: Bot, guild: Guild, discord: StandIn, entries: Entries
) -> None:
    discord.faults.drop("POST", "/interactions/*", after=True)
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight")
    assert (await turn.answered()).text
    assert await bot.jobs(ada, guild) == []
    assert len(serious(entries)) == 1


async def test_hundreds_of_commands_leave_nothing_behind(
    bot: Bot, home: House, guild: Guild, discord: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_CLICK", 0.0)
    members = [guild.member(f"Member {number}") for number in range(20)]
    client: Any = bot.connection._house.outlet.client
    state = client._connection

    async def rounds(count: int) -> None:
        for _ in range(count):
            turns = [await member.slash("caption", topic="a hike") for member in members]
            for turn in turns:
                await turn.message_matching(lambda message: "ready" in message.text, 30)
            edits = [
                await member.press(turn.original, "Edit prompt") for member, turn in zip(members, turns, strict=True)
            ]
            for edit in edits:
                await edit.acknowledged()
            for member in members[:5]:
                await (await member.slash("jobs")).answered()

    def kept() -> dict[str, int]:
        gc.collect()
        # By type: asking an object for its class wakes what other libraries keep asleep, with their warnings.
        kinds = [type(thing) for thing in gc.get_objects()]
        return {
            "lives": len(bot.connection._house.living._lives),
            "pressed": len(client._answer._pressed),
            "views": len(state._view_store._views),
            "synced views": len(state._view_store._synced_message_views),
            "modals": len(state._view_store._modals),
            "users": len(state._users),
            "members": sum(len(guild._members) for guild in state._guilds.values()),
            "private channels": len(state._private_channels),
            "tasks": len(asyncio.all_tasks()),
            "views alive": sum(issubclass(kind, dpy.ui.View | dpy.ui.Modal) for kind in kinds),
            "interactions alive": sum(issubclass(kind, dpy.Interaction) for kind in kinds),
        }

    await rounds(1)
    await asyncio.sleep(1.2)  # the messages' first second
    before = kept()
    await rounds(3)
    await asyncio.sleep(1.2)
    after = kept()
    assert {name: count for name, count in after.items() if count > before[name] + 5} == {}
    assert after["lives"] == after["pressed"] == after["modals"] == after["views"] == 0
