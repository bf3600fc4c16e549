"""What the parent and an engine process say to each other, and how it is framed: 4 bytes of length, then a pickle.

Pickle is safe here and nowhere else: both ends of the socket pair are our own code, the pair is
inherited and has no name that another process could connect to, and whoever can write to it can
already run code as us. Weights and strangers' bytes are never unpickled; they travel as `bytes`.
"""

import pickle
import struct
from dataclasses import dataclass
from typing import Any, cast

from engines.contract import EngineError, EngineOptions, Progress, Request, Result
from engines.registry import Models

HEADER = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message to a child: what it needs to load engines, and how long (s) it waits for a fuller batch."""

    options: EngineOptions
    models: Models
    gather: float


@dataclass(frozen=True, slots=True)
class Run:
    """Answer this request."""

    id: int
    request: Request


@dataclass(frozen=True, slots=True)
class Cancel:
    """This request is no longer wanted."""

    id: int


@dataclass(frozen=True, slots=True)
class Load:
    """Load the default model of this task when there is nothing else to do."""

    task: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The child listens."""

    pid: int


@dataclass(frozen=True, slots=True)
class Loading:
    """The child began to load a model."""

    task: str
    model: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The child has loaded a model, or failed with `error`."""

    task: str
    model: str
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Progressed:
    """Something to show about a running request."""

    id: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Answered:
    """A request's answer: the last message about it."""

    id: int
    answer: Result | EngineError


@dataclass(frozen=True, slots=True)
class Worked:
    """A batch of `size` requests is done after `seconds`."""

    task: str
    model: str
    size: int
    seconds: float


Order = Run | Cancel | Load
Event = Ready | Loading | Loaded | Progressed | Answered | Worked


def pack(message: Hello | Order | Event) -> bytes:
    """Return one message as a frame."""
    body = pickle.dumps(message, protocol=5)
    return HEADER.pack(len(body)) + body


def unpack_order(body: bytes) -> Order:
    """Return the order in a frame's body."""
    return cast(Order, _loads(body))


def unpack_event(body: bytes) -> Event:
    """Return the event in a frame's body."""
    return cast(Event, _loads(body))


def unpack_hello(body: bytes) -> Hello:
    """Return the greeting in a frame's body."""
    return cast(Hello, _loads(body))


def _loads(body: bytes) -> Any:
    return pickle.loads(body)  # the module's docstring says why this is safe
