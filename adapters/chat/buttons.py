"""A button for moderators, before a platform draws it."""

from dataclasses import dataclass
from enum import Enum, auto


class Look(Enum):
    """How much a button asks to be pressed, or warns."""

    PLAIN = auto()
    FORWARD = auto()
    GOOD = auto()
    DANGER = auto()


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button under a card: its handler, its name, and what its payload carries."""

    kind: str
    label: str
    look: Look
    target: str
    extra: str = ""
