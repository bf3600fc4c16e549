"""Telegram's HTML: a text with tags becomes a plain text with entities, or is refused with the reason."""

import html
import re
from typing import Any

from tests.adapters.telegram.wire.entities import find, length
from tests.adapters.telegram.wire.refusals import Gap, Refusal, bad

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[^\s<>]*)(?P<attributes>[^>]*)>|(?P<open><)|(?P<text>[^<]+)")
ATTRIBUTE = re.compile(r"\s*([\w-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
DECODED = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
"""Telegram decodes no other names: &nbsp; stays as it is."""


def parsed(source: str, mode: str | None, given: list[dict[str, Any]] | None) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities, as a message has them."""
    if mode and mode.lower() != "html":
        raise Gap(f"parse {mode}")
    text, entities = _html(source) if mode else (source, list(given or ()))
    return _trimmed(text, entities)


def _html(source: str) -> tuple[str, list[dict[str, Any]]]:
    text = ""
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, dict[str, Any]]] = []
    for token in TOKEN.finditer(source):
        at = len(source[: token.start()].encode())
        if token["text"]:
            text += DECODED.sub(lambda match: html.unescape(match[0]), token["text"])
        elif token["open"]:
            raise _unparsable(f"Unclosed start tag at byte offset {at}")
        elif token["end"]:
            name, entity = _closed(token["name"].lower(), at, opened)
            entity["length"] = length(text) - entity["offset"]
            if not _names_a_language(name, entity, opened):
                entities.append(entity)
        else:
            opened.append((token["name"].lower(), _started(token, at) | {"offset": length(text)}))
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, [entity for entity in entities if entity["length"]]


def _started(token: re.Match[str], at: int) -> dict[str, Any]:
    name = token["name"].lower()
    if name not in KINDS:
        raise _unparsable(f'Unsupported start tag "{token["name"]}" at byte offset {at}')
    found = ATTRIBUTE.findall(token["attributes"])
    attributes = {key.lower(): html.unescape(double or single or bare) for key, double, single, bare in found}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    entity: dict[str, Any] = {"type": KINDS[name]}
    if name == "a":
        entity["url"] = attributes.get("href", "")
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    elif name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _closed(name: str, at: int, opened: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {at}")
    wanted, entity = opened.pop()
    if name not in ("", wanted):
        raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{wanted}>", found "</{name}>"')
    return wanted, entity


def _names_a_language(name: str, entity: dict[str, Any], opened: list[tuple[str, dict[str, Any]]]) -> bool:
    """<pre><code class="language-x"> is one entity, and `language` belongs to nothing else."""
    language = entity.pop("language", None) if name == "code" else None
    if language and opened and opened[-1][0] == "pre" and opened[-1][1]["offset"] == entity["offset"]:
        opened[-1][1]["language"] = language
        return True
    return False


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    begun = length(text) - length(text.lstrip())
    text = text.strip()
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - begun)
        end = min(length(text), entity["offset"] + entity["length"] - begun)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, find(text, kept)


def _unparsable(reason: str) -> Refusal:
    return bad(f"can't parse entities: {reason}")
