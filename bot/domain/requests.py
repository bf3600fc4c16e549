"""What a member may ask for. A value of these types is valid: the queue accepts nothing else.

Raises InvalidRequest, whose message id names the sentence, when built from something unusable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.errors import InvalidRequest
from bot.domain.request_parts import (
    CANDIDATES_LIMIT,
    COUNT_LIMIT,
    IMAGE_LIMIT,
    PROMPT_LIMIT,
    SEED_LIMIT,
    SIZES,
    STEPS_LIMIT,
    Source,
    check_image,
    check_within,
    checked_text,
    clean_text,
)
from bot.domain.studio import MixRequest, MorphRequest, RestyleRequest, UpscaleRequest

__all__ = [
    "COUNT_LIMIT",
    "IMAGE_LIMIT",
    "OWN_TONE",
    "PROMPT_LIMIT",
    "SEED_LIMIT",
    "STYLE_BASED",
    "AvatarRequest",
    "CaptionRequest",
    "Length",
    "MemberRequest",
    "MixRequest",
    "MorphRequest",
    "RestyleRequest",
    "Source",
    "UpscaleRequest",
    "clean_text",
    "prompt_of",
    "sources",
    "with_sources",
]


OWN_TONE = "voice"
"""The tone that a community made of its own examples; all others are files in bot/captions/tones."""
STRENGTH = 0.6
"""How far to go from a picture, if nothing is asked for."""
STYLE_BASED = "gan"
"""The name of the model whose pictures begin from nothing but words, and can be wild."""


@dataclass(frozen=True, slots=True)
class AvatarRequest:
    """Draw `count` avatars, the best of `candidates` where that is more. None leaves the choice to the model.

    `image` (bytes), or the member's own picture `base` (its artifact's id), makes it image-to-image. `wildness` is for
    style-based models: 0 is ordinary, 1 is wild.
    """

    prompt: str
    negative_prompt: str = ""
    style: str | None = None
    seed: int | None = None
    count: int = 1
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    width: int | None = None
    height: int | None = None
    strength: float = STRENGTH
    model: str = "default"
    lora: str | None = None
    private: bool = False
    wildness: float | None = None
    candidates: int = 1
    base: str | None = None
    image: bytes | None = field(default=None, repr=False)
    lent: bool = False
    """The picture to begin from is somebody else's, who gave it for this once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", checked_text(self.prompt, empty="prompt-empty"))
        object.__setattr__(self, "negative_prompt", checked_text(self.negative_prompt, empty=None))
        check_within("count", self.count, 1, COUNT_LIMIT)
        check_within("seed", self.seed, 0, SEED_LIMIT)
        check_within("steps", self.num_inference_steps, 1, STEPS_LIMIT)
        check_within("guidance", self.guidance_scale, 0, 30)
        check_within("width", self.width, *SIZES)
        check_within("height", self.height, *SIZES)
        check_within("strength", self.strength, 0.05, 1)
        check_within("wildness", self.wildness, 0, 1)
        check_within("candidates", self.candidates, 1, CANDIDATES_LIMIT)
        check_image(self.image)

    @property
    def drawn(self) -> int:
        """Pictures that are drawn, of which `count` are kept."""
        return max(self.count, self.candidates)


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
    """Write `count` captions about `topic` in a tone (see bot/captions/tones), or about what a picture shows.

    The picture is `image` (bytes) or the member's own `base` (its artifact's id); with one, the topic may be empty.
    """

    topic: str
    tone: str = "plain"
    count: int = 3
    seed: int | None = None
    model: str = "default"
    private: bool = False
    length: Length = Length.NORMAL
    base: str | None = None
    image: bytes | None = field(default=None, repr=False)
    pictured: bool = False
    """Whether there is a picture, of which a stored request has no bytes."""

    def __post_init__(self) -> None:
        # A stored request has it as a plain string, or not at all.
        object.__setattr__(self, "length", Length.of(self.length))
        object.__setattr__(self, "pictured", self.pictured or self.image is not None or self.base is not None)
        object.__setattr__(self, "topic", checked_text(self.topic, empty=None if self.pictured else "topic-empty"))
        check_within("count", self.count, 1, COUNT_LIMIT)
        check_within("seed", self.seed, 0, SEED_LIMIT)
        check_image(self.image)


MemberRequest = AvatarRequest | CaptionRequest | MixRequest | MorphRequest | UpscaleRequest | RestyleRequest


def prompt_of(request: MemberRequest) -> str:
    """The words to screen, '' where there are none.

    A negative prompt is not among them: 'no nudity' names what it keeps out.
    """
    match request:
        case CaptionRequest():
            return request.topic
        case AvatarRequest() | RestyleRequest():
            return request.prompt
        case MixRequest() | MorphRequest() | UpscaleRequest():
            return ""


def sources(request: MemberRequest) -> tuple[Source, ...]:
    """The pictures that a request begins from, in its order."""
    match request:
        case AvatarRequest():
            given = request.base is not None or request.image is not None
            return (_source(request.base, request.image),) if given else ()
        case CaptionRequest():
            return (_source(request.base, request.image),) if request.pictured else ()
        case MixRequest():
            return (request.first, request.second)
        case MorphRequest():
            return request.pictures
        case UpscaleRequest():
            return (request.picture,)
        case RestyleRequest():
            return (request.picture,) if request.manner is None else (request.picture, request.manner)


def _source(base: str | None, image: bytes | None) -> Source:
    """What is sent goes before what is there."""
    return Source(image=image) if image is not None else Source(base)


def with_sources(request: MemberRequest, given: Sequence[Source]) -> MemberRequest:
    """The request with other pictures in the places of its own, of which there may be fewer in a stored one."""
    if not given:
        return request
    match request:
        case AvatarRequest():
            return replace(request, base=given[0].artifact_id, image=given[0].image)
        case CaptionRequest():
            return replace(request, base=given[0].artifact_id, image=given[0].image)
        case MixRequest():
            return replace(request, first=given[0], second=given[1])
        case MorphRequest():
            return replace(request, pictures=tuple(given))
        case UpscaleRequest():
            return replace(request, picture=given[0])
        case RestyleRequest():
            return replace(request, picture=given[0], manner=given[1] if len(given) > 1 else None)
