"""How long a caption should be: a tone's limit made tighter or wider, and what a length is worth in the ranking."""

from dataclasses import replace

from bot.captions.catalogue import ECHO, Example, Tone
from bot.captions.words import words
from bot.domain.requests import Length

LIMITS = {Length.SHORT: 0.5, Length.NORMAL: 1.0, Length.LONG: 1.8}
"""Of a tone's `max_words`."""
ASKED = {
    Length.SHORT: " Use as few words as you can: at most {limit}.",
    Length.NORMAL: "",
    Length.LONG: " Write two or three sentences, up to {limit} words.",
}
"""Added to a tone's instruction; a small model heeds the examples alone."""
PREFERENCE = 0.6
"""What a text at the wrong end of the limit loses: more than its likeness to the topic can make good."""
EXCESS = 0.2
"""What each word beyond the limit costs: only when too few texts fit is the nearest in length taken."""


def fitted(tone: Tone, length: Length) -> Tone:
    """The tone with the limit, instruction and examples of a length; all its other rules stay."""
    limit = round(tone.max_words * LIMITS[length])
    instruction = tone.instruction + ASKED[length].format(limit=limit)
    examples = _in(length, tone.examples)
    shown = None if tone.shown is None else _in(length, tone.shown)
    # Where phrases are stock, a longer text has longer ones.
    echo = round(tone.echo * max(1.0, LIMITS[length])) if tone.echo > ECHO else tone.echo
    return replace(tone, max_words=limit, instruction=instruction, examples=examples, shown=shown, echo=echo)


def _in(length: Length, examples: tuple[Example, ...]) -> tuple[Example, ...]:
    return tuple(replace(example, caption=_caption(example, length)) for example in examples)


def _caption(example: Example, length: Length) -> str:
    match length:
        case Length.SHORT:
            return example.short
        case Length.NORMAL:
            return example.caption
        case Length.LONG:
            return example.long


def worth(text: str, length: Length, limit: int) -> float:
    """What the number of its words adds to a text's score, 0 or less."""
    count = len(words(text))
    if length is Length.SHORT:
        return -PREFERENCE * count / limit - EXCESS * max(0, count - limit)
    return -PREFERENCE * max(0.0, 1 - count / limit) if length is Length.LONG else 0.0
