"""What all requests are made of: limits, cleaned words, and the pictures that they begin from."""

import re
import unicodedata
from dataclasses import dataclass, field

from bot.domain.errors import InvalidRequest

PROMPT_LIMIT = 1000
"""Characters of a prompt or topic; more is a paste by accident, and no text encoder reads it."""
COUNT_LIMIT = 4
CANDIDATES_LIMIT = 32
"""Pictures drawn to choose the best from; an owner's own limit is usually lower."""
STEPS_LIMIT = 50
SEED_LIMIT = 2**32 - 1
SIZES = (64, 2048)
IMAGE_LIMIT = 10 * 1024 * 1024
"""Bytes of an uploaded picture."""

# Bidirectional overrides and isolates reorder what follows them on a moderator's screen; the marks
# LRM and RLM (200E, 200F) and the joiners that Persian and emoji need are harmless and stay.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """NFC, one line, no control characters, no direction overrides, no lone surrogates."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return _SPACE.sub(" ", text).strip()


def check_within(name: str, value: float | None, low: float, high: float) -> None:
    """Raise InvalidRequest for a value outside; None is no value."""
    if value is not None and not low <= value <= high:
        raise InvalidRequest("out-of-range", name=name, low=low, high=high)


def checked_text(text: str, *, empty: str | None) -> str:
    """The words cleaned; InvalidRequest when there are too many, or none and `empty` says what is missing."""
    text = clean_text(text)
    if not text and empty:
        raise InvalidRequest(empty)
    if len(text) > PROMPT_LIMIT:
        raise InvalidRequest("prompt-too-long", limit=PROMPT_LIMIT, length=len(text))
    return text


def check_image(image: bytes | None) -> None:
    """Raise InvalidRequest for bytes that cannot be a picture of a usable size; None is no picture."""
    if image is not None and not image:
        raise InvalidRequest("image-empty")
    if image is not None and len(image) > IMAGE_LIMIT:
        raise InvalidRequest("image-too-large", limit_mb=IMAGE_LIMIT // 1024**2)


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to begin from: one of the member's own by its artifact's id, or bytes that they sent.

    A stored request has no bytes: with neither, it is one that was sent, whose file its job names in `uploads`.
    """

    artifact_id: str | None = None
    image: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_image(self.image)
