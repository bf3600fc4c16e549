"""Signals in, verdict out. `decide` is pure: the same signals and policy always give the same verdict."""

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


class Stage(StrEnum):
    """What was looked at."""

    PROMPT = "prompt"
    UPLOAD = "upload"
    PICTURE = "picture"
    CAPTION = "caption"
    REPORT = "report"
    """What was made passed, was shown, and a member reported it."""


class Verdict(StrEnum):
    """What to do; the order of severity is ALLOW < HOLD < BLOCK."""

    ALLOW = "allow"
    HOLD = "hold"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Signal:
    """One screen's opinion: `score` 0-1 for a category, and the words that caused it when it was words."""

    category: Category
    score: float
    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Scores from `hold` on wait for a human; from `block` on are refused. Above 1 means never."""

    hold: float
    block: float


DEFAULT_THRESHOLD = Threshold(hold=0.6, block=0.9)
DEFAULT_THRESHOLDS: Mapping[Category, Threshold] = {
    # Somebody who writes of harming themselves needs a person, not a machine's refusal; and 'I cut my fringe
    # myself' scores high too.
    Category.SELF_HARM: Threshold(hold=0.6, block=1.01),
}


@dataclass(frozen=True, slots=True)
class ModerationPolicy:
    """A community's thresholds by category; a category without one has the default."""

    thresholds: Mapping[Category, Threshold] = field(default_factory=lambda: DEFAULT_THRESHOLDS)

    def threshold(self, category: Category) -> Threshold:
        """The threshold in force for a category."""
        return self.thresholds.get(category, DEFAULT_THRESHOLD)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and the signal that weighed most, None when nothing was seen."""

    verdict: Verdict
    cause: Signal | None = None


_SEVERITY = {Verdict.ALLOW: 0, Verdict.HOLD: 1, Verdict.BLOCK: 2}


def _verdict(signal: Signal, policy: ModerationPolicy) -> Verdict:
    if signal.category is Category.UNSCREENED:
        return Verdict.HOLD
    threshold = policy.threshold(signal.category)
    if signal.score >= threshold.block:
        return Verdict.BLOCK
    # A score that is not a number compares false with everything; uncertain is HOLD, so ask it this way round.
    return Verdict.ALLOW if signal.score < threshold.hold else Verdict.HOLD


def decide(signals: Iterable[Signal], policy: ModerationPolicy) -> Decision:
    """The severest verdict any signal earns; among equals the highest score is the cause."""
    judged = [(_verdict(signal, policy), signal) for signal in signals]
    if not judged:
        return Decision(Verdict.ALLOW)
    verdict, cause = max(judged, key=lambda pair: (_SEVERITY[pair[0]], pair[1].score))
    return Decision(verdict, cause)


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
    """Something held for a human: which job, at which stage, and why."""

    id: str
    job_id: str
    stage: Stage
    cause: Signal
    status: CaseStatus
    opened_at: float
    decided_at: float | None = None
    decided_by: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DueCard:
    """A case that a moderators' channel should show as it is now, in `message_id` when it is there already."""

    case: ReviewCase
    channel_id: str
    message_id: str | None
