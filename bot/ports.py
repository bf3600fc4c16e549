"""What the use cases need from the outside, as Protocols; bootstrap chooses the classes behind them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Delivery, JobStatus, JobView
from bot.domain.moderation import Signal
from bot.domain.voice import TrainedVoice
from bot.records import Transactions as Transactions
from bot.records import UnitOfWork as UnitOfWork
from engines.contract import Progress, Request, Result

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ModelNews:
    """A model begins to load (`seconds` None) or has; `error` says why it could not."""

    task: str
    model: str
    seconds: float | None = None
    error: str | None = None


OnModel = Callable[[ModelNews], None]


class Clock(Protocol):
    """The time, so that tests can move it."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...


class EngineClient(Protocol):
    """The way to the models, wherever they run. Raises the errors of engines.contract."""

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        """Answer one request within `deadline` seconds; cancelling the awaiting task stops the work."""
        ...


class Moderator(Protocol):
    """The screens. They never raise for being broken: they answer a Category.UNSCREENED signal."""

    async def screen_text(self, text: str, terms: Sequence[str] = ()) -> Sequence[Signal]:
        """What the screens see in a text; `terms` are words that a community's owner does not want to see."""
        ...

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        """What the screens see in an encoded picture; InvalidRequest when it is not a readable picture."""
        ...

    async def screen_animation(self, animation: bytes) -> Sequence[Signal]:
        """What the screens see in some frames of an animation, the first and the last among them."""
        ...


class Voices(Protocol):
    """What was trained on communities' tone examples."""

    async def trained(self, platform: Platform, community_id: str) -> list[TrainedVoice]:
        """Every version that there is, newest first."""
        ...


class Ranks(Protocol):
    """What somebody may do in a community, asked of its platform now."""

    async def rank(self, platform: Platform, community_id: str, user_id: str) -> Role:
        """Their role; MEMBER for who is not there."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the artifact store."""

    name: str
    sha256: str
    size: int


class ArtifactStore(Protocol):
    """Files by content. Raises StorageUnavailable when the disk is full or not writable."""

    async def put(self, data: bytes, suffix: str) -> StoredFile:
        """Write durably (the name follows from the content) and return where."""
        ...

    async def get(self, name: str) -> bytes:
        """The content; NotFound when it is gone."""
        ...

    async def delete(self, name: str) -> None:
        """Remove the file if it is there."""
        ...

    async def names_older_than(self, moment: float) -> list[str]:
        """Files last written before `moment`, for the janitor."""
        ...


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something a watcher of a job may show: a change of status, or progress. Never stored, may be dropped."""

    job_id: str
    member_id: str
    status: JobStatus | None = None
    progress: Progress | None = None


class Events(Protocol):
    """Live news of jobs inside this process; a comfort, never the truth."""

    def publish(self, event: JobEvent) -> None:
        """Tell whoever watches; never blocks, drops the oldest for a slow watcher."""
        ...

    def watch(self, member_id: str | None = None) -> AsyncIterator[JobEvent]:
        """The events of a member's jobs, or of everybody's, from now on."""
        ...


class Meter(Protocol):
    """Counters and durations for the owner."""

    def count(self, name: str, label: str = "") -> None:
        """Add one to a counter."""
        ...

    def observe(self, name: str, seconds: float, label: str = "") -> None:
        """Record a duration in seconds."""
        ...

    def level(self, name: str, value: float, label: str = "") -> None:
        """Record how much there is of something now."""
        ...


class PlatformBusy(Exception):
    """The platform cannot take the message now; try again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class AddresseeGone(Exception):
    """The platform will never take this message: deleted channel, blocked bot, missing permission."""


class Messenger(Protocol):
    """A platform's way to tell a member what became of a job; idempotent by delivery id."""

    @property
    def platform(self) -> Platform:
        """Which platform's deliveries it takes."""
        ...

    @property
    def at_once(self) -> int:
        """Deliveries that may be on their way at once."""
        ...

    async def deliver(self, delivery: Delivery, view: JobView) -> Origin | None:
        """Send it, once for each delivery id; answers where the answer stands when that is a new place.

        Raises PlatformBusy or AddresseeGone.
        """
        ...
