"""Somebody's picture is used when they said so: asked a few times, answered once, refused for good."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.consent import Answer, Consent
from bot.domain.errors import Conflict, HuashenError, InvalidRequest, NotAllowed
from bot.domain.identity import Origin, Platform, Role
from bot.domain.requests import AvatarRequest
from bot.usecases import community, consent, remake
from tests import house
from tests.fakes import png
from tests.house import House

BOB = house.origin("bob")
LIKE_BOB = AvatarRequest("as a knight", image=png(), strength=0.4)


async def ask(home: House, origin: Origin = house.ADA, subject: str = "bob") -> Consent:
    return await consent.ask(LIKE_BOB, origin, subject, home.desk)


async def say(home: House, question: Consent, origin: Origin = BOB, *, allowed: bool = True, **more: bool) -> Consent:
    return await consent.answer(question.id, origin, home.transaction, home.clock, allowed=allowed, **more)


async def test_a_question_keeps_the_request_but_not_the_picture(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    question = await ask(home)
    assert question.answer is None and question.request == replace(LIKE_BOB, image=None, lent=True)
    answered = await say(home, question)
    assert answered == replace(question, answer=Answer.ALLOWED)
    assert answered.origin == house.ADA and answered.answer == "allowed"


async def test_of_two_answers_at_once_one_counts(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    question = await ask(home)
    answers = await asyncio.gather(
        *(say(home, question, allowed=allowed) for allowed in (True, False, True, False)), return_exceptions=True
    )
    won = [answer for answer in answers if isinstance(answer, Consent)]
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(won), len(lost)) == (1, 3)
    async with home.transaction() as tx:
        assert await tx.consents.get(question.id) == won[0]


async def test_only_the_person_in_the_picture_answers(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    question = await ask(home)
    for other in (house.ADA, replace(BOB, platform=Platform.TELEGRAM)):
        with pytest.raises(NotAllowed, match="consent-not-yours"):
            await say(home, question, other)
    assert (await say(home, question, allowed=False)).answer is Answer.REFUSED


async def test_what_the_screens_or_the_community_do_not_let_pass_is_not_asked(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    for words in ("please hold me", "please block me"):
        with pytest.raises(InvalidRequest, match="blocked"):
            await consent.ask(AvatarRequest(words), house.ADA, "bob", home.desk)
    owner = house.origin("grace", role=Role.OWNER)
    await community.change(owner, home.transaction, home.clock, channels=frozenset({"elsewhere"}))
    with pytest.raises(NotAllowed, match="channel-not-allowed"):
        await ask(home)


async def test_a_lent_picture_is_used_once(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    answered = await say(home, await ask(home))
    job = await home.accepted(replace(answered.request, image=png()))
    with pytest.raises(NotAllowed, match="portrait-once"):
        await remake.again(job.id, house.ADA, home.desk)


async def test_an_old_question_is_gone(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    question = await ask(home)
    home.clock.time += consent.LIFETIME + 1
    for gone in (question, replace(question, id="never-asked")):
        with pytest.raises(HuashenError, match="consent-gone"):
            await say(home, gone)


async def test_nobody_asks_a_whole_community(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    questions = [await ask(home, subject=f"friend-{number}") for number in range(consent.OPEN_LIMIT)]
    with pytest.raises(NotAllowed, match="consent-too-many"):
        await ask(home)
    await ask(home, house.origin("carol"))
    await say(home, questions[0], house.origin("friend-0"))
    await ask(home)
    home.clock.time += consent.LIFETIME + 1
    await ask(home)


async def test_a_refusal_for_good_holds_until_it_is_taken_back(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    for asker in ("ada", "carol"):
        await say(home, await ask(home, house.origin(asker)), allowed=False, for_good=asker == "carol")
    with pytest.raises(NotAllowed, match="portrait-refused"):
        await ask(home)
    await ask(home, replace(house.ADA, platform=Platform.TELEGRAM))
    assert await consent.take_back(BOB, home.transaction)
    assert not await consent.take_back(BOB, home.transaction)
    await ask(home)
