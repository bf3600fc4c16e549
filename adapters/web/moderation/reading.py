"""Pure: a case in the words in which a moderator reads it."""

import hashlib
from dataclasses import dataclass

from bot.domain.moderation import CaseStatus, Stage
from bot.domain.requests import prompt_of
from bot.usecases.docket import Docket

STRENGTHS = ((0.9, "sure"), (0.75, "strong"), (0.5, "some"))
"""Scores from which on a screen's opinion has a name; below all, 'weak'."""

_SCREENS = {
    "classifier:text": "text",
    "classifier:picture": "picture",
    "classifier:guard": "guard",
    "own-terms": "terms",
    "member": "member",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was asked for with what the screen saw in it, how sure it was, and how long a decision can be taken back."""

    before: str
    marked: str
    after: str
    evidence: str
    """What the screen or a member said, where it is not a part of the words."""
    strength: str
    undo: int
    """Seconds left in which the decision can be taken back."""
    digest: str
    """Changes when anything about the case does, except its age."""


def read(docket: Docket, now: float) -> Read:
    """A case as it is read."""
    case, words = docket.view.case, prompt_of(docket.view.job.request) or f"/{docket.view.job.kind}"
    evidence = case.cause.evidence
    at = words.casefold().find(evidence.casefold()) if evidence else -1
    if at < 0 or case.stage in (Stage.REPORT, Stage.APPEAL) or len(words.casefold()) != len(words):
        parts, said = (words, "", ""), evidence
    else:
        end = at + len(evidence)
        parts, said = (words[:at], words[at:end], words[end:]), ""
    return Read(*parts, said, strength(case.cause.score), _undo(docket, now), _digest(docket, now))


def strength(score: float) -> str:
    """How sure a screen was, in a word."""
    return next((name for least, name in STRENGTHS if score >= least), "weak")


def screen(source: str) -> str:
    """Which screen it is that a signal names as its source, as sentences know it: 'screen-<this>'."""
    return _SCREENS.get(source) or ("rules" if source.startswith("rules:") else "other")


def _undo(docket: Docket, now: float) -> int:
    case = docket.view.case
    if not case.decided or case.settled_at is not None or case.settles_at is None:
        return 0
    return max(0, int(case.settles_at - now))


def _digest(docket: Docket, now: float) -> str:
    case, job = docket.view.case, docket.view.job
    claimed = case.claimed_by if (case.claimed_until or 0) > now else None
    over = case.status is not CaseStatus.OPEN and _undo(docket, now) == 0
    state = (case.status, case.decided_by, case.settled_at, case.overturned_at, claimed, case.escalated_at, over)
    said = (
        case.second_wanted_by,
        docket.notes,
        docket.opinions,
        docket.reports,
        docket.standing,
        job.status,
    )
    return hashlib.sha256(repr((state, said)).encode()).hexdigest()[:16]
