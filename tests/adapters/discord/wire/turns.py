"""What a person did, and everything the bot made of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simcord.backend.models import Interaction

from tests.adapters.discord.wire.shown import Shown
from tests.adapters.discord.wire.world import World

REPLY, THINKING, THINKING_ON_IT, EDIT, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass(frozen=True)
class Callback:
    """One answer to the callback route, taken or not."""

    at: float
    type: int
    data: dict[str, Any]
    error: int = 0
    """Discord's code, where it was refused."""


class Turn:
    """An interaction, from the moment the person acted. Times are of the monotonic clock."""

    def __init__(self, world: World, record: Interaction, payload: dict[str, Any]) -> None:
        self.payload = payload
        self.sent_at = time.monotonic()
        self.callbacks: list[Callback] = []
        self.record = record
        self._world = world

    @property
    def id(self) -> int:
        """The interaction's id."""
        return self.record.id

    @property
    def taken(self) -> Callback | None:
        """The callback that Discord took."""
        return next((callback for callback in self.callbacks if not callback.error), None)

    @property
    def wait(self) -> float | None:
        """Seconds from the act to the acknowledgement; None while there is none."""
        return self.taken.at - self.sent_at if self.taken else None

    @property
    def acknowledgements(self) -> int:
        """How many times the bot answered; more than one is a mistake."""
        return len(self.callbacks)

    @property
    def kind(self) -> int | None:
        """The type of the callback."""
        return self.taken.type if self.taken else None

    @property
    def failed(self) -> bool:
        """Whether the person reads 'The application did not respond'."""
        return not self.taken and time.monotonic() > self.sent_at + self._world.ack_limit

    @property
    def expired(self) -> bool:
        """Whether nothing more can be said to it."""
        return self.failed or self._world.now_iso() >= str(self.record.expires_at)

    @property
    def ephemeral(self) -> bool:
        """Whether the first answer is for one person only."""
        return self.record.ephemeral

    @property
    def modal(self) -> dict[str, Any] | None:
        """The modal that opened."""
        return self.record.modal

    @property
    def choices(self) -> list[dict[str, Any]] | None:
        """What autocomplete offered."""
        return self.record.autocomplete_choices

    @property
    def original(self) -> Shown | None:
        """The first answer's message: for a component's deferred or direct edit, the message it sits on."""
        return self._shown(self.record.message_id) if self.record.message_id else None

    @property
    def followups(self) -> list[Shown]:
        """The further messages that still stand."""
        shown = (self._shown(message_id) for message_id in self.record.followup_ids)
        return [message for message in shown if not message.gone]

    @property
    def messages(self) -> list[Shown]:
        """Every message of it as it stands now."""
        original = self.original
        return ([original] if original and not original.gone else []) + self.followups

    async def acknowledged(self, timeout: float = 5.0) -> Callback:
        """Wait for the acknowledgement."""
        callback: Callback = await self._world.until(lambda: self.taken, timeout)
        return callback

    async def message_matching(self, wanted: Callable[[Shown], object], timeout: float = 5.0) -> Shown:
        """Wait for a message of it that is as wanted; what stands instead is in the error."""

        def look() -> Shown | None:
            return next((message for message in self.messages if wanted(message)), None)

        try:
            shown: Shown = await self._world.until(look, timeout)
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s: {self.messages}, callbacks {self.callbacks}") from None
        return shown

    async def answered(self, timeout: float = 5.0) -> Shown:
        """Wait for a message that is no longer 'thinking'."""
        return await self.message_matching(lambda message: not message.loading, timeout)

    def _shown(self, message_id: int) -> Shown:
        return Shown(self._world, self.record.channel_id, message_id)
