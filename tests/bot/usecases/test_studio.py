"""Breeding, morphing, enlarging and painting anew: from a member's own pictures to what is in their gallery."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import InvalidRequest, NotFound, Reason
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.outcomes import Accepted, Outcome, Refused
from bot.domain.quota import MIX_UNITS, MORPH_UNITS, PICTURE_UNITS, UPSCALE_UNITS
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    Source,
    UpscaleRequest,
)
from bot.usecases import account, appeals, remake, review
from bot.usecases.family import family
from bot.usecases.mix import choose
from bot.usecases.process import process
from engines.contract import (
    EngineError,
    ImageMixing,
    Morphing,
    StyleTransfer,
    TextGeneration,
    TextToImage,
    Upscaling,
)
from tests import house
from tests.fakes import SEEN, png
from tests.house import ADA, House

BOB = house.origin("bob")


@pytest.fixture
def home(sqlite_database: AsyncEngine, tmp_path: Path) -> House:
    home = house.build(sqlite_database, tmp_path)
    home.engine.description = SEEN
    return home


async def made(home: House, request: MemberRequest) -> tuple[Job, tuple[Artifact, ...]]:
    """Ask for something, and have it done."""
    job = await home.accepted(request)
    assert await process(await home.claim(), home.bench) is JobStatus.READY, (await home.job(job.id)).error
    return await of(home, job.id)


async def finished(home: House, outcome: Outcome) -> tuple[Job, tuple[Artifact, ...]]:
    assert isinstance(outcome, Accepted), outcome
    await process(await home.claim(), home.bench)
    return await of(home, outcome.job_id)


async def of(home: House, job_id: str) -> tuple[Job, tuple[Artifact, ...]]:
    async with home.transaction() as tx:
        pictures = (await tx.artifacts.of_jobs([job_id])).get(job_id, ())
    return await home.job(job_id), pictures


async def two(home: House) -> tuple[str, str]:
    """Two pictures of Ada's."""
    first = (await made(home, AvatarRequest("a fox", seed=10)))[1][0].id
    return first, (await made(home, AvatarRequest("an owl", seed=20)))[1][0].id


def asked(home: House, kind: type) -> list[object]:
    return [request for request in home.engine.requests if isinstance(request, kind)]


async def gallery(home: House) -> list[str]:
    return [artifact.id for artifact, _ in await account.gallery(ADA, home.transaction)]


async def test_children_are_bred_and_only_those_chosen_are_in_the_gallery(home: House) -> None:
    first, second = await two(home)
    before = await home.used()
    _job, children = await made(home, MixRequest(Source(first), Source(second), coarse=0.2, seed=3))
    assert await home.used() == before + MIX_UNITS
    (mixing,) = asked(home, ImageMixing)
    assert isinstance(mixing, ImageMixing) and (mixing.coarse, mixing.middle, mixing.seed) == (0.2, None, 3)
    parent, _ = await account.artwork(ADA, first, home.transaction)
    assert mixing.first == await home.desk.artifacts.get(parent.name)
    assert len(children) == 9 and len({child.seed for child in children}) == 9
    assert set(await gallery(home)) == {first, second}
    assert (await choose(ADA, children[4].id, home.transaction)).kept
    assert set(await gallery(home)) == {first, second, children[4].id}
    with pytest.raises(NotFound):
        await choose(BOB, children[5].id, home.transaction)


async def test_a_family_knows_parents_and_children(home: House) -> None:
    first, second = await two(home)
    _, children = await made(home, MixRequest(Source(first), Source(second)))
    await choose(ADA, children[0].id, home.transaction)
    tree = await family(ADA, children[0].id, home.transaction)
    assert [artifact.id for artifact, _ in tree.parents] == [first, second] and not tree.children
    tree = await family(ADA, first, home.transaction)
    assert [artifact.id for artifact, _ in tree.children] == [children[0].id] and not tree.parents
    await account.delete_picture(ADA, second, home.transaction, home.clock)
    assert [a.id for a, _ in (await family(ADA, children[0].id, home.transaction)).parents] == [first]
    with pytest.raises(NotFound):
        await family(BOB, first, home.transaction)


async def test_only_ones_own_still_pictures_that_are_there_can_be_parents(home: House) -> None:
    first, second = await two(home)
    with pytest.raises(NotFound, match="picture-not-found"):
        await home.submit(MixRequest(Source(first), Source(second)), BOB)
    _, (animation,) = await made(home, MorphRequest((Source(first), Source(second))))
    with pytest.raises(InvalidRequest, match="picture-moves"):
        await home.submit(UpscaleRequest(Source(animation.id)))
    await account.delete_picture(ADA, first, home.transaction, home.clock)
    with pytest.raises(NotFound, match="picture-not-found"):
        await home.submit(UpscaleRequest(Source(first)))


