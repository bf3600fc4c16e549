"""What a button, a menu or a form carries: a version, what it does, and the ids it does it to.

Everything else is in the database, so that a button works after any number of restarts. When the meaning of
these ids changes, so does VERSION, and buttons of an older one are answered with a friendly sentence.
"""

from dataclasses import dataclass

VERSION = "h1"
LIMIT = 64
"""Bytes that Telegram allows in a button; Discord would take 100 characters."""


@dataclass(frozen=True, slots=True)
class Press:
    """What was pressed: `kind` names the handler; `target` and `extra` are ids."""

    kind: str
    target: str = ""
    extra: str = ""


def pack(kind: str, target: str = "", extra: str = "") -> str:
    """The payload; ValueError when a platform would not take it or it could not be read back."""
    parts = [VERSION, kind, target, extra]
    while not parts[-1]:
        parts.pop()
    if not kind or any(":" in part for part in parts):
        raise ValueError(f"nothing to do, or a colon, in {parts}")
    payload = ":".join(parts)
    if not payload.isprintable():
        raise ValueError(f"{payload!r} holds what cannot be read")
    if len(payload.encode()) > LIMIT:
        raise ValueError(f"{payload!r} is longer than {LIMIT} bytes")
    return payload


def unpack(payload: str) -> Press | None:
    """What a payload says; None when it is not one of ours, or of another version."""
    version, *parts = payload.split(":")
    # Somebody who alters their app can send anything; a database would stumble over a NUL.
    if version != VERSION or not 1 <= len(parts) <= 3 or not parts[0] or not payload.isprintable():
        return None
    return Press(*parts)
