"""Collecting a community's examples: who may, what the screens say, what becomes of the tone, and what is written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.captions.own import INSTRUCTION
from bot.domain.community import CommunityRules
from bot.domain.errors import HuashenError
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.outcomes import Refused
from bot.domain.requests import OWN_TONE, CaptionRequest
from bot.domain.voice import MOST
from bot.usecases import community, voice
from bot.usecases.process import process
from engines.contract import ModelUnavailable, TextGeneration
from tests import house
from tests.fakes import WORDS
from tests.house import ADA, House

OWNER = house.origin("grace", role=Role.OWNER)
MODERATOR = house.origin("mo", role=Role.MODERATOR)
PAIRS = [("rain", "Arr, it be wet!"), ("cats", "Arr, a stowaway!"), ("gold", "Arr, it be heavy!")]
ASKED = CaptionRequest("a sunset hike", tone=OWN_TONE, seed=3)


async def refused(work: Any, message: str, **values: str) -> None:
    with pytest.raises(HuashenError) as error:
        await work
    assert error.value.reason.message == message
    assert values.items() <= error.value.reason.values().items()


async def rules(home: House) -> CommunityRules:
    return await community.rules(ADA, home.transaction)


async def log(home: House) -> list[tuple[str, str]]:
    async with home.transaction() as tx:
        return [(entry.actor, entry.action) for entry in await tx.audit.entries(0, 100)]


def trained(home: House, tmp_path: Path, version: str, against: str | None) -> None:
    """What a training leaves behind for the community."""
    folder = tmp_path / "tones" / "console.home" / version
    folder.mkdir(parents=True)
    card = {"base": "fake", "examples": 3, "against": against, "perplexity": {"few_shot": 9.0}, "figures": {}}
    (folder / "tone.json").write_text(json.dumps(card))


async def write(home: House, origin: Any = ADA) -> tuple[JobStatus, list[TextGeneration]]:
    """A caption in the community's own tone, and what the model was asked for it."""
    await home.accepted(ASKED, origin)
    job = await home.claim()
    before = len(home.engine.requests)
    await process(job, home.bench)
    status = (await home.job(job.id)).status
    return status, [one for one in home.engine.requests[before:] if isinstance(one, TextGeneration)]