async def test_a_morph_is_a_moving_picture_of_the_gallery(home: House) -> None:
    first, second = await two(home)
    before = await home.used()
    _job, (animation,) = await made(home, MorphRequest((Source(first), Source(second), Source(image=png("pink")))))
    assert await home.used() == before + MORPH_UNITS
    (morphing,) = asked(home, Morphing)
    assert isinstance(morphing, Morphing) and len(morphing.images) == 3 and morphing.images[2] == png("pink")
    assert (animation.media_type, animation.name[-5:], animation.animated) == ("image/webp", ".webp", True)
    data = await account.picture(ADA, animation.id, home.transaction, home.desk.artifacts)
    assert Image.open(io.BytesIO(data)).n_frames == 6  # type: ignore[attr-defined]
    assert animation.alt.startswith("Animation: A portrait")
    assert animation.id in await gallery(home)


async def test_a_morph_that_a_screen_dislikes_waits_for_a_moderator(home: House) -> None:
    first, second = await two(home)
    outcome = await home.accepted(MorphRequest((Source(first), Source(second))))
    home.moderator.broken = True
    assert await process(await home.claim(), home.bench) is JobStatus.HELD
    assert outcome.id and len(await gallery(home)) == 2


async def test_a_sent_picture_that_the_screens_block_is_refused_wherever_it_stands(home: House) -> None:
    first, _ = await two(home)
    home.moderator.picture_score = 0.99
    outcome = await home.submit(MorphRequest((Source(first), Source(image=png()))))
    assert isinstance(outcome, Refused) and outcome.reason.message == "blocked"


async def test_a_picture_is_enlarged(home: House) -> None:
    first, _ = await two(home)
    before = await home.used()
    _, (larger,) = await finished(home, await remake.upscale(first, ADA, home.desk))
    assert await home.used() == before + UPSCALE_UNITS
    assert (larger.width, len(asked(home, Upscaling))) == (128, 1)
    _, (sent,) = await made(home, UpscaleRequest(Source(image=png("pink")), scale=4))
    assert sent.width == 256


async def test_a_sent_picture_becomes_an_avatar_by_what_is_seen_in_it_or_by_the_members_words(home: House) -> None:
    request = RestyleRequest(Source(image=png("pink")), style="pixel", strength=0.4)
    job, _ = await made(home, request)
    (drawn,) = asked(home, TextToImage)
    assert isinstance(drawn, TextToImage) and drawn.prompt == "green hair, round glasses, pixel art"
    assert (drawn.image, drawn.strength) == (png("pink"), 0.4)
    assert job.result and job.result.notes == (Reason.of("restyle-seen", prompt="green hair, round glasses"),)
    job, _ = await made(home, replace(request, prompt="a red knight"))
    assert job.result and not job.result.notes
    drawn = asked(home, TextToImage)[1]
    assert isinstance(drawn, TextToImage) and drawn.prompt == "a red knight, pixel art"


@pytest.mark.parametrize(("style", "far"), [("pixel", 0.9), ("cartoon", 0.6)])
async def test_a_style_of_another_kind_leaves_the_picture_farther_behind(home: House, style: str, far: float) -> None:
    await made(home, RestyleRequest(Source(image=png("pink")), style=style))
    (drawn,) = asked(home, TextToImage)
    assert isinstance(drawn, TextToImage) and drawn.strength == far


async def test_a_picture_takes_the_manner_of_another(home: House) -> None:
    first, _ = await two(home)
    before = await home.used()
    job, (picture,) = await made(home, RestyleRequest(Source(first), manner=Source(image=png("pink")), strength=0.3))
    (transfer,) = asked(home, StyleTransfer)
    assert isinstance(transfer, StyleTransfer) and (transfer.style, transfer.strength) == (png("pink"), 0.3)
    assert await home.used() == before + PICTURE_UNITS and job.parents == (first,)
    # Again begins from the same two, of which one was sent.
    _, (other,) = await finished(home, await remake.again(job.id, ADA, home.desk))
    assert other.seed != picture.seed
    again = asked(home, StyleTransfer)[1]
    assert isinstance(again, StyleTransfer) and (again.content, again.style) == (transfer.content, transfer.style)


