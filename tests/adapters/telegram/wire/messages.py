"""A message: what it holds now, and how it came to look so."""

import time
from dataclasses import dataclass, field
from typing import Any

SERVICE = [
    "new_chat_members",
    "left_chat_member",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
]
CAPTIONED = ("photo", "document", "animation")


@dataclass(frozen=True)
class Change:
    """What a message held from a moment of the monotonic clock on."""

    at: float
    content: dict[str, Any]


@dataclass
class Message:
    """A message of anybody. What it holds is named as in the Bot API."""

    chat_id: int
    sender_id: int
    content: dict[str, Any]
    id: int = 0
    date: int = field(default_factory=lambda: int(time.time()))
    sender_chat_id: int | None = None
    reply_to: int | None = None
    topic: int | None = None
    markup: dict[str, Any] | None = None
    """The inline keyboard."""
    other_markup: dict[str, Any] | None = None
    """A keyboard or a forced reply; a message with one cannot be edited."""
    album: str | None = None
    origin: dict[str, Any] | None = None
    via_bot: bool = False
    edited: int | None = None
    deleted: bool = False
    changes: list[Change] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.note()

    def note(self) -> None:
        """Remember what it holds now."""
        self.changes.append(Change(time.monotonic(), self.content))

    @property
    def text(self) -> str:
        """Its words, wherever they are."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The entities of its words."""
        return list(self.content.get("entities", self.content.get("caption_entities", ())))

    @property
    def is_service(self) -> bool:
        """Whether Telegram itself says it."""
        return any(kind in self.content for kind in SERVICE)

    @property
    def takes_caption(self) -> bool:
        """Whether it has, or could have, a caption."""
        return any(kind in self.content for kind in CAPTIONED)
