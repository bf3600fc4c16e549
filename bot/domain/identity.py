"""Who asks, and from where, in plain ids: no live platform object ever gets this far."""

from dataclasses import dataclass, field
from enum import StrEnum


class Platform(StrEnum):
    """Where a request comes from."""

    CONSOLE = "console"
    WEB = "web"
    DISCORD = "discord"
    TELEGRAM = "telegram"


class Role(StrEnum):
    """What a member may do in a community; the order is the rank."""

    MEMBER = "member"
    TRUSTED = "trusted"
    MODERATOR = "moderator"
    OWNER = "owner"

    def at_least(self, other: "Role") -> bool:
        """Whether this rank is `other`'s or above it."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True)
class Origin:
    """The platform's own ids of the asker and the place; `role` as the platform told it just now.

    `community_id` None is a private chat. `token` is what the platform needs to answer this very message, and
    `message_id` the message in which the answer appears, where it is known before the request is submitted.
    `private` is a place that only the asker sees. `parent_channel_id` is the channel that a thread belongs to.
    """

    platform: Platform
    user_id: str
    channel_id: str
    community_id: str | None = None
    display_name: str = ""
    role: Role = Role.MEMBER
    locale: str = "en"
    token: str = ""
    message_id: str = ""
    age_restricted: bool = False
    private: bool = False
    parent_channel_id: str | None = None

    @property
    def community(self) -> str:
        """The community's name among all platforms'; empty in a private chat."""
        return community_key(self.platform, self.community_id)

    @property
    def asker(self) -> str:
        """The account that asks, as it is written down."""
        return f"{self.platform.value}:{self.user_id}"


def community_key(platform: Platform, community_id: str | None) -> str:
    """The name of a community among those of all platforms; empty for a private chat."""
    return f"{platform.value}:{community_id}" if community_id else ""


@dataclass(frozen=True, slots=True)
class Member:
    """One person, whatever platforms they use."""

    id: str
    locale: str
    display_name: str = ""
    accounts: tuple[tuple[Platform, str], ...] = field(default_factory=tuple)
