"""What a member may ask for. A value of these types is valid: the queue accepts nothing else.

Raises InvalidRequest, whose message id names the sentence, when built from something unusable.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.errors import InvalidRequest

PROMPT_LIMIT = 1000
"""Characters of a prompt or topic; more is a paste by accident, and no text encoder reads it."""
COUNT_LIMIT = 4
STEPS_LIMIT = 50
SEED_LIMIT = 2**32 - 1
OWN_TONE = "voice"
"""The tone that a community made of its own examples; all others are files in bot/captions/tones."""
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


def _within(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise InvalidRequest("out-of-range", name=name, low=low, high=high)


def _text(text: str, *, empty: str | None) -> str:
    text = clean_text(text)
    if not text and empty:
        raise InvalidRequest(empty)
    if len(text) > PROMPT_LIMIT:
        raise InvalidRequest("prompt-too-long", limit=PROMPT_LIMIT, length=len(text))
    return text


@dataclass(frozen=True, slots=True)
class AvatarRequest:
    """Draw `count` avatars. None leaves the choice to the model; `image` (bytes) makes it image-to-image."""

    prompt: str
    negative_prompt: str = ""
    style: str | None = None
    seed: int | None = None
    count: int = 1
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    width: int | None = None
    height: int | None = None
    strength: float = 0.6
    model: str = "default"
    lora: str | None = None
    private: bool = False
    image: bytes | None = field(default=None, repr=False)
    lent: bool = False
    """The picture to begin from is somebody else's, who gave it for this once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", _text(self.prompt, empty="prompt-empty"))
        object.__setattr__(self, "negative_prompt", _text(self.negative_prompt, empty=None))
        _within("count", self.count, 1, COUNT_LIMIT)
        _within("seed", self.seed, 0, SEED_LIMIT)
        _within("steps", self.num_inference_steps, 1, STEPS_LIMIT)
        _within("guidance", self.guidance_scale, 0, 30)
        _within("width", self.width, *SIZES)
        _within("height", self.height, *SIZES)
        _within("strength", self.strength, 0.05, 1)
        if self.image is not None:
            if not self.image:
                raise InvalidRequest("image-empty")
            if len(self.image) > IMAGE_LIMIT:
                raise InvalidRequest("image-too-large", limit_mb=IMAGE_LIMIT // 1024**2)


class Length(StrEnum):
    """How long captions should be."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"

    @classmethod
    def of(cls, value: str) -> "Length":
        """A length by its name; InvalidRequest naming the known ones."""
        try:
            return cls(value)
        except ValueError:
            raise InvalidRequest("length-unknown", value=value[:40], known=", ".join(cls)) from None

    @property
    def shorter(self) -> "Length | None":
        """One step shorter, None from the shortest."""
        return {Length.NORMAL: Length.SHORT, Length.LONG: Length.NORMAL}.get(self)

    @property
    def longer(self) -> "Length | None":
        """One step longer, None from the longest."""
        return {Length.SHORT: Length.NORMAL, Length.NORMAL: Length.LONG}.get(self)


@dataclass(frozen=True, slots=True)
class CaptionRequest:
    """Write `count` captions about `topic` in a tone (see bot/captions/tones)."""

    topic: str
    tone: str = "plain"
    count: int = 3
    seed: int | None = None
    model: str = "default"
    private: bool = False
    length: Length = Length.NORMAL

    def __post_init__(self) -> None:
        # A stored request has it as a plain string, or not at all.
        object.__setattr__(self, "length", Length.of(self.length))
        object.__setattr__(self, "topic", _text(self.topic, empty="topic-empty"))
        _within("count", self.count, 1, COUNT_LIMIT)
        _within("seed", self.seed, 0, SEED_LIMIT)


MemberRequest = AvatarRequest | CaptionRequest


def prompt_of(request: MemberRequest) -> str:
    """The words to screen. A negative prompt is not among them: 'no nudity' names what it keeps out."""
    return request.topic if isinstance(request, CaptionRequest) else request.prompt
