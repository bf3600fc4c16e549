"""Every decision is in the log, once and in order; what is changed there is found."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.usecases import audit, casework
from tests import house
from tests.bot.usecases.moderating import MAX, MO, approve, held_picture, overturn, reject, set_policy


async def test_decisions_are_logged_without_words(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await set_policy(home, own_terms=("goblin",))
    _, case_id = await held_picture(home)
    await casework.claim(case_id, MO, home.transaction, home.clock)
    await casework.add_note(case_id, MO, "looks like a vase", home.transaction, home.clock)
    await reject(home, case_id)
    await overturn(home, case_id, MAX)
    entries = [entry async for entry in audit.export(home.transaction)]
    assert [entry.action for entry in entries] == ["policy-change", "claim", "note", "strike", "reject", "overturn"]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert {entry.community for entry in entries} == {"console:home"} and entries[-1].actor == MAX
    assert "vase" not in str(entries) and entries[4].detail["category"] == "sexual"
    assert await audit.verify(home.transaction) is None
    assert [entry async for entry in audit.export(home.transaction, community="console:other")] == []
    later = home.clock.now()
    assert len([entry async for entry in audit.export(home.transaction, later)]) == 5


async def test_many_at_once_make_one_chain(
    database: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    home = house.build(database, tmp_path)
    cases = [(await held_picture(home))[1] for _ in range(8)]
    await asyncio.gather(*(act(home, case) for act, case in zip([approve, reject] * 4, cases, strict=True)))
    assert await audit.verify(home.transaction) is None
    entries = [entry async for entry in audit.export(home.transaction)]
    # Four strikes at once lead to one mute.
    assert [entry.seq for entry in entries] == list(range(1, 14))
    assert Counter(entry.action for entry in entries) == {"approve": 4, "reject": 4, "strike": 4, "mute": 1}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE seq = 2", 2),
        ("UPDATE audit SET detail = '{}' WHERE seq = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET hash = previous WHERE seq = 4", 4),
        ("UPDATE audit_head SET hash = 'x'", 4),
    ],
)
async def test_a_tampered_row_is_found(database: AsyncEngine, tmp_path: Path, change: str, found: int) -> None:
    home = house.build(database, tmp_path)
    for _ in range(4):
        await approve(home, (await held_picture(home))[1])
    async with database.begin() as connection:
        await connection.execute(text(change))
    assert await audit.verify(home.transaction) == found
