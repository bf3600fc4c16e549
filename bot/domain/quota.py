"""Quotas in units: a picture costs more than a caption. Windows are fixed: the UTC day and the minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.identity import Role
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    UpscaleRequest,
)

PICTURE_UNITS = 4
CAPTION_UNITS = 1
MIX_UNITS = 4
"""A whole grid of children: a style-based model draws them all in the time of one picture."""
MORPH_UNITS = 8
UPSCALE_UNITS = 2


class Window(StrEnum):
    """How long a limit counts before it starts again."""

    MINUTE = "minute"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """Length of the window in seconds."""
        return 60 if self is Window.MINUTE else 86_400

    def start(self, now: float) -> int:
        """The window that `now` (seconds since 1970, UTC) falls into, as its first second."""
        return int(now) // self.seconds * self.seconds


@dataclass(frozen=True, slots=True)
class QuotaPolicy:
    """Units allowed: per member and day and minute by role, and per community and day."""

    member_day: Mapping[Role, int]
    member_minute: Mapping[Role, int]
    community_day: int


@dataclass(frozen=True, slots=True)
class Charge:
    """`units` taken from one account in one window, which may hold `limit`."""

    account: str
    window: Window
    window_start: int
    units: int
    limit: int


@dataclass(frozen=True, slots=True)
class QuotaState:
    """What a member has used today, shown before and after: `remaining` units of `limit`."""

    used: int
    limit: int
    resets_at: int

    @property
    def remaining(self) -> int:
        """Units left today, never below zero."""
        return max(0, self.limit - self.used)


def cost(request: MemberRequest) -> int:
    """Units a request costs: each picture that is drawn PICTURE_UNITS, a whole set of captions CAPTION_UNITS."""
    match request:
        case AvatarRequest():
            return PICTURE_UNITS * request.drawn
        case CaptionRequest():
            return CAPTION_UNITS
        case MixRequest():
            return MIX_UNITS
        case MorphRequest():
            return MORPH_UNITS
        case UpscaleRequest():
            return UPSCALE_UNITS
        case RestyleRequest():
            return PICTURE_UNITS


def member_account(member_id: str) -> str:
    """The name under which a member's usage is counted."""
    return f"member:{member_id}"


def charges(
    policy: QuotaPolicy, role: Role, member_id: str, community: str | None, units: int, now: float
) -> list[Charge]:
    """Every account that must have room for `units`, narrowest window first; a private chat has no community."""
    day, minute = Window.DAY, Window.MINUTE
    member = member_account(member_id)
    taken = [
        Charge(member, minute, minute.start(now), units, policy.member_minute[role]),
        Charge(member, day, day.start(now), units, policy.member_day[role]),
    ]
    if community:
        taken.append(Charge(f"community:{community}", day, day.start(now), units, policy.community_day))
    return taken
