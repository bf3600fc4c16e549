"""What every chat adapter is given: the use cases' ports, and what is on offer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from adapters.commandline import Offer
from adapters.presentation import Choice
from adapters.voices import known_tones
from bot.domain.community import CommunityRules
from bot.domain.identity import Origin
from bot.usecases.submit import Desk


class Door(Protocol):
    """The way to the moderators' web page."""

    @property
    def local(self) -> bool:
        """Whether its address opens nowhere but on the machine that the bot runs on."""
        ...

    def link(self, origin: Origin, community_name: str) -> str:
        """An address that signs the asker in once, with their role in their community."""
        ...


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
    door: Door | None = field(default=None, kw_only=True)
    """None where there is no web page."""

    def choices(self, rules: CommunityRules) -> Mapping[str, tuple[Choice, ...]]:
        """What there is in a community by argument name."""
        return {"style": self.styles, "tone": known_tones(self.tones, rules)}

    def offer(self, rules: CommunityRules) -> Offer:
        """The names that may be given there."""
        return Offer(_keys(self.styles), _keys(known_tones(self.tones, rules)), self.models)


def _keys(choices: tuple[Choice, ...]) -> Collection[str]:
    return [choice.key for choice in choices]
