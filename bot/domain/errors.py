"""What can go wrong, as types. A sentence for people is a message id with arguments, never English here.

HuashenError(reason)        everything below; carries a Reason that an adapter can translate
├── InvalidRequest          the request can never be served as it stands (exit 2)
├── NotAllowed              this member may not do this
├── NotFound                what was asked for does not exist, or is not theirs
├── Conflict                somebody else was first, or the state has moved on
├── NoAnswer                a model could not answer a question that somebody waits for
└── StorageUnavailable      the database or the disk cannot be used now
"""

from dataclasses import dataclass
from types import MappingProxyType

Argument = str | int | float


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence by its message id (see bot/locales) and the values that fill it."""

    message: str
    arguments: tuple[tuple[str, Argument], ...] = ()

    @classmethod
    def of(cls, message: str, **arguments: Argument) -> "Reason":
        """Name a sentence and fill it: Reason.of('prompt-too-long', limit=1000)."""
        return cls(message, tuple(sorted(arguments.items())))

    def values(self) -> MappingProxyType[str, Argument]:
        """The arguments as a read-only mapping."""
        return MappingProxyType(dict(self.arguments))


class HuashenError(Exception):
    """Something a person should be told in one sentence."""

    def __init__(self, message: str, **arguments: Argument) -> None:
        super().__init__(message)
        self.reason = Reason.of(message, **arguments)

    def __str__(self) -> str:
        return f"{self.reason.message} {dict(self.reason.arguments)}" if self.reason.arguments else self.reason.message


class InvalidRequest(HuashenError):
    """The request can never be served as it stands."""


class NotAllowed(HuashenError):
    """This member may not do this."""


class NotFound(HuashenError):
    """What was asked for does not exist, or is not theirs."""


class Conflict(HuashenError):
    """Somebody else was first, or the state has moved on."""


class NoAnswer(HuashenError):
    """A model could not answer a question that somebody waits for."""


class StorageUnavailable(HuashenError):
    """The database or the disk cannot be used now."""
