"""Signals in, verdict out. `decide` is pure: the same signals and policy always give the same verdict."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Category(StrEnum):
    """What a screen may see in text or pictures."""

    SEXUAL = "sexual"
    MINORS = "minors"
    VIOLENCE = "violence"
    HATE = "hate"
    HARASSMENT = "harassment"
    SELF_HARM = "self-harm"
    ILLEGAL = "illegal"
    REAL_PEOPLE = "real-people"
    """A named person of public life in a sexual or demeaning picture."""
    PERSONAL_DATA = "personal-data"
    SPAM = "spam"
    UNSCREENED = "unscreened"
    """The screen could not answer: its score is 1 and its verdict always HOLD."""
    REPORTED = "reported"
    """No screen but a member saw something; the evidence is what they say."""
    OWN_TERMS = "own-terms"
    """A word that the community's owner does not want to see."""
    APPEALED = "appealed"
    """A member asks for another look at what was rejected; the evidence is what they say."""


class Stage(StrEnum):
    """What was looked at."""

    PROMPT = "prompt"
    UPLOAD = "upload"
    PICTURE = "picture"
    CAPTION = "caption"
    REPORT = "report"
    """What was made passed, was shown, and a member reported it."""
    APPEAL = "appeal"
    """It was rejected, and its member asks for another look."""


class Verdict(StrEnum):
    """What to do; the order of severity is ALLOW < BLUR < HOLD < BLOCK."""

    ALLOW = "allow"
    BLUR = "blur"
    """It goes out, but pictures are covered, whatever the community's age policy; words go out as they are."""
    HOLD = "hold"
    BLOCK = "block"

    @property
    def passes(self) -> bool:
        """Whether it goes out without a human's look."""
        return self in (Verdict.ALLOW, Verdict.BLUR)

    @property
    def severity(self) -> int:
        """Its place in the order."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Signal:
    """One screen's opinion: `score` 0-1 for a category, and the words that caused it when it was words.

    Of MINORS the words are dropped at once, so that they are nowhere shown and nowhere stored.
    """

    category: Category
    score: float
    source: str
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.category is Category.MINORS:
            object.__setattr__(self, "evidence", "")


NEVER = 1.01
"""A threshold that no score reaches."""
MINORS_BLOCK = 0.5
"""From here on MINORS is refused, whatever a policy says."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Scores from `blur` on are covered, from `hold` on wait for a human, from `block` on are refused."""

    hold: float
    block: float
    blur: float = NEVER


Thresholds = Mapping[Category, Threshold]

DEFAULT_THRESHOLD = Threshold(hold=0.6, block=0.9)
DEFAULT_THRESHOLDS: Thresholds = {
    # Somebody who writes of harming themselves needs a person, not a machine's refusal; and 'I cut my fringe
    # myself' scores high too.
    Category.SELF_HARM: Threshold(hold=0.6, block=NEVER),
}


@dataclass(frozen=True, slots=True)
class ModerationPolicy:
    """Thresholds by category, and those of a stage that go before them; a category without one has the default."""

    thresholds: Thresholds = field(default_factory=lambda: DEFAULT_THRESHOLDS)
    by_stage: Mapping[Stage, Thresholds] = field(default_factory=dict)

    def threshold(self, category: Category, stage: Stage | None = None) -> Threshold:
        """The threshold in force for a category at a stage."""
        here = self.by_stage.get(stage, {}) if stage else {}
        return here.get(category) or self.thresholds.get(category, DEFAULT_THRESHOLD)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and the signal that weighed most, None when nothing was seen; `signals` is all that was."""

    verdict: Verdict
    cause: Signal | None = None
    signals: tuple[Signal, ...] = field(default=(), compare=False)


def _verdict(signal: Signal, policy: ModerationPolicy, stage: Stage | None) -> Verdict:
    # A score that is not a number compares false with everything; uncertain is HOLD.
    if signal.category is Category.UNSCREENED or math.isnan(signal.score):
        return Verdict.HOLD
    threshold = policy.threshold(signal.category, stage)
    forbidden = signal.category is Category.MINORS and signal.score >= MINORS_BLOCK
    if forbidden or signal.score >= threshold.block:
        return Verdict.BLOCK
    if signal.score >= threshold.hold:
        return Verdict.HOLD
    return Verdict.BLUR if signal.score >= threshold.blur else Verdict.ALLOW


def decide(signals: Iterable[Signal], policy: ModerationPolicy, stage: Stage | None = None) -> Decision:
    """The severest verdict any signal earns; among equals the highest score is the cause."""
    seen = tuple(signals)
    if not seen:
        return Decision(Verdict.ALLOW)
    judged = [(_verdict(signal, policy, stage), signal) for signal in seen]
    verdict, cause = max(judged, key=lambda pair: (pair[0].severity, pair[1].score))
    return Decision(verdict, cause, seen)


class CaseStatus(StrEnum):
    """A review case is decided once."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Nobody decided: what was asked for was stopped meanwhile."""


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """Something held for a human: which job, at which stage, and why. Times are seconds since 1970.

    A decision takes effect at `settled_at`; while that is None and `settles_at` lies ahead it can be taken back.
    """

    id: str
    job_id: str
    stage: Stage
    cause: Signal
    status: CaseStatus
    opened_at: float
    decided_at: float | None = None
    decided_by: str | None = None
    note: str = ""
    reason: Category | None = None
    """What the moderator says it is, where that is not what the screens saw."""
    strike: bool = False
    settles_at: float | None = None
    settled_at: float | None = None
    overturned_at: float | None = None
    claimed_by: str | None = None
    claimed_until: float | None = None
    escalated_at: float | None = None
    """From then on only an owner decides."""
    second_wanted_by: str | None = None
    first_case_id: str | None = None
    """The case that an appeal is about."""

    @property
    def decided(self) -> bool:
        """Whether a human said yes or no."""
        return self.status in (CaseStatus.APPROVED, CaseStatus.REJECTED)

    @property
    def category(self) -> Category:
        """What it was rejected for."""
        return self.reason or self.cause.category


@dataclass(frozen=True, slots=True)
class DueCard:
    """A case that a moderators' channel should show as it is now, in `message_id` when it is there already.

    `shows` names what its card is about to tell: while it stays the same, the card is in line.
    """

    case: ReviewCase
    channel_id: str
    message_id: str | None
    shows: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a moderator tells the others about a case."""

    id: str
    case_id: str
    by: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a moderator thinks of a case, or decided."""

    case_id: str
    by: str
    approve: bool
    at: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a member said of something that they were shown."""

    job_id: str
    member_id: str
    note: str
    created_at: float
