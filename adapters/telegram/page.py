"""A message as Telegram takes it: words in its HTML, a picture, buttons below."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.place import Place, message_ids
from bot.domain.identity import Origin

TEXT_LIMIT = 4096
"""Characters of a message, its tags not counted."""
CAPTION_LIMIT = 1024
"""Characters under a picture."""
ANSWER_LIMIT = 200
"""Characters of what comes up when a button is pressed."""
Keyboard = tuple[tuple[InlineKeyboardButton, ...], ...]
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to upload, or one that Telegram has already, by its `file_id`; `moving` ones are GIF or MP4."""

    data: bytes
    name: str
    spoiler: bool = False
    file_id: str | None = None
    moving: bool = False

    @property
    def media(self) -> bytes | str:
        """What is sent."""
        return self.file_id or self.data


@dataclass(frozen=True, slots=True)
class Page:
    """One message. `lines` are markup already; with `ask` the reader's next words are taken for the answer."""

    lines: tuple[str, ...]
    photo: Photo | None = None
    keyboard: Keyboard = ()
    ask: str | None = None
    """What stands in the empty field meanwhile."""
    album: tuple[Photo, ...] = field(default=(), compare=False)
    """Pictures to send below, all together."""

    @property
    def text(self) -> str:
        """The words, as many lines as fit."""
        limit = CAPTION_LIMIT if self.photo else TEXT_LIMIT
        lines = list(self.lines)
        while len(lines) > 1 and length("\n".join(lines)) > limit:
            lines.pop(-2)
        return "\n".join(lines)

    @property
    def markup(self) -> InlineKeyboardMarkup | ForceReply | None:
        """The buttons, or the wish for an answer."""
        if self.ask is not None:
            return ForceReply(selective=True, input_field_placeholder=self.ask[:64] or None)
        return self.buttons

    @property
    def buttons(self) -> InlineKeyboardMarkup | None:
        """The buttons; None takes those away that are there."""
        return InlineKeyboardMarkup(self.keyboard) if self.keyboard else None


def in_rows(buttons: Sequence[InlineKeyboardButton], width: int) -> Keyboard:
    """Buttons, so many in a row."""
    return tuple(tuple(buttons[index : index + width]) for index in range(0, len(buttons), width))


def length(text: str) -> int:
    """Characters as Telegram counts them: without tags, entities as what they stand for, in UTF-16 units."""
    return len(html.unescape(_TAG.sub("", text)).encode("utf-16-le")) // 2


class TelegramMarkup:
    """Telegram's HTML. What is in <code> calls nobody and links nowhere, and a tap copies it."""

    def plain(self, text: str) -> str:
        """Our own words, which may quote a stranger's."""
        return html.escape(_lifeless(text), quote=False)

    def inert(self, text: str) -> str:
        """A stranger's words without life."""
        return f"<code>{html.escape(' '.join(text.split()), quote=False)}</code>"

    def quote(self, text: str) -> str:
        """A line of a stranger's words."""
        return f"<blockquote>{self.inert(text)}</blockquote>"

    def strong(self, text: str) -> str:
        """Our own words, in bold."""
        return f"<b>{self.plain(text)}</b>"

    def small(self, text: str) -> str:
        """Words beside the matter."""
        return f"<i>{self.plain(text)}</i>"

    def copyable(self, number: int, text: str) -> str:
        """A caption with its number; a tap copies it."""
        return f"{number}. {self.inert(text)}"

    def person(self, user_id: str, name: str = "") -> str:
        """A link to a member that calls nobody."""
        shown = self.plain(" ".join(name.split()) or user_id)
        return f'<a href="tg://user?id={user_id}">{shown}</a>' if user_id.isdecimal() else shown

    def moment(self, seconds: float) -> str:
        """Telegram's clients know no readers' clocks here: UTC."""
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"

    def link(self, origin: Origin) -> str:
        """The way to a message in a supergroup; elsewhere messages have no address."""
        chat = str(Place.of(origin.channel_id).chat_id)
        if not chat.startswith("-100") or not (ids := message_ids(origin)):
            return ""
        return f"https://t.me/c/{chat.removeprefix('-100')}/{ids[0]}"


_STUDIO = ("mix", "morph", "restyle", "upscale", "find")
OWN_COMMANDS = ("avatar", "caption", *_STUDIO, "gallery", "quota", "jobs", "help", "settings", "review", "link")
"""Commands that our sentences name, for a tap to send."""
_OWN = rf"/(?:{'|'.join(OWN_COMMANDS)})(?![\w@])"
_LISTENING = r"findahelpline\.com"
"""Where somebody listens: who needs that address must be able to tap it."""
_ALIVE = re.compile(
    rf"{_LISTENING}|(?<![\w/]){_OWN}|([@/#\uff03$])(?=\w)|(:)(?=//)|(?<=\w)(\.)(?=[^\W\d])|(?<=\d)(\.)(?=\d+\.\d)"
)


def _lifeless(text: str) -> str:
    """With a word joiner after what would call somebody or become a link; our own commands stay alive."""
    return _ALIVE.sub(lambda found: f"{found[0]}\u2060" if found.lastindex else found[0], text)


MARKUP = TelegramMarkup()
