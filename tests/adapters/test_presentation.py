"""What to say and offer: the same on every platform, for every state a job can be in."""

from dataclasses import replace

import pytest

from adapters.actions import ActionKind
from adapters.presentation import Choice, Mood, attachment, named, of_outcome, of_place, of_view
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Artifact, Job, JobResult, JobStatus, JobView, QueuePlace, Settlement
from bot.domain.outcomes import Accepted, Held, Refused
from bot.domain.quota import QuotaState
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    Length,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    Source,
    UpscaleRequest,
)
from bot.i18n import translator

JOB = Job(
    id="j",
    member_id="m",
    origin=Origin(Platform.WEB, "ada", "studio"),
    request=AvatarRequest("a fox", style="pixel", seed=7),
    units=4,
    status=JobStatus.DELIVERED,
    settlement=Settlement.SETTLED,
    created_at=0.0,
    deadline_at=1.0,
    result=JobResult("model", 1.25, seed=7, num_inference_steps=8),
)
PICTURE = Artifact("a", "j", "m", 0, "ab.png", "image/png", "ab", 1, 64, 64, 7, 0.0)


def kinds(view: JobView) -> list[str]:
    reply = of_view(view)
    return [action.kind.value for action in reply.actions]


@pytest.mark.parametrize("status", JobStatus)
@pytest.mark.parametrize(
    "request_",
    [
        AvatarRequest("a fox"),
        CaptionRequest("rain"),
        MixRequest(Source("a"), Source("b")),
        MorphRequest((Source("a"), Source("b"))),
        UpscaleRequest(Source("a")),
        RestyleRequest(Source("a"), style="pixel"),
    ],
)
def test_every_state_has_a_sentence(status: JobStatus, request_: MemberRequest) -> None:
    english = translator("en")
    for result in (None, JobResult("model", 1.0, texts=("hi",))):
        reply = of_view(JobView(replace(JOB, status=status, request=request_, result=result)))
        assert english.knows(reply.message.message)
        assert "{" not in english.text(reply.message)
        assert all(english.knows(fact.message) and "{" not in english.text(fact) for fact in reply.facts)
        assert all(english.knows(action.label) for action in reply.actions)


def test_a_picture_offers_everything() -> None:
    reply = of_view(JobView(JOB, (PICTURE,)))
    assert reply.mood is Mood.DONE
    assert kinds(JobView(JOB, (PICTURE,))) == ["again", "edit"]
    (shown,) = reply.attachments
    assert [action.kind.value for action in shown.actions] == [
        *("variations", "base", "download", "crop", "report", "delete")
    ]
    assert all(action.artifact_id == "a" for action in shown.actions)
    assert shown.alt == "a fox"
    facts = [translator("en").text(fact) for fact in reply.facts]
    assert facts == ["pixel", "seed 7", "8 steps", "1.2 s"]


def studio(job: Job, picture: Artifact) -> list[str]:
    return [action.kind.value for action in attachment(picture, job).studio]


def test_what_can_be_made_of_a_picture_depends_on_where_it_came_from() -> None:
    always = ["upscale", "restyle", "mix", "morph", "family"]
    assert studio(JOB, PICTURE) == always
    assert studio(replace(JOB, request=AvatarRequest("a fox", model="gan")), PICTURE) == ["refine", *always]
    mixed = replace(JOB, request=MixRequest(Source("a"), Source("b")))
    assert studio(mixed, replace(PICTURE, kept=False)) == ["choose", "refine", *always]
    assert kinds(JobView(mixed, (PICTURE,))) == ["again", "edit"]


def test_an_animation_can_be_shown_and_nothing_made_of_it() -> None:
    job = replace(JOB, request=MorphRequest((Source("a"), Source("b"))))
    moving = replace(PICTURE, media_type="image/webp", alt="Animation: two foxes.")
    shown = attachment(moving, job)
    assert [action.kind.value for action in shown.actions] == ["download", "report", "delete"]
    assert studio(job, moving) == ["family"] and kinds(JobView(job, (moving,))) == []
    assert (shown.alt, shown.filename) == ("Animation: two foxes.", "morph-7.webp")


