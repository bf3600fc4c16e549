"""A message as people see it at this moment."""

from collections.abc import Callable
from typing import Any, Self

from tests.adapters.telegram.wire.messages import Change, Message
from tests.adapters.telegram.wire.world import World


class Shown:
    """Looks at one message; every look is a fresh one."""

    def __init__(self, world: World, message: Message) -> None:
        self._world, self._message = world, message
        self.id, self.chat_id = message.id, message.chat_id

    @property
    def by_bot(self) -> bool:
        """Whether the bot sent it."""
        return self._message.sender_id == self._world.bot.id

    @property
    def content(self) -> dict[str, Any]:
        """What it holds, as the Bot API names it."""
        return self._message.content

    @property
    def text(self) -> str:
        """Its text or caption, plain."""
        return self._message.text

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The entities of the text or caption."""
        return self._message.entities

    @property
    def photo(self) -> bytes | None:
        """The picture, as it was uploaded."""
        sizes = self.content.get("photo")
        return self._world.store.get(sizes[-1]["file_id"]).data if sizes else None

    @property
    def document(self) -> bytes | None:
        """The file, as it was uploaded."""
        told = self.content.get("document")
        return self._world.store.get(told["file_id"]).data if told else None

    @property
    def animation(self) -> bytes | None:
        """What moves, as it was uploaded."""
        told = self.content.get("animation")
        return self._world.store.get(told["file_id"]).data if told else None

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return str(self.content.get("document", {}).get("file_name", ""))

    @property
    def spoiler(self) -> bool:
        """Whether the picture is covered."""
        return bool(self.content.get("has_media_spoiler"))

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of buttons."""
        return list((self._message.markup or {}).get("inline_keyboard", ()))

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons."""
        return [button["text"] for row in self.buttons for button in row]

    @property
    def reply_to(self) -> int | None:
        """The message that it replies to."""
        return self._message.reply_to

    @property
    def thread_id(self) -> int | None:
        """The topic that it is in."""
        return self._message.topic

    @property
    def album(self) -> str | None:
        """The media_group_id that it shares with others."""
        return self._message.album

    @property
    def edits(self) -> int:
        """How often it was edited, buttons included."""
        return len(self.changes) - 1

    @property
    def changes(self) -> list[Change]:
        """What it held from when on."""
        return self._message.changes

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self._message.deleted

    @property
    def force_reply(self) -> bool:
        """Whether it opens the reply field of those it is for."""
        return bool((self._message.other_markup or {}).get("force_reply"))

    @property
    def reactions(self) -> list[str]:
        """The bot's reactions."""
        return [reaction.get("emoji", "") for reaction in self._message.reactions]

    def button(self, name: str) -> dict[str, Any]:
        """The button whose words contain this, or whose data is this."""
        every = [button for row in self.buttons for button in row]
        found = [button for button in every if name in (button.get("callback_data"), button["text"])]
        found = found or [button for button in every if name in button["text"]]
        if not found:
            raise LookupError(f"no button {name!r} among {self.labels}")
        return found[0]

    async def until(self, holds: Callable[[Self], Any], timeout: float = 5.0) -> Self:
        """Wait until it is as wanted; what it is instead is in the error."""
        try:
            await self._world.until(lambda: holds(self), timeout)
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s: {self!r}") from None
        return self

    def __repr__(self) -> str:
        what = (
            "deleted " * self.deleted
            + "photo " * ("photo" in self.content)
            + "document " * ("document" in self.content)
        )
        return f"<{self.id} {what}{self.text!r} {self.labels}>"
