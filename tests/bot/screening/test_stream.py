import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.domain.moderation import Category, ModerationPolicy, Signal
from bot.screening.stream import TEXT_LIMIT, screen_lines


class Lengths:
    """Finds a text as violent as it is long, and remembers how many it was asked about at once."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def screen_texts(self, texts: Sequence[str]) -> list[Sequence[Signal]]:
        self.batches.append(len(texts))
        return [[Signal(Category.VIOLENCE, min(len(text), 10) / 10, "fake")] if text else [] for text in texts]


async def feed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def judged(*lines: str, batch: int = 64, screens: Lengths | None = None) -> list[dict[str, object]]:
    stream = screen_lines(feed(*lines), screens or Lengths(), ModerationPolicy(), batch)
    return [judgement async for judgement in stream]


async def test_strings_and_objects_are_judged_in_order() -> None:
    answers = await judged('"12345"', '{"text": "1234567", "id": 3}', '""', '"1234567890"\n')
    assert [(answer["score"], answer["verdict"]) for answer in answers] == [
        (0.5, "allow"),
        (0.7, "hold"),
        (0.0, "allow"),
        (1.0, "block"),
    ]
    assert answers[0]["signals"] == [{"category": "violence", "score": 0.5, "source": "fake", "evidence": ""}]
    json.dumps(answers)


@pytest.mark.parametrize(
    "line",
    ["", "nonsense", "5", "null", '{"text": 5}', "{}", "[" * 100_000, json.dumps("x" * (TEXT_LIMIT + 1))],
)
async def test_a_bad_line_is_held_and_keeps_its_place(line: str) -> None:
    before, bad, after = await judged('"1"', line, '"12"')
    assert (before["score"], after["score"]) == (0.1, 0.2)
    assert (bad["score"], bad["verdict"]) == (1.0, "hold")
    assert bad["error"]


async def test_lines_are_judged_together() -> None:
    screens = Lengths()
    assert len(await judged(*['"a"'] * 10, batch=4, screens=screens)) == 10
    assert screens.batches == [4, 4, 2]


async def test_a_writer_that_waits_gets_its_answer() -> None:
    answered = asyncio.Event()

    async def conversation() -> AsyncIterator[str]:
        yield '"first"'
        await answered.wait()
        yield '"second"'

    count = 0
    async with asyncio.timeout(5):
        async for _ in screen_lines(conversation(), Lengths(), ModerationPolicy()):
            count += 1
            answered.set()
    assert count == 2


async def test_an_error_of_the_reader_is_not_swallowed() -> None:
    async def broken() -> AsyncIterator[str]:
        yield '"a"'
        raise OSError("stdin is gone")

    with pytest.raises(OSError, match="stdin"):
        [_ async for _ in screen_lines(broken(), Lengths(), ModerationPolicy())]
