"""Finds in plain text what Telegram finds by itself: commands, mentions, links."""

import re
from typing import Any

PATTERNS = (
    (
        "url",
        re.compile(r"(?<![\w@./])(?:https?://[^\s<>\"]+|(?:[a-z0-9-]+\.)+(?:com|org|net|me|io|dev)\b[^\s<>\"]*)", re.I),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}\b", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
CLOSED = ("code", "pre", "text_link", "text_mention")
"""Nothing is found inside these."""


def length(text: str) -> int:
    """How long Telegram says a text is: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def part(text: str, entity: dict[str, Any]) -> str:
    """The piece of a text that an entity covers."""
    units = text.encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def find(text: str, given: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The entities of a text: those given, and what can be found outside the closed ones."""
    entities = list(given or ())
    taken = [entity for entity in entities if entity["type"] in CLOSED]
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            words = match[0].rstrip(".,:;!?)'\"") if kind == "url" else match[0]
            entity = {"type": kind, "offset": length(text[: match.start()]), "length": length(words)}
            if not any(_overlap(entity, other) for other in taken):
                taken.append(entity)
                entities.append(entity)
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
