"""What to say and offer about a request, a job or a quota: the same on every platform.

Pure. A platform translates the sentences, draws the actions as its own buttons, and invents nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.actions import Action, after, cancelling, editing, of_picture, on_picture, retrying
from bot.domain.errors import Reason
from bot.domain.jobs import Artifact, Job, JobStatus, JobView, QueuePlace, Settlement
from bot.domain.moderation import Category
from bot.domain.outcomes import Accepted, Held, Outcome, Refused
from bot.domain.quota import QuotaState
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    MixRequest,
    RestyleRequest,
    UpscaleRequest,
    prompt_of,
)
from engines.contract import ImageProgress, Progress


@dataclass(frozen=True, slots=True)
class Choice:
    """A style or tone on offer; `names` by locale, as its author wrote them."""

    key: str
    names: Mapping[str, str]

    def label(self, locale: str) -> str:
        """The name in a locale, else in English, else the key."""
        return self.names.get(locale) or self.names.get("en") or self.key


def named(reason: Reason, choices: Mapping[str, tuple[Choice, ...]], locale: str) -> Reason:
    """The same sentence with the keys of styles and tones replaced by their names; `choices` by argument name."""

    def label(argument: str, value: str | int | float) -> str | int | float:
        return next((c.label(locale) for c in choices.get(argument, ()) if c.key == value), value)

    return Reason(reason.message, tuple((name, label(name, value)) for name, value in reason.arguments))


class Mood(StrEnum):
    """How a reply should look."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    HELD = "held"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One picture with its alt text, the name it downloads under, and what can be done with it.

    `studio` are the actions that make something else of it, or say what was.
    """

    artifact: Artifact
    alt: str
    filename: str
    actions: tuple[Action, ...]
    covered: bool = False
    studio: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One sentence, the smaller facts beside it, what was made, and what can be done next.

    `notes` are sentences about how it came about, which a member should not miss.
    """

    mood: Mood
    message: Reason
    facts: tuple[Reason, ...] = ()
    texts: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    actions: tuple[Action, ...] = field(default_factory=tuple)
    notes: tuple[Reason, ...] = ()


def of_outcome(outcome: Outcome) -> Reply:
    """The answer to a request that was just made."""
    match outcome:
        case Accepted(job_id, place, quota, units):
            facts = (Reason.of("fact-cost", units=units), _left(quota))
            return Reply(Mood.WAITING, of_place(place), facts, actions=cancelling(job_id))
        case Held(job_id, _, reason):
            return Reply(Mood.HELD, reason, actions=cancelling(job_id), notes=_care(reason))
        case Refused(reason):
            return Reply(Mood.REFUSED, reason, notes=_care(reason))


def _care(reason: Reason) -> tuple[Reason, ...]:
    """Who writes of harming themselves is told where somebody listens."""
    return (Reason.of("self-harm-help"),) if reason.values().get("category") == Category.SELF_HARM.value else ()


def of_view(view: JobView, place: QueuePlace | None = None) -> Reply:
    """A job as it stands; `place` is known while it waits."""
    job = view.job
    retry, cancel = retrying(job), cancelling(job.id)
    match job.status:
        case JobStatus.QUEUED:
            return Reply(Mood.WAITING, of_place(place), actions=cancel)
        case JobStatus.RUNNING if job.cancel_requested:
            return Reply(Mood.WORKING, Reason.of("stopping"))
        case JobStatus.RUNNING:
            return Reply(Mood.WORKING, Reason.of(f"working-{job.kind}"), actions=cancel)
        case JobStatus.READY | JobStatus.DELIVERED:
            return _done(view)
        case JobStatus.HELD:
            reason = Reason.of("held-result") if job.result else Reason.of("held-prompt")
            return Reply(Mood.HELD, reason, actions=() if job.result else cancel)
        case JobStatus.CANCELLED if job.settlement is Settlement.SETTLED:
            return Reply(Mood.STOPPED, Reason.of("job-cancelled-begun", units=job.units), actions=retry)
        case JobStatus.CANCELLED:
            return Reply(Mood.STOPPED, Reason.of("job-cancelled"), actions=retry)
        case JobStatus.BLOCKED | JobStatus.REJECTED:
            reason = job.error or Reason.of(f"job-{job.status.value}")
            return Reply(Mood.REFUSED, reason, actions=editing(job), notes=_care(reason))
        case JobStatus.FAILED | JobStatus.EXPIRED:
            return Reply(Mood.STOPPED, job.error or Reason.of(f"job-{job.status.value}"), actions=retry)


