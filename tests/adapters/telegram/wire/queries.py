"""What a person waits for: the answer to a button pressed, the results of an inline query."""

import time
from dataclasses import dataclass
from typing import Any

from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.world import World


class Query:
    """Something that the bot can answer once, and only for some time."""

    def __init__(self, world: World, query_id: str, user_id: int) -> None:
        self.id, self.user_id = query_id, user_id
        self.at = time.monotonic()
        self.answered_at: float | None = None
        self._world = world
        self._expired = False

    @property
    def open(self) -> bool:
        """Whether it can still be answered."""
        return not (self.answered_at or self._expired or time.monotonic() > self.at + self._world.query_lifetime)

    def expire(self) -> None:
        """It is too old now."""
        self._expired = True


@dataclass(frozen=True)
class Answer:
    """What somebody who pressed a button gets to see."""

    text: str
    show_alert: bool
    url: str | None


class Pressed(Query):
    """A button that somebody pressed."""

    _answer: Answer | None = None

    def take(self, text: str, show_alert: bool, url: str | None) -> None:
        """The bot answers."""
        self.answered_at = time.monotonic()
        self._answer = Answer(text, show_alert, url)

    async def answer(self, timeout: float = 5.0) -> Answer:
        """Wait for the bot's answer."""
        answer: Answer = await self._world.until(lambda: self._answer, timeout)
        return answer


class Queried(Query):
    """Words that somebody typed after the bot's name."""

    _results: list[tuple[dict[str, Any], dict[str, Any]]] | None = None
    next_offset = ""
    personal = False
    cache_time = 300
    button: dict[str, Any] | None = None

    def take(self, results: list[tuple[dict[str, Any], dict[str, Any]]], call: Call) -> None:
        """The bot answers."""
        self.answered_at = time.monotonic()
        self._results = results
        self.next_offset, self.button = call.get("next_offset", ""), call.get("button")
        self.personal, self.cache_time = bool(call.get("is_personal")), call.get("cache_time", 300)

    async def results(self, timeout: float = 5.0) -> list[dict[str, Any]]:
        """Wait for what the bot offers."""
        await self._world.until(lambda: self._results is not None, timeout)
        return [result for result, _ in self._results or ()]

    def picked(self, chat_id: int, index: int) -> Message:
        """The message that one of the results becomes in a chat."""
        result, content = (self._results or [])[index]
        return Message(chat_id, self.user_id, content, markup=result.get("reply_markup"), via_bot=True)
