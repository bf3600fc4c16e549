"""What the Telegram adapter is given beside what every chat adapter is: how to reach Telegram."""

import hashlib
import hmac
from dataclasses import dataclass, field

from adapters.chat.deps import ChatDeps
from adapters.telegram.limits import Limits


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram pushes to: `url` as the world sees it, `host` and `port` as this machine listens."""

    url: str
    host: str = "127.0.0.1"
    port: int = 8443


@dataclass(frozen=True, slots=True)
class Reach:
    """Telegram's addresses, and the token that proves who we are. Without a webhook we ask for news ourselves."""

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    webhook: Webhook | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def secret(self) -> str:
        """What Telegram says with every push, and nobody else knows: made from the token, so kept nowhere."""
        return hmac.new(self.token.encode(), b"huashen webhook", hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class TelegramDeps(ChatDeps):
    """All of it."""

    reach: Reach