def of_progress(progress: Progress) -> Reason:
    """What the engine is doing right now."""
    if isinstance(progress, ImageProgress):
        return Reason.of("progress-steps", step=progress.step, total=progress.total)
    return Reason.of("progress-words", tokens=progress.tokens)


def of_place(place: QueuePlace | None) -> Reason:
    """How long until it is this job's turn."""
    if place is None or (place.position == 0 and place.eta_seconds is None):
        return Reason.of("queue-next")
    if place.eta_seconds is None:
        return Reason.of("queue-ahead", position=place.position)
    seconds = max(1, round(place.eta_seconds))
    if place.position == 0:
        return Reason.of("queue-next-eta", seconds=seconds)
    return Reason.of("queue-ahead-eta", position=place.position, seconds=seconds)


def of_quota(state: QuotaState, now: float) -> Reason:
    """What a member has left today, in one sentence."""
    hours = max(1, -(-int(state.resets_at - now) // 3600))
    return Reason.of("quota-state", remaining=state.remaining, limit=state.limit, hours=hours)


def _left(state: QuotaState) -> Reason:
    return Reason.of("fact-left", remaining=state.remaining, limit=state.limit)


def _done(view: JobView) -> Reply:
    job = view.job
    if isinstance(job.request, CaptionRequest):
        texts = job.result.texts if job.result else ()
        message = Reason.of("done-caption", n=len(texts))
    else:
        texts, message = (), _made(view)
    return Reply(
        Mood.DONE,
        message,
        _facts(job),
        texts,
        tuple(attachment(artifact, job) for artifact in view.artifacts),
        after(job),
        job.result.notes if job.result else (),
    )


def _made(view: JobView) -> Reason:
    """What became of pictures; one child alone was chosen from its siblings."""
    if not view.artifacts:
        return Reason.of("pictures-deleted")
    if isinstance(view.job.request, MixRequest) and len(view.artifacts) == 1 and view.artifacts[0].kept:
        return Reason.of("choose-done")
    return Reason.of(f"done-{view.job.kind}", n=len(view.artifacts))


def named_by(artifact: Artifact, job: Job) -> str:
    """Words for a picture in a list: those that it was made from, else what it shows, else how it was made."""
    return prompt_of(job.request) or artifact.alt or job.kind


def attachment(artifact: Artifact, job: Job) -> Attachment:
    """One picture of a job, ready to show."""
    words = prompt_of(job.request)
    return Attachment(
        artifact,
        artifact.alt or named_by(artifact, job),
        _filename(words or job.kind, artifact),
        on_picture(artifact, job),
        job.covered,
        of_picture(artifact, job),
    )


def _facts(job: Job) -> tuple[Reason, ...]:
    """Style or tone, seed, steps, size, seconds."""
    request, result = job.request, job.result
    if result is None:
        return ()
    facts = []
    if isinstance(request, CaptionRequest):
        facts.append(Reason.of("fact-tone", tone=request.tone))
    elif isinstance(request, AvatarRequest | RestyleRequest) and request.style:
        facts.append(Reason.of("fact-style", style=request.style))
    if result.seed is not None and not isinstance(request, UpscaleRequest):
        facts.append(Reason.of("fact-seed", seed=result.seed))
    if result.num_inference_steps:
        facts.append(Reason.of("fact-steps", steps=result.num_inference_steps))
    if result.seconds:
        facts.append(Reason.of("fact-seconds", seconds=f"{result.seconds:.1f}"))
    return tuple(facts)


_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


def _filename(prompt: str, artifact: Artifact) -> str:
    """A short name that any file system takes: the first words of the prompt and the seed."""
    words = [word for word in re.split(r"[^\w]+", unicodedata.normalize("NFKC", prompt).lower()) if word]
    stem = "-".join(words)[:40].strip("-_") or "avatar"
    return f"{stem}-{artifact.seed}.{_EXTENSIONS.get(artifact.media_type, 'bin')}"
