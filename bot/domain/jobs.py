"""A job's life, as an explicit transition table, and the things a job leaves behind."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.errors import Conflict, Reason
from bot.domain.identity import Origin
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    UpscaleRequest,
    sources,
)


class JobStatus(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    DELIVERED = "delivered"
    HELD = "held"
    BLOCKED = "blocked"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = JobStatus
TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    # QUEUED -> REJECTED: the approval of its prompt was overturned before the work began.
    S.QUEUED: frozenset({S.RUNNING, S.CANCELLED, S.FAILED, S.REJECTED}),
    # RUNNING -> QUEUED is a lease that ran out, an engine that died, or an orderly stop.
    S.RUNNING: frozenset({S.READY, S.HELD, S.BLOCKED, S.FAILED, S.CANCELLED, S.QUEUED}),
    # HELD -> QUEUED is the approval of a prompt or an upload: nothing was drawn yet.
    S.HELD: frozenset({S.READY, S.REJECTED, S.EXPIRED, S.CANCELLED, S.QUEUED}),
    # READY or DELIVERED -> REJECTED: a member reported it, and a moderator took it away.
    S.READY: frozenset({S.DELIVERED, S.REJECTED}),
    S.DELIVERED: frozenset({S.REJECTED}),
    S.BLOCKED: frozenset(),
    # An appeal was upheld or a rejection overturned: what was made goes out, what was not made yet is made.
    S.REJECTED: frozenset({S.READY, S.QUEUED}),
    S.EXPIRED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}
VISIBLE = frozenset({S.READY, S.DELIVERED})
"""States in which a member may see what was made; held and rejected works are for moderators only."""
ENDED = frozenset(S) - {S.QUEUED, S.RUNNING}
"""States after which nothing more happens without somebody's doing."""


def check_transition(old: JobStatus, new: JobStatus) -> None:
    """Raise Conflict unless the table allows old -> new."""
    if new not in TRANSITIONS[old]:
        raise Conflict("job-moved-on", old=old.value, new=new.value)


class Settlement(StrEnum):
    """What became of the units reserved for a job; each is written at most once."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RELEASED = "released"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to a job until `until` (seconds since 1970)."""

    owner: str
    until: float


@dataclass(frozen=True, slots=True)
class Artifact:
    """One picture or animation in the store. `name` is its file there; deleted ones keep their row, not their file."""

    id: str
    job_id: str
    member_id: str
    index: int
    name: str
    media_type: str
    sha256: str
    size: int
    width: int
    height: int
    seed: int
    created_at: float
    deleted_at: float | None = None
    alt: str = ""
    """What it shows, in one English sentence for who cannot see it; '' where nobody could say."""
    kept: bool = True
    """Whether it is in its member's gallery: of the children of a mix, those that were chosen are."""

    @property
    def animated(self) -> bool:
        """Whether it moves: such a one can be shown, but nothing can be made of it."""
        return self.media_type != "image/png"


@dataclass(frozen=True, slots=True)
class JobResult:
    """What the engine made: words here, pictures as Artifacts. `degraded` marks an honest fallback."""

    model: str = ""
    seconds: float = 0.0
    tokens: int = 0
    seed: int | None = None
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    texts: tuple[str, ...] = ()
    degraded: bool = False
    covered: bool = False
    """The pictures are shown only to who uncovers them."""
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request on its way. Times are seconds since 1970."""

    id: str
    member_id: str
    origin: Origin
    request: MemberRequest
    units: int
    status: JobStatus
    settlement: Settlement
    created_at: float
    deadline_at: float
    attempts: int = 0
    lease: Lease | None = None
    cancel_requested: bool = False
    started_at: float | None = None
    finished_at: float | None = None
    approved: bool = False
    """A moderator approved the prompt or upload."""
    result: JobResult | None = None
    error: Reason | None = None
    parent_id: str | None = None
    uploads: tuple[str, ...] = ()
    """Names in the artifact store of the pictures that it begins from; their bytes are not kept in the row."""

    @property
    def kind(self) -> str:
        """'avatar', 'caption', 'mix', 'morph', 'upscale' or 'restyle'."""
        return kind_of(self.request)

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the member's own pictures that it begins from."""
        return tuple(source.artifact_id for source in sources(self.request) if source.artifact_id)

    @property
    def covered(self) -> bool:
        """Whether what was made is shown only to who uncovers it."""
        return self.result is not None and self.result.covered

    def for_member(self) -> "Job":
        """The job without the words that it made, unless its member may see them."""
        if self.result is None or self.status in VISIBLE:
            return self
        return replace(self, result=replace(self.result, texts=()))


REQUESTS: dict[str, type[MemberRequest]] = {
    "avatar": AvatarRequest,
    "caption": CaptionRequest,
    "mix": MixRequest,
    "morph": MorphRequest,
    "upscale": UpscaleRequest,
    "restyle": RestyleRequest,
}
"""What each command asks for, by its name."""
_KINDS = {request: kind for kind, request in REQUESTS.items()}


def kind_of(request: MemberRequest) -> str:
    """The name of the command that asks for this."""
    return _KINDS[type(request)]


class DeliveryStatus(StrEnum):
    """An outbox row's life."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """News that a job reached `told`, kept until the platform took it. `id` is the idempotency key."""

    id: str
    job_id: str
    told: JobStatus
    origin: Origin
    status: DeliveryStatus
    attempts: int
    next_attempt_at: float
    created_at: float


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Jobs ahead, and seconds until done as far as recent work tells (None: no idea yet)."""

    position: int
    eta_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with what belongs to it, as a platform shows it."""

    job: Job
    artifacts: tuple[Artifact, ...] = field(default_factory=tuple)
