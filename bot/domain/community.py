"""What a community's owner decided for it; within these rules its members may ask for anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.errors import Reason
from bot.domain.identity import Origin, Role
from bot.domain.quota import QuotaPolicy
from bot.domain.requests import OWN_TONE, AvatarRequest, CaptionRequest, MemberRequest, RestyleRequest


class AgePolicy(StrEnum):
    """Where pictures may be shown, and how."""

    SAME = "same"
    """Pictures are shown the same everywhere."""
    SPOILER = "spoiler"
    """Outside age-restricted channels, pictures are spoilers."""
    RESTRICTED = "restricted"
    """Pictures are made only in age-restricted channels."""


@dataclass(frozen=True, slots=True)
class CommunityRules:
    """A community's own choices. An empty set of styles, tones, models or channels leaves all of them open.

    `member_day` holds only the roles whose quota the owner changed; the machine's own limit is never exceeded.
    Roles and channels are the platform's ids; `language` None follows each member's own.
    """

    styles: frozenset[str] = frozenset()
    tones: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    default_style: str | None = None
    default_tone: str = "plain"
    member_day: Mapping[Role, int] = field(default_factory=dict)
    trusted_roles: frozenset[str] = frozenset()
    moderator_roles: frozenset[str] = frozenset()
    review_channel: str | None = None
    channels: frozenset[str] = frozenset()
    age_policy: AgePolicy = AgePolicy.SAME
    language: str | None = None
    voice: bool = False
    """Whether the community's own tone is on offer: from its third example on, until the owner ends it."""
    voice_name: str = ""
    voice_trained: bool = True
    """Whether what was trained on the examples is used where it proved better than the examples alone."""
    voice_by_moderators: bool = True
    """Whether moderators too may collect examples."""

    def offers_style(self, key: str) -> bool:
        """Whether members may ask for a style."""
        return not self.styles or key in self.styles

    def offers_tone(self, key: str) -> bool:
        """Whether members may ask for a tone; a tone of their own is theirs whatever else is open to them."""
        return self.voice if key == OWN_TONE else not self.tones or key in self.tones

    def offers_model(self, key: str) -> bool:
        """Whether members may ask for a model; the machine's default always."""
        return key == "default" or not self.models or key in self.models

    def allows(self, origin: Origin) -> Reason | None:
        """Why nothing may be asked for in this channel; None where it may. A thread is as free as its channel."""
        if not self.channels or self.channels & {origin.channel_id, origin.parent_channel_id}:
            return None
        return Reason.of("channel-not-allowed")

    def refusal(self, request: MemberRequest, origin: Origin) -> Reason | None:
        """Why this request is not served here; None when nothing speaks against it."""
        if elsewhere := self.allows(origin):
            return elsewhere
        if not self.offers_model(request.model):
            return Reason.of("model-not-offered", model=request.model)
        if isinstance(request, CaptionRequest):
            return None if self.offers_tone(request.tone) else Reason.of("tone-not-offered", tone=request.tone)
        style = request.style if isinstance(request, AvatarRequest | RestyleRequest) else None
        if style and not self.offers_style(style):
            return Reason.of("style-not-offered", style=style)
        if self.age_policy is AgePolicy.RESTRICTED and not origin.age_restricted:
            return Reason.of("pictures-restricted-only")
        return None

    def quota(self, machine: QuotaPolicy) -> QuotaPolicy:
        """The machine's quotas, with a member's day no longer than the community grants it."""
        day = {role: min(limit, self.member_day.get(role, limit)) for role, limit in machine.member_day.items()}
        return replace(machine, member_day=day)
