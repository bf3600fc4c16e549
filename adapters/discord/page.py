"""A message as Discord takes it: text, pictures, and rows of buttons and menus."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.chat.wording import clip
from bot.domain.identity import Origin

CONTENT_LIMIT = 2000
"""Characters of a message."""
QUOTE = 600
"""Characters of a quotation, with what escaping added."""
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
            "content": clip(self.content, CONTENT_LIMIT),
            "attachments": [picture.file() for picture in self.pictures],
            "embeds": self._embeds(),
            "view": Rows(self.items) if self.items else None,
            "allowed_mentions": self.mentions,
        }

    def send(self) -> dict[str, Any]:
        """As arguments of discord.py's send methods."""
        given: dict[str, Any] = {"content": clip(self.content, CONTENT_LIMIT), "allowed_mentions": self.mentions}
        if self.pictures:
            given |= {"files": [picture.file() for picture in self.pictures]}
        if embeds := self._embeds():
            given |= {"embeds": embeds}
        if self.items:
            given |= {"view": Rows(self.items)}
        return given

    def _embeds(self) -> list[discord.Embed]:
        return [discord.Embed().set_image(url=f"attachment://{self.cover}")] if self.cover else []


_MARKDOWN = re.compile(r"[\\*_~|`\[\]]|^[#+-]")
_ADDRESS = re.compile(r"(:|discord\.gg|discord(?:app)?\.com)/", re.IGNORECASE)


def inert(text: str) -> str:
    """A stranger's words without life: no mention, no markdown, no link or invitation that unfolds, one line."""
    text = discord.utils.escape_mentions(_MARKDOWN.sub(r"\\\g<0>", " ".join(text.split())))
    # <#channel>, </command:id>, <t:time> and <:emoji:id> survive the above.
    return _ADDRESS.sub("\\1\u200b/", text.replace("<", "‹").replace(">", "›"))


class DiscordMarkup:
    """Discord's markdown. Our own sentences have none that would have to be escaped."""

    def plain(self, text: str) -> str:
        """Our own words."""
        return text

    def inert(self, text: str) -> str:
        """A stranger's words without life."""
        return inert(text)

    def quote(self, text: str) -> str:
        """A line of a stranger's words."""
        return f"> {clip(inert(text), QUOTE)}"

    def strong(self, text: str) -> str:
        """Our own words, in bold."""
        return f"**{text}**"

    def small(self, text: str) -> str:
        """Words beside the matter."""
        return f"-# {inert(text)}"

    def copyable(self, number: int, text: str) -> str:
        """A caption with its number."""
        return f"**{number}.** {inert(text)}"

    def person(self, user_id: str, name: str = "") -> str:
        """Discord's clients know everybody by id."""
        return f"<@{user_id}>" if user_id.isdigit() else inert(name or user_id)

    def moment(self, seconds: float) -> str:
        """Discord's clients say how long ago."""
        return f"<t:{int(seconds)}:R>"

    def link(self, origin: Origin) -> str:
        """The way to the message, for those who may read it."""
        if not origin.message_id:
            return ""
        return f"https://discord.com/channels/{origin.community_id or '@me'}/{origin.channel_id}/{origin.message_id}"


MARKUP = DiscordMarkup()
