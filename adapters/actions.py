"""What a member can do next about a job or a picture: the buttons, the same on every platform.

To add one: a kind here, where it is offered below, `action-<kind>` in bot/locales, and each platform's handler.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.identity import Role
from bot.domain.jobs import Artifact, Job
from bot.domain.requests import (
    STYLE_BASED,
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    UpscaleRequest,
)


class ActionKind(StrEnum):
    """What a member can do next."""

    AGAIN = "again"
    """The same request with another seed (job)."""
    ANOTHER = "another"
    """Other captions on the same topic (job)."""
    TONE = "tone"
    """The same topic in another tone (job; the platform asks which)."""
    SHORTER = "shorter"
    """The same topic in fewer words (job)."""
    LONGER = "longer"
    """The same topic in more words (job)."""
    EDIT = "edit"
    """Change the words and options first (job)."""
    VARIATIONS = "variations"
    """Several pictures near this one (picture)."""
    CHOOSE = "choose"
    """This child, into the gallery (picture)."""
    REFINE = "refine"
    """What a style-based model made, drawn anew by diffusion (picture)."""
    UPSCALE = "upscale"
    """Larger (picture)."""
    RESTYLE = "restyle"
    """In a style, or in the manner of another picture; the platform asks which (picture)."""
    MIX = "mix"
    """Children of this and another picture; the platform asks which (picture)."""
    MORPH = "morph"
    """An animation through this and other pictures; the platform asks which (picture)."""
    FAMILY = "family"
    """What it was made of, and what was made of it (picture)."""
    BASE = "base"
    """Begin a new request from this picture (picture)."""
    DOWNLOAD = "download"
    """The file at full size (picture)."""
    CROP = "crop"
    """How it looks in the circle that platforms cut (picture)."""
    REPORT = "report"
    """Tell the moderators of it (picture)."""
    DELETE = "delete"
    """Out of the gallery for good (picture)."""
    CANCEL = "cancel"
    """Stop it (job)."""
    WHY = "why"
    """What was against it, for nobody else to read (job)."""
    VOICE = "voice"
    """Keep it as an example of how the community writes (job; the platform asks which of several)."""
    APPEAL = "appeal"
    """Ask another moderator to look again (job)."""


@dataclass(frozen=True, slots=True)
class Action:
    """One button: what it does, and the job or picture it does it to."""

    kind: ActionKind
    job_id: str
    artifact_id: str | None = None

    @property
    def label(self) -> str:
        """The message id of its name."""
        return f"action-{self.kind.value}"


_ON_PICTURES = (
    ActionKind.VARIATIONS,
    ActionKind.BASE,
    ActionKind.DOWNLOAD,
    ActionKind.CROP,
    ActionKind.REPORT,
    ActionKind.DELETE,
)
_ON_ANIMATIONS = (ActionKind.DOWNLOAD, ActionKind.REPORT, ActionKind.DELETE)
_OF_PICTURES = (ActionKind.UPSCALE, ActionKind.RESTYLE, ActionKind.MIX, ActionKind.MORPH, ActionKind.FAMILY)


def after(job: Job) -> tuple[Action, ...]:
    """What can be done with a job that is done."""
    request = job.request
    kinds: tuple[ActionKind, ...]
    if isinstance(request, CaptionRequest):
        kinds = (ActionKind.ANOTHER, ActionKind.TONE, *_steps(request), ActionKind.EDIT, *_collecting(job))
    else:  # the same pictures lead to the same animation, and to the same enlargement
        kinds = (ActionKind.AGAIN, ActionKind.EDIT) if editable(request) else ()
    return tuple(Action(kind, job.id) for kind in kinds)


def retrying(job: Job) -> tuple[Action, ...]:
    """What can be done with a job that came to nothing."""
    again = ActionKind.ANOTHER if isinstance(job.request, CaptionRequest) else ActionKind.AGAIN
    return (Action(again, job.id), *editing(job))


def editing(job: Job) -> tuple[Action, ...]:
    """Changing its words or options, where it has some."""
    return (Action(ActionKind.EDIT, job.id),) if editable(job.request) else ()


def cancelling(job_id: str) -> tuple[Action, ...]:
    """Stopping it."""
    return (Action(ActionKind.CANCEL, job_id),)


def on_picture(artifact: Artifact, job: Job) -> tuple[Action, ...]:
    """What can be done with a picture as it is."""
    kinds = _ON_ANIMATIONS if artifact.animated else _ON_PICTURES
    return tuple(Action(kind, job.id, artifact.id) for kind in kinds)


def of_picture(artifact: Artifact, job: Job) -> tuple[Action, ...]:
    """What can be made of a picture, and what it was made of."""
    return tuple(Action(kind, job.id, artifact.id) for kind in _studio(artifact, job))


def editable(request: MemberRequest) -> bool:
    """Whether it has words or options that could be changed."""
    return not isinstance(request, MorphRequest | UpscaleRequest)


def _steps(request: CaptionRequest) -> tuple[ActionKind, ...]:
    """The lengths beside this one."""
    shorter = (ActionKind.SHORTER,) if request.length.shorter else ()
    return (*shorter, ActionKind.LONGER) if request.length.longer else shorter


def _collecting(job: Job) -> tuple[ActionKind, ...]:
    """Under what moderators and owners asked for: everybody sees these buttons, and only they may press this one."""
    theirs = job.origin.community_id and job.origin.role.at_least(Role.MODERATOR)
    return (ActionKind.VOICE,) if theirs and job.result and job.result.texts and not job.result.degraded else ()


def _studio(artifact: Artifact, job: Job) -> tuple[ActionKind, ...]:
    """What can be made of a picture; of an animation nothing."""
    if artifact.animated:
        return (ActionKind.FAMILY,)
    request = job.request
    bred = isinstance(request, MixRequest) or (isinstance(request, AvatarRequest) and request.model == STYLE_BASED)
    first = (() if artifact.kept else (ActionKind.CHOOSE,)) + ((ActionKind.REFINE,) if bred else ())
    return (*first, *_OF_PICTURES)
