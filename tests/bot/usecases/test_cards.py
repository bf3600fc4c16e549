"""Each open case gets one card where moderators look, and the card is told of the decision."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.identity import Platform, Role
from bot.domain.moderation import CaseStatus
from bot.domain.sanctions import SanctionKind
from bot.usecases import cards, casework, community, review, sanctions
from bot.usecases.cards import Card
from tests import house
from tests.bot.usecases.test_review import held
from tests.house import POLICY, House

OWNER = house.origin("grace", role=Role.OWNER)


async def due(home: House, limit: int = 20) -> list[Card]:
    return await cards.due(Platform.CONSOLE, home.transaction, home.clock, limit)


async def channel(home: House, review_channel: str | None) -> None:
    await community.change(OWNER, home.transaction, home.clock, review_channel=review_channel)


async def test_a_case_gets_a_card_once_there_is_a_channel(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    cases = [await held(home), await held(home)]
    await held(home, replace(house.ADA, community_id=None))
    await held(home, replace(house.ADA, community_id="other"))
    await held(home, replace(house.ADA, platform=Platform.TELEGRAM))
    assert await due(home) == []
    await channel(home, "mods")
    found = await due(home)
    assert [(card.docket.view.case.id, card.channel_id, card.message_id) for card in found] == [
        (case, "mods", None) for case in cases
    ]
    assert [card.docket.view.case.id for card in await due(home, 1)] == cases[:1]
    await cards.posted(cases[0], "mods", "message-1", CaseStatus.OPEN, home.transaction)
    assert [card.docket.view.case.id for card in await due(home)] == cases[1:]


async def test_a_card_is_told_of_the_decision_where_it_is(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await channel(home, "mods")
    case = await held(home)
    await cards.posted(case, "mods", "message-1", CaseStatus.OPEN, home.transaction)
    await review.approve(case, "mod", home.transaction, home.events, home.clock, POLICY)
    for now in ("elsewhere", None):
        await channel(home, now)
        (card,) = await due(home)
        assert (card.channel_id, card.message_id) == ("mods", "message-1")
        assert card.docket.view.case.status is CaseStatus.APPROVED
    await cards.posted(case, "mods", "message-1", CaseStatus.APPROVED, home.transaction)
    assert await due(home) == []


async def test_a_case_decided_before_it_had_a_card_needs_none(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await channel(home, "mods")
    await review.reject(await held(home), "mod", home.transaction, home.events, home.clock)
    assert await due(home) == []


async def test_what_one_channel_does_not_take_is_shown_in_the_next(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await channel(home, "mods")
    case = await held(home)
    await cards.lost(case, "mods", home.transaction)
    assert await due(home) == []
    await channel(home, "elsewhere")
    assert [(card.docket.view.case.id, card.channel_id, card.message_id) for card in await due(home)] == [
        (case, "elsewhere", None)
    ]


async def test_a_lost_card_is_not_tried_for_ever(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await channel(home, "mods")
    never, gone = await held(home), await held(home)
    await cards.posted(gone, "mods", "message-1", CaseStatus.OPEN, home.transaction)
    for case in (never, gone):
        await cards.lost(case, "mods", home.transaction)
        await review.approve(case, "mod", home.transaction, home.events, home.clock, POLICY)
    assert await due(home) == []


async def test_a_card_is_due_again_when_what_it_tells_changes(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await channel(home, "mods")
    case = await held(home)

    async def changed() -> bool:
        """Whether the card is due, and shown now."""
        found = await due(home)
        for card in found:
            await cards.posted(case, "mods", "message-1", card.shows, home.transaction)
        return bool(found)

    assert await changed() and not await changed()
    ports = home.transaction, home.clock
    await casework.claim(case, "mod", *ports)
    assert await changed() and not await changed()
    home.clock.time += casework.LEASE + 1
    assert await changed() and not await changed(), "nobody is at work any more"
    await casework.add_note(case, "mod", "seen before", *ports)
    assert await changed() and not await changed()
    await casework.ask_second(case, "mod", True, *ports)
    assert await changed() and not await changed()
    await casework.escalate(case, "mod", *ports)
    assert await changed() and not await changed()
    member = (await review.show(case, home.transaction)).job.member_id
    hour = 3600.0
    await sanctions.sanction(OWNER, member, SanctionKind.MUTE, "", home.transaction, home.events, home.clock, hour)
    assert await changed() and not await changed()
    home.clock.time += hour + 1
    assert await changed() and not await changed(), "the mute is over"
    # What happens while the card is on its way is not lost.
    await casework.add_note(case, "mod", "one more", *ports)
    (late,) = await due(home)
    await casework.add_note(case, "mod", "and another", *ports)
    await cards.posted(case, "mods", "message-1", late.shows, home.transaction)
    assert await changed() and not await changed()
