"""What the Discord adapter is given beside what every chat adapter is: how to reach Discord."""

from dataclasses import dataclass

from adapters.chat.deps import ChatDeps


@dataclass(frozen=True, slots=True)
class Reach:
    """Discord's addresses, empty for its own, and the token that proves who we are."""

    token: str
    api_base: str = ""
    gateway: str = ""
    cdn_base: str = ""


@dataclass(frozen=True, slots=True)
class DiscordDeps(ChatDeps):
    """All of it."""

    reach: Reach
