"""A message as Discord takes it: text, pictures, and rows of buttons and menus."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import discord

CONTENT_LIMIT = 2000
"""Characters of a message."""
ALT_LIMIT = 1024
"""Characters of a picture's alt text."""

NOBODY = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of a message."""

    data: bytes
    name: str
    alt: str
    spoiler: bool = False

    def file(self) -> discord.File:
        """A new upload of it; discord.py's files can be sent only once."""
        alt = self.alt if len(self.alt) <= ALT_LIMIT else f"{self.alt[: ALT_LIMIT - 1]}…"
        return discord.File(io.BytesIO(self.data), self.name, spoiler=self.spoiler, description=alt)


class Rows(discord.ui.View):
    """Buttons whose presses `client.on_interaction` answers from their custom_id, restart or not.

    discord.py would keep every view for ever that it thinks it has to answer for.
    """

    def __init__(self, items: Iterable[discord.ui.Item[Any]] = ()) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)

    def is_dispatchable(self) -> bool:
        """Never: see the class."""
        return False


@dataclass(frozen=True, slots=True)
class Page:
    """One message. `cover` names the picture to show large, above the others.

    Two are equal when they say and show the same; buttons have no equals, and change only with what is said.
    """

    content: str = ""
    pictures: tuple[Picture, ...] = ()
    items: tuple[discord.ui.Item[Any], ...] = field(default=(), compare=False)
    cover: str | None = None
    mentions: discord.AllowedMentions = field(default=NOBODY)

    def edit(self) -> dict[str, Any]:
        """As arguments of discord.py's edit methods: what was there before is replaced."""
        return {
            "content": clip(self.content),
            "attachments": [picture.file() for picture in self.pictures],
            "embeds": self._embeds(),
            "view": Rows(self.items) if self.items else None,
            "allowed_mentions": self.mentions,
        }

    def send(self) -> dict[str, Any]:
        """As arguments of discord.py's send methods."""
        given: dict[str, Any] = {"content": clip(self.content), "allowed_mentions": self.mentions}
        if self.pictures:
            given |= {"files": [picture.file() for picture in self.pictures]}
        if embeds := self._embeds():
            given |= {"embeds": embeds}
        if self.items:
            given |= {"view": Rows(self.items)}
        return given

    def _embeds(self) -> list[discord.Embed]:
        return [discord.Embed().set_image(url=f"attachment://{self.cover}")] if self.cover else []


def clip(text: str, limit: int = CONTENT_LIMIT) -> str:
    """At most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


_MARKDOWN = re.compile(r"[\\*_~|`\[\]]|^[#+-]")
_ADDRESS = re.compile(r"(:|discord\.gg|discord(?:app)?\.com)/", re.IGNORECASE)


def inert(text: str) -> str:
    """A stranger's words without life: no mention, no markdown, no link or invitation that unfolds, one line."""
    text = discord.utils.escape_mentions(_MARKDOWN.sub(r"\\\g<0>", " ".join(text.split())))
    # <#channel>, </command:id>, <t:time> and <:emoji:id> survive the above.
    return _ADDRESS.sub("\\1\u200b/", text.replace("<", "‹").replace(">", "›"))
