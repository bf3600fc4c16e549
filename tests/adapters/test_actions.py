"""What a member can do next: each button has a place, and none is offered where it could do nothing."""

from dataclasses import replace

from adapters.actions import Action, ActionKind, after, cancelling, editing, of_picture, on_picture, retrying
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Artifact, Job, JobResult, JobStatus, Settlement
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
from bot.i18n import translator

PARENTS = (Source("a"), Source("b"))
REQUESTS: tuple[MemberRequest, ...] = (
    AvatarRequest("a fox"),
    CaptionRequest("rain"),
    MixRequest(*PARENTS),
    MorphRequest(PARENTS),
    UpscaleRequest(Source("a")),
    RestyleRequest(Source("a"), style="pixel"),
)
PICTURE = Artifact("a", "j", "m", 0, "ab.png", "image/png", "ab", 1, 64, 64, 7, 0.0)


def job(request: MemberRequest) -> Job:
    return Job(
        id="j", member_id="m", origin=Origin(Platform.DISCORD, "ada", "studio", "guild", role=Role.MODERATOR),
        request=request, units=4, status=JobStatus.DELIVERED, settlement=Settlement.SETTLED, created_at=0.0,
        deadline_at=1.0, result=JobResult("model", 1.0, texts=("rain",)),
    )  # fmt: skip


def kinds(actions: tuple[Action, ...]) -> set[ActionKind]:
    return {action.kind for action in actions}


def test_every_kind_is_offered_somewhere_and_has_a_name() -> None:
    offered = kinds(cancelling("j"))
    for one in map(job, REQUESTS):
        offered |= kinds(after(one)) | kinds(retrying(one)) | kinds(editing(one))
        offered |= kinds(on_picture(PICTURE, one)) | kinds(of_picture(replace(PICTURE, kept=False), one))
    from_messages = {ActionKind.WHY, ActionKind.APPEAL}  # below what was refused, by the platforms themselves
    assert offered | from_messages == set(ActionKind)
    words = translator("en")
    assert all(words.text(Action(kind, "j").label) != f"action-{kind.value}" for kind in ActionKind)


def test_only_what_has_words_or_options_can_be_edited() -> None:
    without = [one for one in REQUESTS if not editing(job(one))]
    assert [type(one) for one in without] == [MorphRequest, UpscaleRequest]
    for one in REQUESTS:
        again = ActionKind.ANOTHER if isinstance(one, CaptionRequest) else ActionKind.AGAIN
        assert kinds(retrying(job(one))) == {again} | kinds(editing(job(one)))


def test_a_picture_is_named_in_its_own_actions_alone() -> None:
    one = job(REQUESTS[0])
    assert all(action.artifact_id == "a" for action in (*on_picture(PICTURE, one), *of_picture(PICTURE, one)))
    assert all(action.artifact_id is None for action in (*after(one), *retrying(one), *cancelling("j")))
