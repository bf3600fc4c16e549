"""One person on several platforms: the code that one account shows and another takes in."""

import hashlib
import unicodedata
from dataclasses import dataclass

from bot.domain.identity import Platform

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for one another."""
LENGTH = 8
"""Of which a code has so many: 850 thousand million codes, of which five can be tried in an hour."""

Account = tuple[Platform, str]
"""Somebody on a platform: the platform and the id that they have there."""


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code as it is shown, XXXX-XXXX, and when it ends (seconds since 1970)."""

    code: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class Linked:
    """What has become one person: all their accounts, and the name of the one who had shown the code."""

    accounts: tuple[Account, ...]
    name: str


def written(characters: str) -> str:
    """A code as people read it."""
    return f"{characters[: LENGTH // 2]}-{characters[LENGTH // 2 :]}"


def fingerprint(typed: str) -> str:
    """What is kept of a code: enough to know it again however it is typed, too little to read it."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return hashlib.sha256("".join(filter(str.isalnum, folded)).encode("utf-8", "replace")).hexdigest()
