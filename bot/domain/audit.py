"""A log in which nothing can be changed unseen: each entry's hash covers the hash of the one before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Detail = str | int | float | bool | None
START = ""
"""What the first entry has before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what, when and in which community."""

    seq: int
    at: float
    actor: str
    community: str
    action: str
    subject: str
    detail: Mapping[str, Detail]
    previous: str
    hash: str


def chained(
    previous: str,
    seq: int,
    at: float,
    actor: str,
    community: str,
    action: str,
    subject: str,
    detail: Mapping[str, Detail],
) -> str:
    """The hash of an entry that follows `previous`: SHA-256 over canonical JSON."""
    content = [previous, seq, at, actor, community, action, subject, dict(detail)]
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def verify(entries: Iterable[Entry], previous: str = START, seq: int = 0) -> int | None:
    """The first number that is not what it was, or is missing; None when all are. `previous` and `seq` go before."""
    for entry in entries:
        seq += 1
        ours = chained(previous, seq, entry.at, entry.actor, entry.community, entry.action, entry.subject, entry.detail)
        if (entry.seq, entry.previous, entry.hash) != (seq, previous, ours):
            return seq
        previous = entry.hash
    return None
