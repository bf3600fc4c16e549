"""What a community's owner decided about moderation: thresholds by kind of channel, own terms, strikes, patience."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.identity import Origin
from bot.domain.moderation import (
    DEFAULT_THRESHOLDS,
    NEVER,
    Category,
    ModerationPolicy,
    Stage,
    Threshold,
)

DAY = 86_400.0


class ChannelKind(StrEnum):
    """What kind of place something was asked for in."""

    GENERAL = "general"
    AGE_RESTRICTED = "age-restricted"
    PRIVATE = "private"

    @classmethod
    def of(cls, origin: Origin) -> "ChannelKind":
        """The kind of a request's place."""
        if not origin.community_id:
            return cls.PRIVATE
        return cls.AGE_RESTRICTED if origin.age_restricted else cls.GENERAL


@dataclass(frozen=True, slots=True)
class StrikePolicy:
    """What rejected work leads to: after so many strikes (0: never) a mute or suspension of so many seconds, or a ban.

    A strike counts for `decay` seconds.
    """

    decay: float = 30 * DAY
    mute_after: int = 3
    mute: float = DAY
    suspend_after: int = 6
    suspend: float = 7 * DAY
    ban_after: int = 0


STANDARD = ModerationPolicy()


def _everywhere(policy: ModerationPolicy) -> dict[ChannelKind, ModerationPolicy]:
    return dict.fromkeys(ChannelKind, policy)


@dataclass(frozen=True, slots=True)
class CommunityPolicy:
    """A community's moderation; `version` counts its owners' changes, 0 where nobody made any.

    `case_lifetime` is how many seconds a case waits for a moderator. Previews are always screened; without
    `unjudged_previews` nothing of an unfinished work is shown at all.
    """

    version: int = 0
    preset: str = "standard"
    kinds: Mapping[ChannelKind, ModerationPolicy] = field(default_factory=lambda: _everywhere(STANDARD))
    own_terms: tuple[str, ...] = ()
    case_lifetime: float = 7 * DAY
    unjudged_previews: bool = True
    strikes: StrikePolicy = field(default_factory=StrikePolicy)

    def of(self, origin: Origin) -> ModerationPolicy:
        """The thresholds in force where something is asked for."""
        return self.at(ChannelKind.of(origin))

    def at(self, kind: ChannelKind) -> ModerationPolicy:
        """The thresholds in force in a kind of channel."""
        return self.kinds[kind]


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One change in a community's history of policies."""

    policy: CommunityPolicy
    created_at: float
    created_by: str
    note: str


_STRICT = Threshold(hold=0.4, block=0.75)
_FAMILY = ModerationPolicy(
    {
        **dict.fromkeys((Category.SEXUAL, Category.VIOLENCE, Category.HATE, Category.HARASSMENT), _STRICT),
        Category.ILLEGAL: _STRICT,
        Category.SELF_HARM: Threshold(hold=0.4, block=NEVER),
    },
    {Stage.PICTURE: {Category.SEXUAL: Threshold(hold=0.4, block=0.75, blur=0.2)}},
)
_ADULTS = ModerationPolicy(
    {
        **DEFAULT_THRESHOLDS,
        Category.SEXUAL: Threshold(hold=0.97, block=NEVER),
        Category.VIOLENCE: Threshold(hold=0.9, block=NEVER),
    },
    {Stage.PICTURE: {Category.SEXUAL: Threshold(hold=0.97, block=NEVER, blur=0.6)}},
)


PRESETS: Mapping[str, CommunityPolicy] = {
    "family": CommunityPolicy(
        preset="family",
        kinds=_everywhere(_FAMILY),
        unjudged_previews=False,
        strikes=StrikePolicy(mute_after=2, suspend_after=4),
    ),
    "standard": CommunityPolicy(),
    "adults": CommunityPolicy(preset="adults", kinds={**_everywhere(STANDARD), ChannelKind.AGE_RESTRICTED: _ADULTS}),
}
"""What an owner begins from; 'standard' is in force where nobody chose."""
