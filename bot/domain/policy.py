"""What the owner decides, as one value that the use cases are given."""

from dataclasses import dataclass

from bot.domain.quota import QuotaPolicy


@dataclass(frozen=True, slots=True)
class Policy:
    """Quotas and patience. Times in seconds."""

    quota: QuotaPolicy
    queue_limit: int = 500
    workers: int = 16
    lease: float = 20.0
    deadline: float = 900.0
    max_attempts: int = 3
    text_model: str = "embedded"
    """What 'default' means in a caption request."""
    candidates: int = 8
    """Pictures that may be drawn to choose the best from."""
