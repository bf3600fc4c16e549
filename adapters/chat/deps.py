"""What every chat adapter is given: the use cases' ports, and what is on offer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.commandline import Offer
from adapters.presentation import Choice
from bot.usecases.submit import Desk


@dataclass(frozen=True, slots=True)
class ChatDeps:
    """All of it. `folder` keeps what outlives a restart and no member owns."""

    desk: Desk
    styles: tuple[Choice, ...]
    tones: tuple[Choice, ...]
    models: Mapping[str, tuple[str, ...]]
    """The models that each command, 'avatar' and 'caption', can name."""
    language: str
    folder: Path

    @property
    def choices(self) -> Mapping[str, tuple[Choice, ...]]:
        """What is on offer by argument name."""
        return {"style": self.styles, "tone": self.tones}

    @property
    def offer(self) -> Offer:
        """The names that may be given."""
        return Offer(_keys(self.styles), _keys(self.tones), self.models)


def _keys(choices: tuple[Choice, ...]) -> Collection[str]:
    return [choice.key for choice in choices]
