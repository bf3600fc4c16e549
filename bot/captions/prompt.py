"""What the model is asked: the tone's examples as earlier turns of a chat, then the topic."""

from bot.captions.catalogue import Example, Tone, kind_of
from bot.captions.length import fitted
from bot.captions.words import latin_share
from bot.domain.requests import Length
from engines.contract import Message, TextGeneration

CANDIDATES = 10
"""Written at least: five in six keep the rules, and about half of those read well (benchmarks/captions_quality.py)."""
TOP_P = 0.9
TOKENS_PER_WORD = 1.6
ENGLISH_ONLY = frozenset({"default", "embedded"})
"""Models that write English alone; a larger one, configured by name, is asked in any language."""


def build(
    topic: str, tone: Tone, count: int, seed: int, model: str = "default", length: Length = Length.NORMAL
) -> TextGeneration:
    """Ask for several candidates a caption that will be shown; `choose` picks the best `count`."""
    tone = fitted(tone, length)
    kind = kind_of(topic)
    examples = [
        message
        for example in _shown(tone)
        if example.kind in (None, kind)
        for message in (Message("user", example.topic), Message("assistant", example.caption))
    ]
    return TextGeneration(
        messages=(Message("system", tone.instruction), *examples, Message("user", topic)),
        num_return_sequences=max(CANDIDATES, 3 * count),
        max_new_tokens=round(tone.max_words * TOKENS_PER_WORD),
        temperature=tone.temperature,
        top_p=TOP_P,
        seed=seed,
        adapter=tone.adapter,
        model=model,
    )


def _shown(tone: Tone) -> tuple[Example, ...]:
    """An adapter has learned the examples, and was trained without any in the prompt."""
    if tone.adapter is not None:
        return ()
    return tone.examples if tone.shown is None else tone.shown


def unsupported(topic: str, model: str) -> bool:
    """Whether `model` cannot write about `topic`: the embedded one reads and writes English alone.

    `model` is the name of the model that will answer: a request's 'default' stands for the one in the settings.
    """
    return model in ENGLISH_ONLY and latin_share(topic) < 0.5
