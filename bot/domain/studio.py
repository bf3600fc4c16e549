"""Requests that begin from pictures: breeding, morphing, enlarging, and painting anew.

Raises InvalidRequest, whose message id names the sentence, when built from something unusable.
"""

from dataclasses import dataclass

from bot.domain.errors import InvalidRequest
from bot.domain.request_parts import SEED_LIMIT, Source, check_within, checked_text

CHILDREN = 9
"""Of one mix: a grid of three by three to choose from."""
MORPHED = (2, 5)
"""Pictures that an animation can lead through."""
SCALES = (2, 4)


@dataclass(frozen=True, slots=True)
class MixRequest:
    """Breed CHILDREN children of two pictures.

    `coarse`, `middle` and `fine` say for each scale how much comes from the second, 0 to 1; None leaves it to chance.
    """

    first: Source
    second: Source
    coarse: float | None = None
    middle: float | None = None
    fine: float | None = None
    seed: int | None = None
    model: str = "default"
    private: bool = False

    def __post_init__(self) -> None:
        if self.first.artifact_id and self.first == self.second:
            raise InvalidRequest("mix-same")
        for name in ("coarse", "middle", "fine"):
            check_within(name, getattr(self, name), 0, 1)
        check_within("seed", self.seed, 0, SEED_LIMIT)

    @property
    def count(self) -> int:
        """Results to expect."""
        return CHILDREN


@dataclass(frozen=True, slots=True)
class MorphRequest:
    """A looping animation through two to five pictures."""

    pictures: tuple[Source, ...]
    model: str = "default"
    private: bool = False

    def __post_init__(self) -> None:
        # A stored request has a list.
        object.__setattr__(self, "pictures", tuple(self.pictures))
        low, high = MORPHED
        if not low <= len(self.pictures) <= high:
            raise InvalidRequest("morph-pictures", low=low, high=high)

    @property
    def count(self) -> int:
        """Results to expect."""
        return 1


@dataclass(frozen=True, slots=True)
class UpscaleRequest:
    """Enlarge a picture `scale` times."""

    picture: Source
    scale: int = SCALES[0]
    model: str = "default"
    private: bool = False

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise InvalidRequest("scale-unknown", value=self.scale, known=", ".join(map(str, SCALES)))

    @property
    def count(self) -> int:
        """Results to expect."""
        return 1


@dataclass(frozen=True, slots=True)
class RestyleRequest:
    """Paint a picture anew: in a `style` by name, or in the `manner` of a second picture.

    In a style, `prompt` says what the picture shows; empty leaves that to what is read from it. `strength` is how far
    to go from the picture, 0.05 to 1; None is as far as is usual for the style.
    """

    picture: Source
    style: str | None = None
    manner: Source | None = None
    prompt: str = ""
    strength: float | None = None
    seed: int | None = None
    model: str = "default"
    private: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", checked_text(self.prompt, empty=None))
        if bool(self.style) == (self.manner is not None):
            raise InvalidRequest("restyle-one-of")
        check_within("strength", self.strength, 0.05, 1)
        check_within("seed", self.seed, 0, SEED_LIMIT)

    @property
    def count(self) -> int:
        """Results to expect."""
        return 1
