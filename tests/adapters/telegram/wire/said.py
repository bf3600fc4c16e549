"""What a person said, and what the bot replied to it."""

from collections.abc import Callable
from typing import Any

from tests.adapters.telegram.wire.entities import find
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.shown import Shown
from tests.adapters.telegram.wire.world import World


class Said:
    """A person's message."""

    def __init__(self, world: World, message: Message) -> None:
        self._world, self.message = world, message
        self.id, self.chat_id = message.id, message.chat_id

    @property
    def at(self) -> float:
        """When, on the monotonic clock."""
        return self.message.changes[0].at

    @property
    def replies(self) -> list[Shown]:
        """The bot's messages that reply to it and still stand."""
        return [shown for shown in self.every_reply if not shown.deleted]

    @property
    def every_reply(self) -> list[Shown]:
        """The same with those that the bot has deleted since."""
        answers = self._world.chats[self.chat_id].answers.get(self.id, ())
        return [Shown(self._world, message) for message in answers]

    async def answered(self, wanted: Callable[[Shown], Any] = lambda _: True, timeout: float = 5.0) -> Shown:
        """Wait for a reply that is as wanted; what stands instead is in the error."""
        try:
            shown: Shown = await self._world.until(
                lambda: next((shown for shown in self.replies if wanted(shown)), None), timeout
            )
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s: {self.replies}") from None
        return shown


def spoken(text: str) -> dict[str, Any]:
    """Words, with what Telegram finds in them."""
    entities = find(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def captioned(caption: str) -> dict[str, Any]:
    """The words below a picture, where there are any."""
    entities = find(caption)
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})