async def test_what_a_style_based_model_made_is_refined_by_diffusion(home: House) -> None:
    _, (wild,) = await made(home, AvatarRequest("a fox", model="gan", wildness=0.9, seed=1))
    drawn = asked(home, TextToImage)[0]
    assert isinstance(drawn, TextToImage) and (drawn.truncation_psi, drawn.model) == (0.9, "gan")
    job, _ = await finished(home, await remake.refine(wild.id, ADA, home.desk))
    drawn = asked(home, TextToImage)[1]
    assert isinstance(drawn, TextToImage) and (drawn.prompt, drawn.model) == ("a fox", "default")
    assert drawn.image and drawn.strength == remake.REFINEMENT_STRENGTH and drawn.truncation_psi is None
    assert job.parents == (wild.id,)


async def test_a_child_has_no_words_so_what_is_seen_in_it_is_its_prompt(home: House) -> None:
    first, second = await two(home)
    _, children = await made(home, MixRequest(Source(first), Source(second)))
    await finished(home, await remake.refine(children[0].id, ADA, home.desk))
    drawn = asked(home, TextToImage)[-1]
    assert isinstance(drawn, TextToImage) and drawn.prompt == "green hair, round glasses"


async def test_the_best_of_several_candidates_is_kept_and_all_are_charged(home: House) -> None:
    # The fake draws hue = seed, and its dual encoder compares hues: of 100 to 104, 104 is nearest to green (120).
    job, (best,) = await made(home, AvatarRequest("something green", seed=100, candidates=5))
    assert best.seed == 104 and await home.used() == 5 * PICTURE_UNITS
    assert job.result and job.result.notes == (Reason.of("avatar-best-of", drawn=5),)
    with pytest.raises(InvalidRequest, match="out-of-range"):
        await home.submit(AvatarRequest("a fox", candidates=house.POLICY.candidates + 1))


async def test_captions_about_a_picture_say_what_was_seen(home: House) -> None:
    job, _ = await made(home, CaptionRequest("", image=png("pink")))
    assert job.result and job.result.texts
    assert job.result.notes[0] == Reason.of("caption-seen", seen="A portrait with green hair.")
    (asked_for,) = asked(home, TextGeneration)
    assert isinstance(asked_for, TextGeneration) and asked_for.messages[-1].content == "A portrait with green hair"
    home.engine.description = replace(SEEN, confidence=0.2)
    job, _ = await made(home, CaptionRequest("my new look", image=png("pink")))
    assert job.result and job.result.notes[0].message == "caption-seen-unsure"
    job, _ = await finished(home, await remake.in_tone(job.id, "funny", ADA, home.desk))
    assert job.uploads and job.result and job.result.texts


async def test_pictures_say_what_they_show_and_nothing_fails_when_that_cannot_be_said(home: House) -> None:
    _, (picture,) = await made(home, AvatarRequest("a fox"))
    assert picture.alt == "A portrait with green hair."
    home.engine.description = replace(SEEN, confidence=0.1)
    _, (picture,) = await made(home, AvatarRequest("a fox"))
    assert picture.alt == "a fox" and len(home.engine.looked_at) == 2


async def test_a_failed_studio_job_costs_nothing(home: House) -> None:
    first, second = await two(home)
    before = await home.used()
    await home.accepted(MixRequest(Source(first), Source(second)))
    home.engine.error = EngineError("out of luck")
    assert await process(await home.claim(), home.bench) is JobStatus.FAILED
    assert await home.used() == before


async def test_words_for_a_picture_that_the_screens_hold_are_seen_by_a_moderator_with_the_picture(home: House) -> None:
    home.engine.description = replace(SEEN, text="A sign that says hold me.")
    job = await home.accepted(CaptionRequest("", image=png("pink")))
    assert await process(await home.claim(), home.bench) is JobStatus.HELD
    (case,) = await review.cases(home.transaction)
    assert case.pictures == job.uploads and case.job.result and case.job.result.texts
    await review.approve(case.case.id, "mod", home.transaction, home.events, home.clock, home.bench.policy)
    assert (await home.job(job.id)).status is JobStatus.READY


async def test_a_refused_animation_can_be_appealed_and_comes_back(home: House) -> None:
    first, second = await two(home)
    job = await home.accepted(MorphRequest((Source(first), Source(second))))
    home.moderator.picture_score = 0.7
    assert await process(await home.claim(), home.bench) is JobStatus.HELD
    (case,) = await review.cases(home.transaction)
    assert case.pictures[0].endswith(".webp")
    await review.reject(case.case.id, "mod", home.transaction, home.events, home.clock)
    assert (await home.job(job.id)).status is JobStatus.REJECTED and len(await gallery(home)) == 2
    appeal = await appeals.appeal(ADA, job.id, "it is harmless", home.transaction, home.clock, home.events)
    await review.approve(appeal.id, "other", home.transaction, home.events, home.clock, home.bench.policy)
    assert len(await gallery(home)) == 3 and await home.used() == 2 * PICTURE_UNITS
