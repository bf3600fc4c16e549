"""A request that is being put together, on a platform where that takes several messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.identity import Origin


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody chose so far; without `text` the words are still to come.

    `kind` is what it will be: 'avatar', 'caption' or 'restyle'; `upload` a file in the artifact store; `parent_id` the
    job that it began from.
    `asked_in` is the platform's id of the message that asks for the words, unmistakable on the whole platform.
    """

    id: str
    origin: Origin
    kind: str
    text: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    upload: str | None = None
    asked_in: str = ""
    parent_id: str | None = None
    created_at: float = 0.0
