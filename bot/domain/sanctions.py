"""Strikes for what was rejected, and what follows from them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.community_policy import StrikePolicy
from bot.domain.moderation import Category


@dataclass(frozen=True, slots=True)
class Strike:
    """A rejection that counts against a member in a community ('platform:id'; empty counts everywhere)."""

    id: str
    member_id: str
    community: str
    category: Category
    case_id: str
    at: float
    lifted_at: float | None = None


class SanctionKind(StrEnum):
    """What a member may not do for a while; the order is the severity."""

    MUTE = "mute"
    """Ask for nothing, for hours."""
    SUSPEND = "suspend"
    """Ask for nothing, for days."""
    BAN = "ban"
    """Ask for nothing any more; what waits or runs is cancelled."""

    @property
    def state(self) -> str:
        """The message id that tells a member of it."""
        return {"mute": "muted", "suspend": "suspended", "ban": "banned"}[self.value]


_SEVERITY = {kind: severity for severity, kind in enumerate(SanctionKind)}


@dataclass(frozen=True, slots=True)
class Sanction:
    """What a moderator, or the policy, decided about a member; `until` None lasts until somebody lifts it."""

    id: str
    member_id: str
    community: str
    kind: SanctionKind
    reason: str
    by: str
    at: float
    until: float | None = None
    lifted_at: float | None = None

    def active(self, now: float) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and (self.until is None or self.until > now)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands: the strikes that count, and the severest sanction in force."""

    strikes: tuple[Strike, ...] = ()
    sanction: Sanction | None = None


def standing(strikes: Iterable[Strike], sanctions: Iterable[Sanction], policy: StrikePolicy, now: float) -> Standing:
    """What counts now: strikes neither lifted nor decayed; of the sanctions the severest, then the longest."""
    counting = tuple(strike for strike in strikes if strike.lifted_at is None and strike.at > now - policy.decay)
    return Standing(counting, severest(sanctions, now))


def severest(sanctions: Iterable[Sanction], now: float) -> Sanction | None:
    """Of the sanctions in force the severest, and of those the longest."""
    in_force = [sanction for sanction in sanctions if sanction.active(now)]
    return max(in_force, key=lambda each: (_SEVERITY[each.kind], each.until or float("inf")), default=None)


def following(standing: Standing, policy: StrikePolicy) -> tuple[SanctionKind, float | None] | None:
    """The sanction, and its seconds, that so many strikes lead to; None when there is one as severe already."""
    steps = (
        (SanctionKind.BAN, policy.ban_after, None),
        (SanctionKind.SUSPEND, policy.suspend_after, policy.suspend),
        (SanctionKind.MUTE, policy.mute_after, policy.mute),
    )
    count = len(standing.strikes)
    for kind, after, seconds in steps:
        if after and count >= after:
            current = standing.sanction
            return None if current and _SEVERITY[current.kind] >= _SEVERITY[kind] else (kind, seconds)
    return None
