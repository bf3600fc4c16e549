"""A week of moderation in numbers. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.moderation import CaseStatus, Opinion, ReviewCase, Verdict
from bot.domain.screenings import Screening

WEEK = 7 * 86_400.0
TOP = 10


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """From `since` to before `until` (seconds since 1970, UTC days). Rates are 0-1, None where there was nothing.

    `agreement` is the share of second opinions that were as the decision; seconds run from opening to decision.
    """

    since: float
    until: float
    volume: Mapping[str, int]
    """Judgements by day, 2026-11-28."""
    held_rate: float | None
    blocked_rate: float | None
    overturn_rate: float | None
    median_seconds: float | None
    p90_seconds: float | None
    agreement: float | None
    top_rules: Sequence[tuple[str, str, int]]
    """Source, category, and how many judgements of theirs did not simply pass; most first."""
    decided: int
    open: int
    oldest: float | None = field(default=None)
    """When the oldest open case was opened."""


def report(
    screenings: Sequence[Screening],
    cases: Sequence[ReviewCase],
    opinions: Sequence[Opinion],
    since: float,
    until: float,
) -> WeeklyReport:
    """Count a week's judgements and decided cases, and the cases that are open."""
    decided = [case for case in cases if case.decided]
    waiting = [case.opened_at for case in cases if case.status is CaseStatus.OPEN]
    took = sorted((case.decided_at or 0.0) - case.opened_at for case in decided)
    verdicts = Counter(screening.verdict for screening in screenings)
    by_day = Counter(datetime.fromtimestamp(each.at, UTC).date().isoformat() for each in screenings)
    blamed = Counter(
        (signal.source, signal.category.value)
        for screening in screenings
        if screening.verdict is not Verdict.ALLOW
        for signal in screening.signals[:1]
    )
    final = {case.id: case.status is CaseStatus.APPROVED for case in decided}
    judges = {case.id: case.decided_by for case in decided}
    others = [each for each in opinions if each.case_id in final and each.by != judges[each.case_id]]
    return WeeklyReport(
        since=since,
        until=until,
        volume=dict(sorted(by_day.items())),
        held_rate=_share(verdicts[Verdict.HOLD], len(screenings)),
        blocked_rate=_share(verdicts[Verdict.BLOCK], len(screenings)),
        overturn_rate=_share(sum(case.overturned_at is not None for case in decided), len(decided)),
        median_seconds=_quantile(took, 0.5),
        p90_seconds=_quantile(took, 0.9),
        agreement=_share(sum(each.approve is final[each.case_id] for each in others), len(others)),
        top_rules=tuple((*rule, count) for rule, count in blamed.most_common(TOP)),
        decided=len(decided),
        open=len(waiting),
        oldest=min(waiting, default=None),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that is not below `share` of them."""
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))] if ordered else None
