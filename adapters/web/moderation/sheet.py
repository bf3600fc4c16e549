"""Pure: a policy as the fields of a form, and back. Scores are whole hundredths there; NEVER_POINT is never."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.community_policy import DAY, PRESETS, ChannelKind, CommunityPolicy, StrikePolicy
from bot.domain.errors import InvalidRequest
from bot.domain.moderation import NEVER, Category, ModerationPolicy, Stage, Threshold
from bot.policies import from_dict, to_dict

NEVER_POINT = 101
LEVELS = ("blur", "hold", "block")
UNMOVED = (Category.MINORS, Category.UNSCREENED, Category.REPORTED, Category.APPEALED)
JUDGED = tuple(category for category in Category if category not in UNMOVED)
"""Categories whose thresholds an owner may move: what looks like minors is blocked whatever anybody wants."""
STAGES = (Stage.PROMPT, Stage.UPLOAD, Stage.PICTURE, Stage.CAPTION)
"""Stages that may have thresholds of their own."""
HOUR = 3600.0
TIMES = {"decay": DAY, "mute": HOUR, "suspend": DAY}
"""Seconds in the unit in which a form has these."""
COUNTS = ("mute_after", "suspend_after", "ban_after")


@dataclass(frozen=True, slots=True)
class Line:
    """Three sliders: a category's thresholds, at a stage or, with `stage` None, wherever no stage has its own."""

    kind: ChannelKind
    stage: Stage | None
    category: Category
    points: tuple[int, int, int]
    own: bool

    @property
    def name(self) -> str:
        """What its fields' names begin with."""
        return f"{self.kind.value}/{self.stage.value if self.stage else 'all'}/{self.category.value}"


def lines(policy: CommunityPolicy, kind: ChannelKind, stage: Stage | None) -> list[Line]:
    """The sliders of a kind of channel and a stage."""
    there = policy.at(kind)
    own = there.by_stage.get(stage, {}) if stage else {}
    return [
        Line(kind, stage, category, _points(there.threshold(category, stage)), stage is None or category in own)
        for category in JUDGED
    ]


def as_preset(policy: CommunityPolicy) -> str:
    """The preset whose thresholds it still has; empty once any was moved."""
    preset = PRESETS.get(policy.preset)
    same = preset is not None and all(
        policy.at(kind).threshold(category, stage) == preset.at(kind).threshold(category, stage)
        for kind in ChannelKind
        for category in JUDGED
        for stage in (None, *STAGES)
    )
    return policy.preset if same else ""


def filled(form: Mapping[str, str], base: CommunityPolicy) -> CommunityPolicy:
    """What a form makes of the policy that it was filled with; InvalidRequest naming what is wrong."""
    kinds = {kind: _kind(form, base, kind) for kind in ChannelKind}
    times: dict[str, Any] = {name: _whole(form, f"strikes.{name}") * unit for name, unit in TIMES.items()}
    counts = {name: _whole(form, f"strikes.{name}") for name in COUNTS}
    strikes = StrikePolicy(**times, **counts)
    changed = replace(
        base,
        preset=form.get("preset", base.preset),
        kinds=kinds,
        own_terms=_terms(form.get("own_terms", "").splitlines()),
        case_lifetime=_whole(form, "case_lifetime") * DAY,
        unjudged_previews=bool(form.get("unjudged_previews")),
        strikes=strikes,
    )
    # The one place where it is said what a policy can be.
    return from_dict(to_dict(changed), base.version)


def _kind(form: Mapping[str, str], base: CommunityPolicy, kind: ChannelKind) -> ModerationPolicy:
    common = {line.category: _threshold(form, line, base) for line in lines(base, kind, None)}
    by_stage = {
        stage: {
            line.category: _threshold(form, line, base)
            for line in lines(base, kind, stage)
            if form.get(f"{line.name}/own")
        }
        for stage in STAGES
    }
    return ModerationPolicy(common, {stage: own for stage, own in by_stage.items() if own})


def _threshold(form: Mapping[str, str], line: Line, base: CommunityPolicy) -> Threshold:
    before = base.at(line.kind).threshold(line.category, line.stage)
    given: dict[str, float] = {}
    for level, shown in zip(LEVELS, line.points, strict=True):
        text = form.get(f"{line.name}/{level}", str(shown))
        if not text.isascii() or not text.isdigit() or int(text) > NEVER_POINT:
            raise InvalidRequest("policy-wrong-value", key=f"{line.name}/{level}")
        # What nobody moved stays as exact as it was.
        point = int(text)
        given[level] = getattr(before, level) if point == shown else NEVER if point == NEVER_POINT else point / 100
    return Threshold(**given)


def _points(threshold: Threshold) -> tuple[int, int, int]:
    blur, hold, block = (min(NEVER_POINT, round(getattr(threshold, level) * 100)) for level in LEVELS)
    return blur, hold, block


def _whole(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise InvalidRequest("policy-wrong-value", key=name)
    return int(text)


def _terms(written: Iterable[str]) -> tuple[str, ...]:
    """One a line; the same twice is once."""
    return tuple(dict.fromkeys(" ".join(term.split()) for term in written if term.strip()))
