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


@dataclass(frozen=True, slots=True)
class Origin:
    """The platform's own ids of the asker and the place; `role` as the platform told it just now.

    `community_id` None is a private chat. `token` is what the platform needs to answer this very message.
    """

    platform: Platform
    user_id: str
    channel_id: str
    community_id: str | None = None
    display_name: str = ""
    role: Role = Role.MEMBER
    locale: str = "en"
    token: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One person, whatever platforms they use."""

    id: str
    locale: str
    display_name: str = ""
    accounts: tuple[tuple[Platform, str], ...] = field(default_factory=tuple)
