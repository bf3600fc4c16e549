"""Two accounts become one person by a code, and part again with what is theirs."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import Conflict, HuashenError, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Job
from bot.domain.link import Linked
from bot.domain.outcomes import Accepted
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import AvatarRequest
from bot.usecases import account, link, recover, report
from bot.usecases.process import process
from tests import house
from tests.house import House

DISCORD = house.origin("1", platform=Platform.DISCORD, display_name="Ada of Discord")
TELEGRAM = house.origin("2", platform=Platform.TELEGRAM, display_name="Ada of Telegram", locale="de")
WEB = house.origin("3", platform=Platform.WEB)
BOTH = ((Platform.DISCORD, "1"), (Platform.TELEGRAM, "2"))


async def code(home: House, origin: Origin = DISCORD) -> str:
    return (await link.issue(origin, home.transaction, home.clock)).code


async def redeem(home: House, typed: str, origin: Origin = TELEGRAM) -> Linked:
    return await link.redeem(origin, typed, home.transaction, home.clock)


async def joined(home: House, origin: Origin = TELEGRAM, to: Origin = DISCORD) -> Linked:
    return await redeem(home, await code(home, to), origin)


async def part(home: House, origin: Origin) -> None:
    await link.unlink(origin, home.transaction, home.clock)


async def drawn(home: House, origin: Origin, prompt: str = "a knight") -> Job:
    job = await home.accepted(AvatarRequest(prompt, seed=7), origin)
    await process(await home.claim(), home.bench)
    return await home.job(job.id)


async def gallery(home: House, origin: Origin) -> list[str]:
    return sorted(picture.id for picture, _ in await account.gallery(origin, home.transaction))


async def history(home: House, origin: Origin) -> list[str]:
    return sorted(view.job.id for view in await account.history(origin, home.transaction))


async def rows(database: AsyncEngine, sql: str) -> list[tuple[object, ...]]:
    async with database.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(sql))]


async def test_gallery_history_and_quota_are_one(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    first, second = await drawn(home, DISCORD), await drawn(home, TELEGRAM)
    stranger = await drawn(home, house.ADA)
    linked = await joined(home)
    assert linked == Linked(BOTH, "Ada of Discord")
    assert await gallery(home, DISCORD) == await gallery(home, TELEGRAM)
    assert len(await gallery(home, DISCORD)) == 2 and len(await gallery(home, house.ADA)) == 1
    assert await history(home, DISCORD) == await history(home, TELEGRAM) == sorted([first.id, second.id])
    assert await home.used(DISCORD) == await home.used(TELEGRAM) == 2 * PICTURE_UNITS
    assert await history(home, house.ADA) == [stranger.id] and await home.used(house.ADA) == PICTURE_UNITS
    for origin in (DISCORD, TELEGRAM):
        assert await link.accounts(origin, home.transaction) == BOTH
    third = await drawn(home, TELEGRAM)
    assert third.member_id == (await home.job(first.id)).member_id
    assert await home.used(DISCORD) == 3 * PICTURE_UNITS
    (picture, *_) = await gallery(home, DISCORD)
    await account.delete_picture(TELEGRAM, picture, home.transaction, home.clock)
    assert await rows(database, "SELECT count(*) FROM members") == [(2,)]
    # Windows of before are gone with their member: what is left is exactly the person's and the stranger's.
    assert await rows(database, "SELECT count(DISTINCT account) FROM quota_usage WHERE account LIKE 'member:%'") == [
        (2,)
    ]


async def test_what_was_reserved_before_comes_back_to_the_person(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    reserved, settled = await home.accepted(origin=TELEGRAM), await home.accepted(origin=TELEGRAM)
    await home.accepted(origin=DISCORD)
    async with home.transaction() as tx:
        await tx.quotas.settle(settled.id)
        await tx.commit()
    await joined(home)
    assert await home.used(DISCORD) == 3 * PICTURE_UNITS
    for job, back in ((reserved, "release"), (settled, "refund")):
        before = await home.used(DISCORD)
        for _ in range(2):
            async with home.transaction() as tx:
                await getattr(tx.quotas, back)(job.id)
                await tx.commit()
        assert await home.used(DISCORD) == before - PICTURE_UNITS


async def test_a_job_that_runs_meanwhile_ends_as_the_persons(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    home.moderator.picture_score = 0.7
    await home.accepted(origin=TELEGRAM)
    running = await home.claim()
    await joined(home)
    await process(running, home.bench)
    person = (await home.job(running.id)).member_id
    assert person != running.member_id
    for table in ("artifacts", "screenings"):
        assert set(await rows(database, f"SELECT member_id FROM {table}")) == {(person,)}
    await part(home, TELEGRAM)
    alone = (await home.job(running.id)).member_id
    assert alone not in (person, running.member_id)
    for table in ("artifacts", "screenings"):
        assert set(await rows(database, f"SELECT member_id FROM {table}")) == {(alone,)}


async def test_unlinking_leaves_each_what_is_theirs(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    of_discord = [(await drawn(home, DISCORD)).id]
    of_telegram = [(await drawn(home, TELEGRAM)).id, (await drawn(home, TELEGRAM)).id]
    await joined(home)
    home.clock.time += 60
    of_telegram.append((await drawn(home, TELEGRAM)).id)
    of_discord.append((await home.accepted(origin=DISCORD)).id)
    freed = await home.accepted(origin=TELEGRAM)
    async with home.transaction() as tx:
        await tx.quotas.release(freed.id)
        await tx.commit()
    of_telegram.append(freed.id)
    alone = await link.unlink(TELEGRAM, home.transaction, home.clock)
    assert (alone.accounts, alone.display_name, alone.locale) == (((Platform.TELEGRAM, "2"),), "Ada of Telegram", "de")
    assert await history(home, DISCORD) == sorted(of_discord) and await history(home, TELEGRAM) == sorted(of_telegram)
    assert (len(await gallery(home, DISCORD)), len(await gallery(home, TELEGRAM))) == (1, 3)
    assert (await home.used(DISCORD), await home.used(TELEGRAM)) == (2 * PICTURE_UNITS, 3 * PICTURE_UNITS)
    async with home.transaction() as tx:
        await tx.quotas.release(of_discord[1])
        await tx.commit()
    assert (await home.used(DISCORD), await home.used(TELEGRAM)) == (PICTURE_UNITS, 3 * PICTURE_UNITS)
    for origin in (DISCORD, TELEGRAM):
        with pytest.raises(Conflict, match="link-none"):
            await part(home, origin)
    # The minute's window was split too: neither is short of what it may ask for.
    assert isinstance(await home.submit(AvatarRequest("many", count=4), TELEGRAM), Accepted)
    await joined(home, DISCORD, to=TELEGRAM)
    assert len(await history(home, DISCORD)) == len(of_discord + of_telegram) + 1


async def test_of_three_accounts_one_leaves(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    jobs = {origin.platform: await home.accepted(origin=origin) for origin in (DISCORD, TELEGRAM, WEB)}
    await joined(home)
    assert (await joined(home, DISCORD, to=WEB)).accounts == (*BOTH, (Platform.WEB, "3"))
    assert await home.used(TELEGRAM) == 3 * PICTURE_UNITS
    await part(home, DISCORD)
    assert await history(home, DISCORD) == [jobs[Platform.DISCORD].id]
    assert await history(home, WEB) == sorted([jobs[Platform.TELEGRAM].id, jobs[Platform.WEB].id])
    assert (await home.used(DISCORD), await home.used(TELEGRAM)) == (PICTURE_UNITS, 2 * PICTURE_UNITS)


async def test_reports_and_judgements_follow_and_part(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    of_bob = await drawn(home, house.origin("bob", platform=Platform.DISCORD))
    of_carol = await drawn(home, house.origin("carol", platform=Platform.TELEGRAM))
    own = await drawn(home, DISCORD)
    for origin, job in ((DISCORD, of_bob), (TELEGRAM, of_carol), (DISCORD, own)):
        await report.report(origin, job.id, "", home.transaction, home.clock, home.events)
        await home.submit(AvatarRequest("please block me"), origin)
    names = {(await account.member(origin, home.transaction)).id: origin for origin in (DISCORD, TELEGRAM)}

    async def theirs(table: str) -> list[tuple[object, ...]]:
        known = [f"'{(await account.member(origin, home.transaction)).id}'" for origin in (DISCORD, TELEGRAM)]
        return await rows(database, f"SELECT id, member_id FROM {table} WHERE member_id IN ({', '.join(known)})")

    before = {table: await theirs(table) for table in ("reports", "screenings")}
    await joined(home)
    person = (await account.member(DISCORD, home.transaction)).id
    for table in before:
        assert await theirs(table) and {member for _, member in await theirs(table)} == {person}
        assert len(await theirs(table)) == len(before[table])
    with pytest.raises(Conflict, match="already-reported"):
        await report.report(TELEGRAM, own.id, "", home.transaction, home.clock, home.events)
    await part(home, TELEGRAM)
    now = {member: (await account.member(origin, home.transaction)).id for member, origin in names.items()}
    for table, were in before.items():
        expected = {(row, now[str(member)]) for row, member in were}
        assert set(await theirs(table)) == expected


async def test_what_both_reported_is_reported_once(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    job = await drawn(home, house.ADA)
    for origin in (DISCORD, TELEGRAM):
        there = replace(origin, platform=house.ADA.platform)
        await report.report(there, job.id, "", home.transaction, home.clock, home.events)
    async with home.transaction() as tx:
        one, other = [await tx.members.behind(Platform.CONSOLE, user) for user in ("1", "2")]
        await tx.members.merge(other.id, into=one.id)
        await tx.commit()
    assert await rows(database, "SELECT member_id FROM reports") == [(one.id,)]


async def test_a_code_works_once_and_however_it_is_typed(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    shown = await link.issue(DISCORD, home.transaction, home.clock)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", shown.code)
    assert shown.expires_at == home.clock.now() + link.LIFETIME
    stored = str(await rows(database, "SELECT * FROM link_codes"))
    assert shown.code not in stored and shown.code.replace("-", "") not in stored
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in shown.code.lower().replace("-", ""))
    assert (await redeem(home, f" {wide[:3]} \u2013 {wide[3:]} ")).accounts == BOTH
    for origin in (TELEGRAM, WEB):
        with pytest.raises(NotFound, match="link-code-wrong"):
            await redeem(home, shown.code, origin)
    assert await link.accounts(WEB, home.transaction) == ((Platform.WEB, "3"),)


async def test_a_code_ends_by_time_and_by_the_next_one(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    old = await code(home)
    home.clock.time += link.LIFETIME
    older = await code(home)
    newest = await code(home)
    for gone in (old, older, "ABCD-2345", "", "\ud800"):
        with pytest.raises(NotFound, match="link-code-wrong"):
            await redeem(home, gone, WEB)
    other = await code(home, TELEGRAM)
    await redeem(home, newest)
    # Nobody else joins by a code that one of the two had shown before.
    with pytest.raises(NotFound, match="link-code-wrong"):
        await redeem(home, other, house.ADA)


async def test_of_eight_who_type_it_at_once_one_is_linked(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    shown = await code(home)
    others = [replace(TELEGRAM, user_id=f"other-{number}") for number in range(8)]
    answers = await asyncio.gather(*(redeem(home, shown, origin) for origin in others), return_exceptions=True)
    won = [answer for answer in answers if isinstance(answer, Linked)]
    assert len(won) == 1 and sum(isinstance(answer, NotFound) for answer in answers) == 7, answers
    assert await link.accounts(DISCORD, home.transaction) == won[0].accounts
    assert await rows(database, "SELECT count(*) FROM link_tries") == [(7,)]


async def test_of_two_who_take_each_other_in_at_once_one_does(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    shown = await code(home), await code(home, TELEGRAM)
    both = (redeem(home, shown[0], TELEGRAM), redeem(home, shown[1], DISCORD))
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(answer, Linked) for answer in answers) == 1, answers
    assert sum(isinstance(answer, HuashenError) for answer in answers) == 1, answers
    assert await link.accounts(DISCORD, home.transaction) == BOTH == await link.accounts(TELEGRAM, home.transaction)


async def test_guessing_ends_after_five(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    shown = await code(home)
    guesses = (redeem(home, f"ABCD-234{number}") for number in range(12))
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(answer, NotFound) for answer in answers) == link.TRIES, answers
    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 12 - link.TRIES
    with pytest.raises(NotAllowed, match="link-too-many-tries"):
        await redeem(home, shown)
    await redeem(home, shown, WEB)
    home.clock.time += link.HOUR
    await redeem(home, await code(home))


async def test_codes_are_few(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    answers = await asyncio.gather(*(code(home) for _ in range(9)), return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == link.CODES, answers
    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 9 - link.CODES
    assert await rows(database, "SELECT count(*) FROM link_codes WHERE ended_at IS NULL") == [(1,)]
    home.clock.time += link.HOUR
    last = await code(home)
    await recover.begun(home.transaction, home.clock)
    assert await rows(database, "SELECT count(*) FROM link_codes") == [(1 + link.CODES,)]
    home.clock.time += 1
    await recover.begun(home.transaction, home.clock)
    assert await rows(database, "SELECT count(*) FROM link_codes") == [(1,)]
    await redeem(home, last)


async def test_who_cannot_be_linked_hears_why_and_the_code_stays_good(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await joined(home)
    shown = await code(home)
    for origin, message in (
        (DISCORD, "link-same-account"),
        (TELEGRAM, "link-already"),
        (replace(DISCORD, user_id="another"), "link-platform-taken"),
        (replace(TELEGRAM, user_id="another"), "link-platform-taken"),
    ):
        with pytest.raises(HuashenError, match=message):
            await redeem(home, shown, origin)
    assert len((await redeem(home, shown, WEB)).accounts) == 3


async def test_what_is_asked_for_while_it_happens_is_the_persons(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    shown = await code(home)

    async def ask(origin: Origin, late: int) -> str:
        await asyncio.sleep(late * 0.002)
        return (await home.accepted(origin=origin)).id

    async def meanwhile() -> list[str]:
        asked = [ask(origin, number) for number in range(6) for origin in (DISCORD, TELEGRAM)]
        return await asyncio.gather(*asked)

    async def settled(job_id: str) -> None:
        async with home.transaction() as tx:
            await tx.quotas.release(job_id)
            await tx.commit()

    early = [(await home.accepted(origin=TELEGRAM)).id for _ in range(3)]
    asked, *_ = await asyncio.gather(meanwhile(), redeem(home, shown), *map(settled, early))
    assert await history(home, DISCORD) == sorted(asked + early)
    assert await home.used(DISCORD) == len(asked) * PICTURE_UNITS
    home.clock.time += 60
    more, *_ = await asyncio.gather(meanwhile(), part(home, TELEGRAM), *map(settled, asked))
    telegrams = [job for job in more if (await home.job(job)).origin.platform is Platform.TELEGRAM]
    assert set(telegrams) <= set(await history(home, TELEGRAM)) and len(telegrams) == 6
    for origin in (DISCORD, TELEGRAM):
        jobs = [await home.job(job_id) for job_id in await history(home, origin)]
        assert all(job.origin.platform is origin.platform for job in jobs)
        assert await home.used(origin) == 6 * PICTURE_UNITS
