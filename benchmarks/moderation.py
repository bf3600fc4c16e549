"""How well and how fast texts are screened: python -m benchmarks.moderation

On sentences that training never saw, for every register and language: each category against the ordinary
texts of the same register, and what the default policy does. AUROC is the probability that a bad text
scores higher than an ordinary one, by the category's own score and by the highest of any category; recall
is the share of bad texts found where 5% of the ordinary ones would be suspected, by the highest score,
and precision the share of bad ones among all found there. Then texts per second on one thread.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from bot.domain.moderation import Category, ModerationPolicy, Signal, Verdict, decide
from bot.ports import OnProgress
from bot.screening.moderator import Screens
from engines.contract import EngineOptions, Request, Result, Scores
from engines.safety.head import LABELS
from engines.safety.text import TextScreen, load
from engines.training.safety.corpus import HELD_OUT, Example, read, registers
from engines.training.safety.dressing import dress

BATCH = 64
FALSE_POSITIVES = 0.05


class OneThread:
    """The text screen without a host around it."""

    def __init__(self, engine: TextScreen) -> None:
        self.engine = engine

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        (answer,) = self.engine.run([request], lambda *_: None, lambda _: False)
        assert isinstance(answer, Scores)
        return answer


class RulesOnly:
    """A classifier that never suspects anything."""

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        return Scores(tuple(dict.fromkeys(LABELS, 0.0) for _ in getattr(request, "texts", ())), "none")


def area_under_curve(bad: Sequence[float], good: Sequence[float]) -> float:
    """The probability that a bad text scores higher than a good one; half for equals (Mann-Whitney U)."""
    wins = sum((b > g) + 0.5 * (b == g) for b in bad for g in good)
    return wins / (len(bad) * len(good))


def threshold(good: Sequence[float]) -> float:
    """The score that FALSE_POSITIVES of the good texts exceed."""
    return sorted(good, reverse=True)[int(FALSE_POSITIVES * len(good))]


async def screened(texts: Sequence[str], screens: Screens) -> list[Sequence[Signal]]:
    """What is seen in each text."""
    seen: list[Sequence[Signal]] = []
    for start in range(0, len(texts), BATCH):
        seen += await screens.screen_texts(texts[start : start + BATCH])
    return seen


async def measure(name: str, examples: Sequence[Example], screens: Screens) -> None:
    """Screen all examples and print the table."""
    seen = await screened([example.text for example in examples], screens)
    verdicts = [decide(signals, ModerationPolicy()).verdict for signals in seen]
    highest = [_score(signals) for signals in seen]
    good = [index for index, example in enumerate(examples) if not example.labels]
    least = threshold([highest[i] for i in good])
    wrong = sum(highest[i] > least for i in good)
    print(f"\n{name}")
    print(f"{'':12}{'texts':>6}{'AUROC own':>11}{'highest':>9}{'recall':>8}{'precision':>11}{'held':>7}{'blocked':>9}")
    for label in ("ordinary", *LABELS, "any"):
        rows = good if label == "ordinary" else [i for i, e in enumerate(examples) if _is(e, label)]
        if not rows:
            continue
        own = [_score(signals, Category(label) if label in LABELS else None) for signals in seen]
        found = sum(highest[i] > least for i in rows)
        curves = [area_under_curve([scores[i] for i in rows], [scores[i] for i in good]) for scores in (own, highest)]
        held, blocked = (
            sum(verdicts[i] is verdict for i in rows) / len(rows) for verdict in (Verdict.HOLD, Verdict.BLOCK)
        )
        figures = f"{curves[0]:11.3f}{curves[1]:9.3f}{found / len(rows):8.2f}{found / max(found + wrong, 1):11.2f}"
        print(f"{label:12}{len(rows):6}{figures if label != 'ordinary' else '':39}{held:7.1%}{blocked:9.1%}")


async def speed(name: str, texts: Sequence[str], screens: Screens) -> None:
    """Print how many texts a second one thread screens."""
    wall, busy = time.monotonic(), time.process_time()
    await screened(texts, screens)
    wall, busy = time.monotonic() - wall, time.process_time() - busy
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{name} ({words:.0f} words): {len(texts) / wall:.0f} a second, {len(texts) / busy:.0f} a cpu-second")


def _is(example: Example, label: str) -> bool:
    return label in example.labels or (label == "any" and bool(example.labels))


def _score(signals: Sequence[Signal], category: Category | None = None) -> float:
    return max((signal.score for signal in signals if category in (None, signal.category)), default=0.0)


async def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--set",
        choices=HELD_OUT,
        default="evaluation",
        help="development was looked at while choosing; second-evaluation is by another author (default: %(default)s)",
    )
    parser.add_argument("--rules", action="store_true", help="the rules alone")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    engine = OneThread(load(EngineOptions(data_dir=Path("unused"), threads=1)))
    screens = Screens(RulesOnly() if arguments.rules else engine)
    rng = random.Random(5)
    short: list[str] = []
    for folder in registers(arguments.set):
        examples = read(folder)
        await measure(folder, examples, screens)
        if folder.endswith("/prompts"):
            dressed = [dress(example, "prompts", rng) for example in examples]
            await measure(f"{folder}, dressed by the recipe's words", dressed, screens)
            short = [example.text for example in examples]
    print()
    await speed("short prompts", short * 4, screens)
    await speed("long prompts", [" ".join(short[i : i + 5]) for i in range(len(short) - 5)] * 2, screens)


if __name__ == "__main__":
    asyncio.run(main())
