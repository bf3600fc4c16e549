"""The tones that a caption can have: one TOML file each in tones/, whose README says how to add one."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bot.captions.words import capitalised, script_locale, shortened, words
from bot.domain.errors import InvalidRequest

FOLDER = Path(__file__).with_name("tones")
TEMPERATURE = 0.6
"""A tone whose examples leave little choice may be given more, for variety."""
ECHO = 4
"""Words in a row that may be an example's; more where phrases are stock, as in a reply to a customer."""
_PRAISE = frozenset(
    {"love", "loved", "great", "friendly", "happy", "delicious", "excellent", "amazing", "wonderful", "best", "nice"}
    | {"thanks", "thank", "beautiful", "helpful", "perfect", "fantastic", "enjoyed", "tasty", "awesome"}
)
_COMPLAINT = frozenset({"not", "no", "never", "but", "late", "wrong", "broken", "isn't", "wasn't", "don't", "didn't"})
FALLBACK_LIMIT = 160
"""Characters of a topic that a fallback repeats."""


@dataclass(frozen=True, slots=True)
class Example:
    """A topic and a caption worth imitating; with a `kind` (see `kind_of`), only for topics of that kind.

    `short` and `long` are the same caption in fewer and in more words.
    """

    topic: str
    caption: str
    short: str
    long: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Tone:
    """A way to write.

    `names`, `descriptions` and `fallbacks` are by locale; a fallback holds {topic} or {Topic}. `emoji`
    lists the only ones allowed. A text with a `forbidden` word or phrase is dropped. `invents` is what the
    tone may make up: 'nothing' (news), 'moments' such as today or two socks (a joke), or 'people' too (a story);
    figures, dates, prices, handles and links that the member did not write are never let through.
    """

    key: str
    names: dict[str, str]
    descriptions: dict[str, str]
    instruction: str
    examples: tuple[Example, ...]
    max_words: int
    temperature: float
    echo: int
    invents: Literal["nothing", "moments", "people"]
    emoji: frozenset[str]
    forbidden: tuple[str, ...]
    fallbacks: dict[str, str]
    shown: tuple[Example, ...] | None = None
    """Those of the examples that the prompt shows; None for all."""
    adapter: str | None = None
    """What the text engine knows the tone's own weights by."""


@cache
def tones() -> dict[str, Tone]:
    """The tones on offer, by key, in the order of the files' `order`."""
    tables = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")}
    return {
        key: Tone(
            key=key,
            names=dict(table["name"]),
            descriptions=dict(table["description"]),
            instruction=table["instruction"],
            examples=tuple(Example(**example) for example in table["examples"]),
            max_words=table["max_words"],
            temperature=table.get("temperature", TEMPERATURE),
            echo=table.get("echo", ECHO),
            invents=table["invents"],
            emoji=frozenset(table["emoji"]),
            forbidden=tuple(table.get("forbidden", ())),
            fallbacks=dict(table["fallback"]),
        )
        for key, table in sorted(tables.items(), key=lambda item: (item[1]["order"], item[0]))
    }


def tone(key: str) -> Tone:
    """A tone by key; InvalidRequest naming the known ones."""
    try:
        return tones()[key]
    except KeyError:
        raise InvalidRequest("tone-unknown", tone=key, known=", ".join(tones())) from None


def kind_of(topic: str) -> Literal["question", "praise", "complaint"]:
    """What a customer's message is, by its words; what is neither a question nor praise is taken for a complaint."""
    said = set(words(topic))
    if topic.rstrip().endswith(("?", "？")):
        return "question"
    return "praise" if said & _PRAISE and not said & _COMPLAINT else "complaint"


def fallback(topic: str, tone: Tone) -> str:
    """A short honest line from the topic alone, for when no candidate is worth showing."""
    about = shortened(" ".join(topic.split()), FALLBACK_LIMIT).rstrip(" .。,，;；:：、") or topic.strip()
    template = tone.fallbacks.get(script_locale(topic), tone.fallbacks["en"])
    # replace, not format: a member's braces are words, not fields. One pass, so that they are not filled again.
    filled = re.sub(r"\{([Tt])opic\}", lambda field: capitalised(about) if field[1] == "T" else about, template)
    return re.sub(r"([!?！？…])[.。!！]", r"\1", filled)