async def test_with_the_third_example_the_tone_is_on_offer_until_there_are_two(
    database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(database, tmp_path)
    assert await voice.add(OWNER, *PAIRS[0], home.desk) == 1
    assert await voice.add(MODERATOR, *PAIRS[1], home.desk) == 2
    assert await home.submit(ASKED) == Refused(voice_refusal())
    assert await voice.add(OWNER, *PAIRS[2], home.desk) == 3
    assert (await rules(home)).voice
    await community.change(OWNER, home.transaction, home.clock, default_tone=OWN_TONE)
    found = await voice.collection(MODERATOR, home.desk)
    assert {(each.topic, each.caption) for each in found.examples} == set(PAIRS)
    assert await voice.remove(OWNER, found.examples[0].id, home.desk) == 2
    assert not (await rules(home)).voice and (await rules(home)).default_tone == "plain"
    wanted = ["add", "add", "add", "remove"]
    assert [action for _, action in await log(home)] == [f"tone-example-{one}" for one in wanted]


def voice_refusal() -> Any:
    return CommunityRules().refusal(ASKED, ADA)


async def test_only_owners_and_where_they_allow_it_moderators_collect(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await refused(voice.add(ADA, *PAIRS[0], home.desk), "moderators-only")
    await refused(voice.collection(ADA, home.desk), "moderators-only")
    await refused(voice.add(replace(OWNER, community_id=None), *PAIRS[0], home.desk), "community-needed")
    decided = {"name": "Pirate", "on": False, "trained": True, "by_moderators": False}
    await refused(voice.settle(MODERATOR, home.desk, **decided), "owners-only")
    await voice.settle(OWNER, home.desk, **decided)
    await refused(voice.add(MODERATOR, *PAIRS[0], home.desk), "owners-only")
    assert (await voice.collection(MODERATOR, home.desk)).rules.voice_name == "Pirate"
    await refused(voice.settle(OWNER, home.desk, **(decided | {"on": True})), "examples-too-few")
    # The machine's owner does it for them, and is written down as who they are.
    await voice.add(OWNER, *PAIRS[0], home.desk, "console:root")
    assert (await log(home))[-1] == ("console:root", "tone-example-add")


@pytest.mark.parametrize(
    ("topic", "caption", "message"),
    [
        ("rain", "block me", "example-refused"),
        ("hold me", "Wet.", "example-refused"),
        ("rain", "\u0000 ", "example-empty"),
        ("rain", "a" * 301, "example-too-long"),
        ("r" * 201, "Wet.", "example-too-long"),
    ],
)
async def test_what_cannot_be_a_caption_is_no_example(
    topic: str, caption: str, message: str, database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(database, tmp_path)
    await refused(voice.add(OWNER, topic, caption, home.desk), message)
    await voice.add(OWNER, *PAIRS[0], home.desk)
    (kept,) = (await voice.collection(OWNER, home.desk)).examples
    await refused(voice.change(OWNER, kept.id, topic, caption, home.desk), message)
    home.moderator.broken = True
    await refused(voice.add(OWNER, *PAIRS[1], home.desk), "example-refused")
    assert (await voice.collection(OWNER, home.desk)).examples == (kept,)


async def test_several_come_in_whole_or_not_at_all(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await refused(voice.add_all(OWNER, [*PAIRS, ("x", "block me")], home.desk), "example-refused", topic="x")
    assert not (await voice.collection(OWNER, home.desk)).examples
    assert await voice.add_all(OWNER, [*PAIRS, PAIRS[0]], home.desk) == 3
    await refused(voice.add(OWNER, "RAIN", PAIRS[0][1], home.desk), "example-known")
    many = [(f"topic {number}", f"Arr, number {number}!") for number in range(MOST - 2)]
    await refused(voice.add_all(OWNER, many, home.desk), "examples-full")
    lines = [json.dumps({"topic": topic, "caption": caption}) for topic, caption in PAIRS]
    assert voice.read_lines(lines) == PAIRS
    for wrong in ('["rain"]', '{"topic": 1, "caption": "x"}', "{", "[" * 10_000):
        with pytest.raises(HuashenError, match="example-line-wrong"):
            voice.read_lines([*lines, wrong])


async def test_an_example_is_changed_by_its_own_community_alone(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await voice.add(OWNER, *PAIRS[0], home.desk)
    (kept,) = (await voice.collection(OWNER, home.desk)).examples
    elsewhere = replace(OWNER, community_id="other")
    await refused(voice.change(elsewhere, kept.id, "a", "b", home.desk), "example-not-found")
    await refused(voice.remove(elsewhere, kept.id, home.desk), "example-not-found")
    await voice.change(MODERATOR, kept.id, "a", "b", home.desk)
    (changed,) = (await voice.collection(OWNER, home.desk)).examples
    assert (changed.topic, changed.caption, changed.added_by) == ("a", "b", kept.added_by)


async def test_a_caption_that_was_written_here_is_taken_in(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await home.accepted(CaptionRequest("a sunset hike", seed=3))
    job = await home.claim()
    await process(job, home.bench)
    made = (await home.job(job.id)).result
    assert made is not None
    await refused(voice.approve(replace(MODERATOR, community_id="other"), job.id, 0, home.desk), "job-not-found")
    await refused(voice.approve(ADA, job.id, 0, home.desk), "moderators-only")
    for wrong in (-1, 7):
        await refused(voice.approve(MODERATOR, job.id, wrong, home.desk), "old-button")
    assert await voice.approve(MODERATOR, job.id, 1, home.desk) == 1
    (kept,) = (await voice.collection(OWNER, home.desk)).examples
    assert (kept.topic, kept.caption) == ("a sunset hike", made.texts[1]) and kept.caption in WORDS


async def test_captions_are_written_from_the_examples(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await voice.add_all(OWNER, PAIRS, home.desk)
    status, (asked,) = await write(home)
    assert status is JobStatus.READY and asked.adapter is None
    shown = {message.content for message in asked.messages}
    assert shown == {INSTRUCTION, "a sunset hike", *(word for pair in PAIRS for word in pair)}


async def test_what_proved_better_is_used_until_it_is_switched_off_or_lost(
    database: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = house.build(database, tmp_path)
    await voice.add_all(OWNER, PAIRS, home.desk)
    trained(home, tmp_path, "20260101T000000", None)
    trained(home, tmp_path, "20260102T000000", "perplexity")
    _, (asked,) = await write(home)
    assert asked.adapter == "console.home/20260101T000000" and len(asked.messages) == 2
    fake = home.engine.run

    async def lost(request: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(request, TextGeneration) and request.adapter:
            raise ModelUnavailable("gone")
        return await fake(request, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(home.engine, "run", lost)
        status, (asked,) = await write(home)
        assert status is JobStatus.READY and asked.adapter is None and len(asked.messages) > 2
    await voice.settle(OWNER, home.desk, name="", on=True, trained=False, by_moderators=True)
    _, (asked,) = await write(home)
    assert asked.adapter is None
    assert [each.against for each in (await voice.collection(OWNER, home.desk)).trained] == ["perplexity", None]


async def test_a_tone_that_is_gone_when_its_turn_comes_is_said(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await voice.add_all(OWNER, PAIRS, home.desk)
    await home.accepted(ASKED)
    for each in (await voice.collection(OWNER, home.desk)).examples:
        await voice.remove(OWNER, each.id, home.desk)
    job = await home.claim()
    await process(job, home.bench)
    ended = await home.job(job.id)
    assert ended.status is JobStatus.FAILED and ended.error and ended.error.message == "tone-not-offered"
    assert await home.used() == 0


async def test_examples_follow_a_group_that_becomes_a_supergroup(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    group = replace(OWNER, platform=Platform.TELEGRAM, community_id="-5")
    await voice.add_all(group, PAIRS, home.desk)
    await community.moved(Platform.TELEGRAM, "-5", "-1005", home.transaction)
    found = await voice.collection(replace(group, community_id="-1005"), home.desk)
    assert len(found.examples) == 3 and found.rules.voice
