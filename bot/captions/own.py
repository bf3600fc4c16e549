"""A community's own tone, made of the captions that it collected."""

from collections.abc import Sequence
from dataclasses import replace

from bot.captions.catalogue import Example, Tone, tone
from bot.captions.words import emoji, words
from bot.domain.requests import OWN_TONE
from bot.domain.voice import ToneExample

INSTRUCTION = "Write one short caption about the topic, in the voice of our community."
"""The very words under which adapters are trained (engines/training/tone_data.py)."""
SHOWN = 5
"""Examples in a prompt: each costs reading time, and more make a small model no better."""
VARIETY = 0.5
"""What likeness to an example already taken costs against likeness to the topic (Carbonell & Goldstein 1998, MMR)."""
ROOM = 1.2
"""Words that a caption may have, against the community's longest."""

Vector = Sequence[float]


def own_tone(examples: Sequence[ToneExample], shown: Sequence[ToneExample], adapter: str | None = None) -> Tone:
    """The tone of these examples, oldest first, with `shown` in the prompt unless an adapter knows them.

    Its captions may have the emoji of the examples, be a little longer than the longest of them, and name whom they
    like; they may not be an example again.
    """
    said = [each.caption for each in examples]
    return replace(
        tone("plain"),
        key=OWN_TONE,
        names={},
        descriptions={},
        instruction=INSTRUCTION,
        examples=tuple(map(_example, examples)),
        shown=tuple(map(_example, shown)),
        adapter=adapter,
        max_words=max(12, round(ROOM * max(len(words(text)) for text in said))),
        temperature=0.7,
        invents="people",
        emoji=frozenset(character for text in said for character in text if emoji(character)),
    )


def relevant(examples: Sequence[ToneExample], vectors: Sequence[Vector] | None) -> list[ToneExample]:
    """Those to show: near the topic and unlike each other, the nearest last, beside the question.

    `vectors` are unit vectors of the topic and then of each example's topic; without them the newest are shown.
    """
    if vectors is None:
        return list(examples[-SHOWN:])
    topic, *own = vectors
    near = [_dot(topic, vector) for vector in own]
    chosen: list[int] = []
    while len(chosen) < min(SHOWN, len(examples)):
        left = (index for index in range(len(examples)) if index not in chosen)
        chosen.append(
            max(left, key=lambda i: near[i] - VARIETY * max((_dot(own[i], own[j]) for j in chosen), default=0))
        )
    return [examples[index] for index in sorted(chosen, key=near.__getitem__)]


def _example(each: ToneExample) -> Example:
    return Example(each.topic, each.caption, each.caption, each.caption)


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
