"""How well and how fast texts are screened: python -m benchmarks.screening

Prints, for each category, the area under the ROC curve and the recall where 5% of the ordinary
texts would be suspected, on sentences that training never saw; then what the default policy does
with them, and texts per second on one thread. 'dressed' is the same with style phrases around.
"""

import argparse
import asyncio
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
from engines.training.safety.corpus import Example, dress, read, styles

BATCH = 64


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


def recall(bad: Sequence[float], good: Sequence[float], false_positives: float = 0.05) -> float:
    """The share of bad texts above the score that `false_positives` of the good ones exceed."""
    allowed = sorted(good, reverse=True)[int(false_positives * len(good))]
    return sum(b > allowed for b in bad) / len(bad)


async def measure(name: str, examples: Sequence[Example], screens: Screens) -> None:
    """Screen all examples and print the table."""
    texts = [example.text for example in examples]
    started, busy = time.monotonic(), time.process_time()
    seen: list[Sequence[Signal]] = []
    for start in range(0, len(texts), BATCH):
        seen += await screens.screen_texts(texts[start : start + BATCH])
    wall, busy = time.monotonic() - started, time.process_time() - busy
    verdicts = [decide(signals, ModerationPolicy()).verdict for signals in seen]
    print(f"\n{name}: {len(texts)} texts, {len(texts) / wall:.0f} a second, {len(texts) / busy:.0f} a cpu-second")
    print(f"{'':14}{'texts':>6}{'AUROC':>8}{'recall@5%':>11}{'held':>7}{'blocked':>9}")
    good = [index for index, example in enumerate(examples) if not example.labels]
    for label in ("ordinary", *LABELS, "any"):
        wanted = {label} if label in LABELS else set(LABELS)
        rows = [i for i, example in enumerate(examples) if example.labels & wanted] if label != "ordinary" else good
        category = Category(label) if label in LABELS else None
        bad_scores, good_scores = ([_score(seen[i], category) for i in chosen] for chosen in (rows, good))
        held, blocked = (
            sum(verdicts[i] is verdict for i in rows) / len(rows) for verdict in (Verdict.HOLD, Verdict.BLOCK)
        )
        curve = f"{area_under_curve(bad_scores, good_scores):8.3f}{recall(bad_scores, good_scores):11.2f}"
        print(f"{label:14}{len(rows):6}{curve if label != 'ordinary' else '':19}{held:7.1%}{blocked:9.1%}")


def _score(signals: Sequence[Signal], category: Category | None) -> float:
    return max((signal.score for signal in signals if category in (None, signal.category)), default=0.0)


async def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--development", action="store_true", help="the set that was looked at while choosing")
    name = "development" if parser.parse_args().development else "evaluation"
    torch.set_num_threads(1)
    both = Screens(OneThread(load(EngineOptions(data_dir=Path("unused"), threads=1))))
    examples = read(name)
    dressed = dress(examples, styles("evaluation"), 1, seed=5)[len(examples) :]
    await both.screen_texts(["warm up"])
    await measure(f"{name}, rules alone", examples, Screens(RulesOnly()))
    await measure(f"{name}, rules and classifier", examples, both)
    await measure(f"{name} dressed, rules and classifier", dressed, both)
    await measure("Chinese, rules alone", read("evaluation_zh"), Screens(RulesOnly()))


if __name__ == "__main__":
    asyncio.run(main())
