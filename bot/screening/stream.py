"""`huashen screen --jsonl`: one text a line in, one judgement a line out, in order."""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from typing import Any, Protocol

from bot.domain.moderation import Category, ModerationPolicy, Signal, decide

BATCH = 64
"""Lines judged with one question to the classifier: more gains nothing and makes an interactive reader wait."""
PAUSE = 0.05
"""Seconds without a new line after which the lines so far are judged."""
TEXT_LIMIT = 20_000
"""Characters of one text; longer ones are an error rather than a minute of silence."""


class TextScreens(Protocol):
    """Something that screens many texts at once."""

    async def screen_texts(self, texts: Sequence[str]) -> list[Sequence[Signal]]:
        """What is seen in each text."""
        ...


async def screen_lines(
    lines: AsyncIterable[str], moderator: TextScreens, policy: ModerationPolicy, batch: int = BATCH
) -> AsyncIterator[dict[str, Any]]:
    """Judge each line, a JSON string or {"text": ...}; a line that is neither is held, with the reason as 'error'."""
    async for texts in _batches(lines, batch):
        for judgement in await _judge([_text(line) for line in texts], moderator, policy):
            yield judgement


async def _batches(lines: AsyncIterable[str], size: int) -> AsyncIterator[list[str]]:
    """Lines by `size`, or as many as there are when the writer pauses: it may be waiting for an answer."""
    iterator = aiter(lines)
    batch: list[str] = []
    following = asyncio.ensure_future(anext(iterator, None))
    try:
        while True:
            arrived, _ = await asyncio.wait({following}, timeout=PAUSE if batch else None)
            if arrived:
                line = following.result()
                if line is None:
                    break
                batch.append(line)
                following = asyncio.ensure_future(anext(iterator, None))
            if not arrived or len(batch) >= size:
                yield batch
                batch = []
    finally:
        following.cancel()
    if batch:
        yield batch


async def _judge(
    batch: Sequence[str | ValueError], moderator: TextScreens, policy: ModerationPolicy
) -> list[dict[str, Any]]:
    seen = iter(await moderator.screen_texts([text for text in batch if isinstance(text, str)]))
    return [_refused(text) if isinstance(text, ValueError) else _judged(next(seen), policy) for text in batch]


def _text(line: str) -> str | ValueError:
    """The text of a line, or why there is none: bad lines keep their place among the answers."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return ValueError("the line is not JSON")
    if isinstance(value, dict):
        value = value.get("text")
    if not isinstance(value, str):
        return ValueError('the line is neither a JSON string nor {"text": "..."}')
    return ValueError(f"the text is longer than {TEXT_LIMIT} characters") if len(value) > TEXT_LIMIT else value


def _judged(signals: Sequence[Signal], policy: ModerationPolicy) -> dict[str, Any]:
    return {
        "score": max((signal.score for signal in signals), default=0.0),
        "verdict": decide(signals, policy).verdict.value,
        "signals": [
            {
                "category": signal.category.value,
                "score": signal.score,
                "source": signal.source,
                "evidence": signal.evidence,
            }
            for signal in sorted(signals, key=lambda signal: -signal.score)
        ],
    }


def _refused(error: ValueError) -> dict[str, Any]:
    unscreened = Signal(Category.UNSCREENED, 1.0, "input", str(error))
    return {"error": str(error), **_judged([unscreened], ModerationPolicy())}
