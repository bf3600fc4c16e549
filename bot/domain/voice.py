"""A community's own way to write: examples that its owner and moderators collect, and what was trained on them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import InvalidRequest
from bot.domain.identity import Platform
from bot.domain.requests import clean_text

FEWEST = 3
"""Examples that make a tone."""
MOST = 200
"""Examples that a community keeps."""
TOPIC_LIMIT = 200
CAPTION_LIMIT = 300
NAME_LIMIT = 40


@dataclass(frozen=True, slots=True)
class ToneExample:
    """A topic, and a caption that sounds like the community; InvalidRequest when one is empty or too long."""

    id: str
    topic: str
    caption: str
    added_by: str
    added_at: float

    def __post_init__(self) -> None:
        for name, limit in (("topic", TOPIC_LIMIT), ("caption", CAPTION_LIMIT)):
            text = clean_text(getattr(self, name))
            if not text:
                raise InvalidRequest("example-empty")
            if len(text) > limit:
                raise InvalidRequest("example-too-long", limit=limit, length=len(text))
            object.__setattr__(self, name, text)


@dataclass(frozen=True, slots=True)
class TrainedVoice:
    """One adapter that was trained: `name` is what the text engine knows it by.

    `against` says by which part of the rule it is not offered, None when it is. `perplexity` is by way of writing:
    'plain', 'few_shot', 'adapter'; `samples` are captions by way, unpicked.
    """

    name: str
    version: str
    base: str
    examples: int
    against: str | None
    perplexity: Mapping[str, float]
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def voice_folder(platform: Platform, community_id: str) -> str:
    """The name of a community's adapters, as a folder and for the engine: 'discord.123'; no two have the same."""
    return f"{platform.value}." + re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", community_id)
