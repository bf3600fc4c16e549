"""A community's policy: whose it is, that two do not overwrite each other, what it does and would have done."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import PRESETS, ChannelKind, CommunityPolicy
from bot.domain.errors import Conflict, HuashenError, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import Category, ModerationPolicy, Signal, Stage, Threshold, Verdict, decide
from bot.domain.outcomes import Refused
from bot.domain.requests import AvatarRequest, CaptionRequest
from bot.usecases import account, policy, recover, review, statistics
from bot.usecases.preview import showable
from bot.usecases.process import process
from bot.usecases.screen import remember
from engines.contract import ImageProgress
from tests import house
from tests.bot.usecases.moderating import (
    MAX,
    OWNER,
    Inbox,
    approve,
    delivered,
    drawn,
    held_picture,
    held_prompt,
    overturn,
    reject,
    set_policy,
)
from tests.fakes import png
from tests.house import ADA

HOME = (Platform.CONSOLE, "home")


def everywhere(thresholds: dict[Category, Threshold]) -> dict[ChannelKind, ModerationPolicy]:
    return dict.fromkeys(ChannelKind, ModerationPolicy(thresholds))


async def test_each_change_is_a_version_and_an_old_one_can_come_back(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    assert await policy.current(ADA, home.transaction) == CommunityPolicy()
    first = await set_policy(home, own_terms=("goblin",))
    second = await policy.change(OWNER, PRESETS["family"], 1, home.transaction, home.clock, "softer")
    assert (first.version, second.version) == (1, 2)
    again = await policy.restore(OWNER, 1, 2, home.transaction, home.clock)
    assert again == replace(first, version=3) == await policy.current(ADA, home.transaction)
    assert (await policy.restore(OWNER, 0, 3, home.transaction, home.clock)) == CommunityPolicy(version=4)
    versions = await policy.versions(OWNER, home.transaction)
    assert [(each.policy.version, each.note) for each in versions][1:3] == [(3, "restored 1"), (2, "softer")]
    assert await policy.current(replace(ADA, community_id="other"), home.transaction) == CommunityPolicy()
    with pytest.raises(NotFound, match="policy-no-version"):
        await policy.restore(OWNER, 9, 4, home.transaction, home.clock)


async def test_of_two_owners_at_once_one_is_told(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    changes = (policy.change(OWNER, PRESETS[name], 0, home.transaction, home.clock) for name in PRESETS)
    answers = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(answer, CommunityPolicy) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2, answers


async def test_only_owners_change_it(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    for origin, error in (
        (replace(OWNER, role=Role.MODERATOR), NotAllowed),
        (replace(OWNER, community_id=None), InvalidRequest),
    ):
        with pytest.raises(error):
            await policy.change(origin, CommunityPolicy(), 0, home.transaction, home.clock)
    with pytest.raises(InvalidRequest, match="preset-unknown"):
        policy.preset("strict")


async def test_thresholds_follow_the_community_and_the_kind_of_channel(
    sqlite_database: AsyncEngine, tmp_path: Path
) -> None:
    home = house.build(sqlite_database, tmp_path)
    lenient = ModerationPolicy({Category.VIOLENCE: Threshold(hold=0.8, block=0.99)})
    kinds = {**CommunityPolicy().kinds, ChannelKind.AGE_RESTRICTED: lenient}
    await set_policy(home, kinds=kinds)
    await held_prompt(home)
    await home.accepted(AvatarRequest("please hold me"), replace(ADA, age_restricted=True))
    await held_prompt(home, replace(ADA, age_restricted=True, community_id="other"))
    await held_prompt(home, replace(ADA, age_restricted=True, community_id=None))


async def test_own_terms_are_refused_in_words_and_in_captions(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await set_policy(home, own_terms=("goblin", "evening"))
    outcome = await home.submit(AvatarRequest("a goblin"))
    assert isinstance(outcome, Refused) and outcome.reason.values() == {"category": "own-terms"}
    job = await home.accepted(CaptionRequest("a walk", count=4))
    await process(await home.claim(), home.bench)
    result = (await home.job(job.id)).result
    assert result and result.texts and not any("evening" in caption for caption in result.texts)


async def test_a_blurred_picture_goes_out_covered(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await set_policy(home, kinds=everywhere({Category.SEXUAL: Threshold(hold=0.6, block=0.9, blur=0.3)}))
    home.moderator.picture_score = 0.4
    job = await home.accepted()
    assert await process(await home.claim(), home.bench) is JobStatus.READY
    assert (await home.job(job.id)).covered
    home.moderator.picture_score = 0.2
    assert not (await drawn(home)).covered


async def test_previews_are_screened_or_not_shown_at_all(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    preview, standard, family = ImageProgress(1, 3, png()), PRESETS["standard"], PRESETS["family"]
    assert await showable(preview, home.moderator, standard, ADA) == preview
    assert await showable(preview, home.moderator, family, ADA) is None
    home.moderator.picture_score = 0.4
    blurring = replace(standard, kinds=everywhere({Category.SEXUAL: Threshold(hold=0.6, block=0.9, blur=0.3)}))
    assert await showable(preview, home.moderator, blurring, ADA) is None


async def test_every_judgement_is_kept_without_words(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    await drawn(home)
    await held_prompt(home)
    await home.submit(AvatarRequest("please block me"))
    await home.accepted(CaptionRequest("a walk"))
    await home.submit(AvatarRequest("a knight", image=png()))
    async with home.transaction() as tx:
        found = await tx.screenings.within(*HOME, 0, 1e12)
    judged = Counter((each.stage.value, each.verdict.value) for each in found)
    passed = {("prompt", "allow"): 3, ("picture", "allow"): 1, ("upload", "allow"): 1}
    assert judged == {**passed, ("prompt", "hold"): 1, ("prompt", "block"): 1}
    assert {each.policy_version for each in found} == {0} and {each.kind for each in found} == {ChannelKind.GENERAL}
    async with database.connect() as connection:
        rows = str((await connection.execute(text("SELECT * FROM screenings"))).all())
    assert "hold me" not in rows and "block me" not in rows
    home.clock.time += recover.SCREENING_AGE + 60
    await recover.judgements(home.transaction, home.clock)
    async with home.transaction() as tx:
        assert await tx.screenings.within(*HOME, 0, 1e12) == []


class Suspicious:
    """Sees minors in everything."""

    async def screen_text(self, text: str, terms: Sequence[str] = ()) -> Sequence[Signal]:
        found = [Signal(Category.MINORS, 0.95 if "secret" in text else 0.0, "rules:en", text)]
        return [*found, Signal(Category.VIOLENCE, 0.7, "rules:en", text)] if "hold me" in text else found

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        return [Signal(Category.MINORS, 0.95, "classifier:picture")]


async def test_evidence_of_minors_is_stored_nowhere(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path / "files")
    desk, bench = replace(home.desk, moderator=Suspicious()), replace(home.bench, moderator=Suspicious())
    suspicious = replace(home, desk=desk, bench=bench)
    await set_policy(home, kinds=everywhere({Category.MINORS: Threshold(hold=1.01, block=1.01)}))
    assert isinstance(await suspicious.submit(AvatarRequest("my secret words")), Refused)
    for prompt in ("a knight", "please hold me"):
        assert isinstance(await suspicious.submit(AvatarRequest(prompt, image=png())), Refused)
    job = await suspicious.accepted(AvatarRequest("a knight"))
    assert await process(await home.claim(), bench) is JobStatus.BLOCKED
    assert (await home.job(job.id)).result is None
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    async with database.connect() as connection:
        tables = ("screenings", "review_cases", "jobs", "audit", "artifacts", "consents")
        rows = [str((await connection.execute(text(f"SELECT * FROM {table}"))).all()) for table in tables]
    assert not any("secret" in row for row in rows)
    async with home.transaction() as tx:
        kept = [each for each in await tx.screenings.within(*HOME, 0, 1e12) if each.verdict is Verdict.BLOCK]
    assert len(kept) == 4


async def test_what_is_held_or_blocked_is_to_be_seen_nowhere(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    held, _ = await held_picture(home)
    rejected, case_id = await held_picture(home)
    await reject(home, case_id)
    blocked = await home.accepted()
    home.moderator.picture_score = 0.95
    assert await process(await home.claim(), home.bench) is JobStatus.BLOCKED
    assert await account.gallery(ADA, home.transaction) == []
    views = await account.history(ADA, home.transaction)
    assert len(views) == 3 and all(view.artifacts == () for view in views)
    opened = await account.open_jobs(ADA, home.transaction, house.POLICY)
    assert [view.artifacts for view, _ in opened] == [()]
    async with home.transaction() as tx:
        pictures = await tx.artifacts.of_jobs([held.id, rejected.id, blocked.id])
        for picture in [each for found in pictures.values() for each in found]:
            await tx.handles.put(Platform.TELEGRAM, picture.id, "handle")
        await tx.commit()
    ids = [each.id for found in pictures.values() for each in found]
    assert len(ids) == 2
    async with home.transaction() as tx:
        assert await tx.handles.of(Platform.TELEGRAM, ids) == {}
    watchers: list[Origin] = [ADA, house.origin("mo", role=Role.MODERATOR)]
    for origin in watchers:
        for artifact_id in ids:
            with pytest.raises(HuashenError):
                await account.shown_picture(origin, artifact_id, home.transaction, home.desk.artifacts)
    home.moderator.picture_score = 0.0


async def test_held_captions_are_words_for_moderators_alone(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await home.accepted(CaptionRequest("a walk"))
    job = await home.claim()
    home.moderator.broken = True
    assert await process(job, home.bench) is JobStatus.HELD
    home.moderator.broken = False
    (view,) = await account.history(ADA, home.transaction)
    ((opened, _),) = await account.open_jobs(ADA, home.transaction, house.POLICY)
    inbox = Inbox()
    await delivered(home, inbox)
    for seen in (view, opened, inbox.views[0]):
        assert seen.job.result and seen.job.result.texts == ()
    (found,) = await review.cases(home.transaction)
    assert found.job.result and found.job.result.texts


async def test_a_simulation_counts_exactly_what_would_be_different(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    member, now = await account.member(ADA, home.transaction), home.clock.now()
    made = [(0.1, Stage.PROMPT, ADA), (0.65, Stage.PROMPT, ADA), (0.95, Stage.PROMPT, ADA), (0.65, Stage.PICTURE, ADA)]
    made += [
        (0.65, Stage.PROMPT, replace(ADA, age_restricted=True)),
        (0.65, Stage.PROMPT, replace(ADA, community_id="o")),
    ]
    standard = CommunityPolicy()
    async with home.transaction() as tx:
        for number, (score, stage, origin) in enumerate(made):
            signals = [Signal(Category.HATE, score, "x", "words"), Signal(Category.SPAM, 0.01, "x")]
            decision = decide(signals, standard.of(origin), stage)
            await remember(tx, decision, stage, origin, standard, member.id, None, now + number)
        await tx.commit()
    same = await policy.simulated(standard, *HOME, 0.0, home.transaction)
    assert (same.total, same.flips) == (5, ())
    stricter = ModerationPolicy(
        {Category.HATE: Threshold(0.5, 0.6)}, {Stage.PICTURE: {Category.HATE: Threshold(0.7, 0.9)}}
    )
    candidate = replace(standard, kinds={**standard.kinds, ChannelKind.GENERAL: stricter})
    flips = await policy.simulated(candidate, *HOME, 0.0, home.transaction)
    assert flips.by_pair == {(Verdict.HOLD, Verdict.BLOCK): 1, (Verdict.HOLD, Verdict.ALLOW): 1}
    assert {flip.screening.stage for flip in flips.flips} == {Stage.PROMPT, Stage.PICTURE}
    assert (await policy.simulated(candidate, *HOME, now + 2, home.transaction)).total == 3


async def test_a_week_in_numbers(database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(database, tmp_path)
    start = home.clock.now()
    await drawn(home)
    for wait in (10, 20, 30):
        _, case_id = await held_picture(home)
        home.clock.time += wait - 1
        await reject(home, case_id)
    await overturn(home, case_id, MAX)
    _, last = await held_prompt(home)
    report = await statistics.weekly(*HOME, home.clock.now() + 1, home.transaction)
    assert (report.decided, report.open, report.oldest) == (3, 1, home.clock.now() - 1)
    assert (report.median_seconds, report.p90_seconds, report.overturn_rate) == (20.0, 30.0, 1 / 3)
    assert sum(report.volume.values()) == 9 and report.held_rate == 4 / 9 and report.blocked_rate == 0
    assert report.top_rules[0] == ("fake", "sexual", 3) and report.top_rules[1] == ("fake", "violence", 1)
    assert report.agreement == 0.0
    assert (await statistics.weekly(*HOME, start, home.transaction)).held_rate is None
    await approve(home, last)


async def test_a_case_lives_as_long_as_its_community_wants(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    await set_policy(home, case_lifetime=7200.0)
    job, _ = await held_picture(home)
    other, _ = await held_picture(home, replace(ADA, community_id="other"))
    home.clock.time += 7201
    assert await recover.cases(home.transaction, home.events, home.clock) == 1
    assert (await home.job(job.id)).status is JobStatus.EXPIRED
    assert (await home.job(other.id)).status is JobStatus.HELD
