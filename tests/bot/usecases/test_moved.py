"""A group that became a supergroup keeps its rules, its members' requests and what they used of it."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community import CommunityRules
from bot.domain.community_policy import PRESETS
from bot.domain.consent import Consent
from bot.domain.draft import Draft
from bot.domain.identity import Platform, Role
from bot.domain.moderation import CaseStatus, Category
from bot.domain.outcomes import Held
from bot.domain.quota import PICTURE_UNITS, Window
from bot.domain.requests import AvatarRequest
from bot.domain.sanctions import Sanction, SanctionKind, Strike
from bot.usecases import account, community, policy, review, sanctions
from tests import house
from tests.house import House

OLD, NEW, OTHER = "-5", "-1005", "-55"
IN_OLD = house.origin("ada", platform=Platform.TELEGRAM, community_id=OLD, channel_id=OLD)
THREAD = replace(IN_OLD, channel_id=f"{OLD}/9", parent_channel_id=OLD)
ELSEWHERE = replace(IN_OLD, community_id=OTHER, channel_id=OTHER)
OWNER = replace(IN_OLD, user_id="grace", role=Role.OWNER)


async def move(home: House) -> None:
    await community.moved(Platform.TELEGRAM, OLD, NEW, home.transaction)


async def rules(home: House, chat: str) -> CommunityRules:
    async with home.transaction() as tx:
        return await tx.communities.get(Platform.TELEGRAM, chat)


async def used(home: House, chat: str) -> int:
    async with home.transaction() as tx:
        start = Window.DAY.start(home.clock.now())
        return await tx.quotas.used(f"community:telegram:{chat}", start, Window.DAY.value)


async def test_rules_follow_also_where_moderators_sit(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    away = replace(OWNER, community_id=OTHER)
    ours = await community.change(
        OWNER, home.transaction, home.clock, review_channel=f"{OLD}/3", language="de", languages=["de"]
    )
    ours = await community.change(OWNER, home.transaction, home.clock, channels=frozenset({OLD, f"{OLD}/9", OTHER}))
    theirs = await community.change(away, home.transaction, home.clock, review_channel=OLD)
    for _ in range(2):
        await move(home)
        followed = replace(ours, review_channel=f"{NEW}/3", channels=frozenset({NEW, f"{NEW}/9", OTHER}))
        assert await rules(home, NEW) == followed
        assert await rules(home, OTHER) == replace(theirs, review_channel=NEW)
        assert await rules(home, OLD) == CommunityRules()


async def test_rules_made_under_the_new_id_win(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await community.change(OWNER, home.transaction, home.clock, review_channel="1")
    newer = replace(OWNER, community_id=NEW)
    made = await community.change(newer, home.transaction, home.clock, review_channel="2")
    await move(home)
    assert await rules(home, NEW) == made and await rules(home, OLD) == CommunityRules()


async def test_requests_follow_and_their_units_come_back(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    first, second = await home.accepted(origin=IN_OLD), await home.accepted(origin=THREAD)
    others = await home.accepted(origin=ELSEWHERE)
    discord = await home.accepted(origin=replace(IN_OLD, platform=Platform.DISCORD))
    newer = await home.accepted(origin=replace(IN_OLD, community_id=NEW, channel_id=NEW))
    consent = Consent("question", THREAD, "bob", AvatarRequest("as a knight", lent=True), home.clock.now())
    async with home.transaction() as tx:
        await tx.consents.add(consent)
        await tx.drafts.add(Draft("draft", THREAD, "avatar"))
        await tx.commit()
    here, thread = replace(IN_OLD, community_id=NEW, channel_id=NEW), f"{NEW}/9"
    there = replace(THREAD, community_id=NEW, channel_id=thread, parent_channel_id=NEW)
    for _ in range(2):
        await move(home)
        assert (await home.job(first.id)).origin == here and (await home.job(second.id)).origin == there
        for untouched in (others, discord, newer):
            assert await home.job(untouched.id) == untouched
        async with home.transaction() as tx:
            assert await tx.consents.get("question") == replace(consent, origin=there)
            assert await tx.drafts.get("draft") == Draft("draft", there, "avatar")
        assert (await used(home, NEW), await used(home, OLD)) == (3 * PICTURE_UNITS, 0)
        assert await used(home, OTHER) == PICTURE_UNITS
    async with home.transaction() as tx:
        await tx.quotas.release(first.id)
        await tx.commit()
    assert (await used(home, NEW), await used(home, OLD)) == (2 * PICTURE_UNITS, 0)


async def test_cards_follow(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await community.change(OWNER, home.transaction, home.clock, review_channel=f"{OLD}/3")
    outcome = await home.submit(AvatarRequest("please hold me"), IN_OLD)
    assert isinstance(outcome, Held)
    async with home.transaction() as tx:
        await tx.cards.shown(outcome.case_id, f"{OLD}/3", "77", CaseStatus.OPEN)
        await tx.commit()
    await move(home)
    await review.reject(outcome.case_id, "mod", home.transaction, home.events, home.clock)
    async with home.transaction() as tx:
        (card,) = await tx.cards.due(Platform.TELEGRAM, 0.0, 9)
    assert (card.channel_id, card.message_id) == (f"{NEW}/3", "77")


async def test_the_communities_that_a_channel_reviews(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    for chat, channel in ((OLD, "7"), (NEW, "7"), (OTHER, "8"), ("-9", None)):
        owner = replace(OWNER, community_id=chat)
        await community.change(owner, home.transaction, home.clock, review_channel=channel)
    async with home.transaction() as tx:
        assert await tx.communities.reviewed_in(Platform.TELEGRAM, "7") == sorted([OLD, NEW])
        assert await tx.communities.reviewed_in(Platform.TELEGRAM, "9") == []
        assert await tx.communities.reviewed_in(Platform.DISCORD, "7") == []


async def test_policies_judgements_and_sanctions_follow(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    chosen = await policy.change(OWNER, PRESETS["family"], 0, home.transaction, home.clock)
    member, now = await account.member(IN_OLD, home.transaction), home.clock.now()
    async with home.transaction() as tx:
        muted = Sanction("s", member.id, IN_OLD.community, SanctionKind.MUTE, "", "mod", now, now + 60)
        await tx.sanctions.add(muted)
        await tx.sanctions.strike(Strike("s", member.id, IN_OLD.community, Category.HATE, "c", now))
        await tx.commit()
    await home.submit(AvatarRequest("please block me"), replace(IN_OLD, user_id="another"))
    await move(home)
    there = replace(IN_OLD, community_id=NEW)
    assert await policy.current(there, home.transaction) == chosen
    assert (await policy.current(IN_OLD, home.transaction)).version == 0
    standing = await sanctions.of_member(replace(OWNER, community_id=NEW), member.id, home.transaction, home.clock)
    assert standing.sanction and len(standing.strikes) == 1
    async with home.transaction() as tx:
        assert len(await tx.screenings.within(Platform.TELEGRAM, NEW, 0, 1e12)) == 1