def test_a_note_is_told_beside_the_facts() -> None:
    note = Reason.of("avatar-not-understood")
    reply = of_view(JobView(replace(JOB, result=JobResult("model", notes=(note,))), (PICTURE,)))
    assert reply.notes == (note,) and note not in reply.facts


@pytest.mark.parametrize(
    ("length", "steps"),
    [(Length.SHORT, ["longer"]), (Length.NORMAL, ["shorter", "longer"]), (Length.LONG, ["shorter"])],
)
def test_captions_offer_another_another_tone_and_the_lengths_beside(length: Length, steps: list[str]) -> None:
    job = replace(JOB, request=CaptionRequest("rain", length=length), result=JobResult("m", 1.0, texts=("hi",)))
    assert kinds(JobView(job)) == ["another", "tone", *steps, "edit"]


def test_what_is_held_after_the_work_cannot_be_cancelled_for_free() -> None:
    assert kinds(JobView(replace(JOB, status=JobStatus.HELD))) == []
    assert kinds(JobView(replace(JOB, status=JobStatus.HELD, result=None))) == [ActionKind.CANCEL.value]


def test_what_was_taken_away_after_a_report_says_so_and_shows_nothing() -> None:
    for request in (AvatarRequest("a fox"), CaptionRequest("rain")):
        job = replace(JOB, request=request, status=JobStatus.REJECTED, error=Reason.of("job-removed"))
        reply = of_view(JobView(replace(job, result=JobResult("model", texts=("hi",)))))
        assert reply.message == Reason.of("job-removed") and not reply.texts and not reply.attachments


def test_stopping_begun_work_says_that_it_is_charged() -> None:
    stopped = replace(JOB, status=JobStatus.CANCELLED, result=None)
    begun = of_view(JobView(replace(stopped, settlement=Settlement.SETTLED))).message
    assert begun == Reason.of("job-cancelled-begun", units=JOB.units)
    assert of_view(JobView(replace(stopped, settlement=Settlement.RELEASED))).message == Reason.of("job-cancelled")


def test_outcomes_are_told() -> None:
    english = translator("en")
    accepted = of_outcome(Accepted("j", QueuePlace(2, 9.6), QuotaState(4, 100, 0), 4))
    assert english.text(accepted.message) == "2 ahead of you: about 10 s."
    assert [english.text(fact) for fact in accepted.facts] == ["costs 4 units", "96 of 100 left today"]
    assert of_outcome(Held("j", "c", Reason.of("held", category="hate"))).mood is Mood.HELD
    assert of_outcome(Refused(Reason.of("queue-full"))).actions == ()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (None, "You are next."),
        (QueuePlace(0, None), "You are next."),
        (QueuePlace(0, 0.2), "You are next: about 1 s."),
        (QueuePlace(3, None), "3 ahead of you."),
    ],
)
def test_a_place_is_told(place: QueuePlace | None, sentence: str) -> None:
    assert translator("en").text(of_place(place)) == sentence


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a fox", "a-fox-7.png"),
        ("../../etc/passwd", "etc-passwd-7.png"),
        ("???", "avatar-7.png"),
        ("骑士", "骑士-7.png"),
        ("x" * 300, "x" * 40 + "-7.png"),
        ("\u202eevil.exe\x00", "evil-exe-7.png"),
    ],
)
def test_files_have_harmless_names(prompt: str, name: str) -> None:
    job = replace(JOB, request=AvatarRequest(prompt))
    assert attachment(PICTURE, job).filename == name


def test_styles_go_by_their_names() -> None:
    choices = {"style": (Choice("pixel", {"en": "Pixel art", "zh_CN": "像素"}),)}
    reason = Reason.of("fact-style", style="pixel")
    assert named(reason, choices, "zh_CN").values()["style"] == "像素"
    assert named(reason, choices, "de").values()["style"] == "Pixel art"
    assert named(Reason.of("fact-style", style="gone"), choices, "en").values()["style"] == "gone"


def test_who_writes_of_harming_themselves_is_told_where_somebody_listens() -> None:
    for category, notes in (("self-harm", (Reason.of("self-harm-help"),)), ("violence", ())):
        assert of_outcome(Held("job", "case", Reason.of("held", category=category))).notes == notes
        assert of_outcome(Refused(Reason.of("blocked", category=category))).notes == notes
