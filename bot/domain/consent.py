"""Whether somebody's own picture may be drawn upon: asked of the person it shows."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.identity import Origin
from bot.domain.requests import AvatarRequest


class Answer(StrEnum):
    """What the person said."""

    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Consent:
    """A question to the person with `subject_user_id`, on the asker's platform, and the answer once there is one.

    `origin` is the asker's; the `request` waits without its picture.
    """

    id: str
    origin: Origin
    subject_user_id: str
    request: AvatarRequest
    created_at: float
    answer: Answer | None = None
