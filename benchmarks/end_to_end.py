"""What the house costs: the whole walk under many members at once, against the bare engine on the same work.

`python -m benchmarks.end_to_end [--members 16] [--each 4] [--rounds 3]`. Both run on the same warm engine process, in
turn, and only ratios are to be quoted: machines differ and are shared. Measured as well, during the walk: the event
loop's lag, and how long a member waits until the request is acknowledged (screened, charged and queued).
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot import captions
from bot.bootstrap import Application, application, migrate
from bot.domain.identity import Origin, Platform
from bot.domain.moderation import ModerationPolicy
from bot.domain.outcomes import Accepted
from bot.domain.requests import AvatarRequest, CaptionRequest
from bot.logs import configure
from bot.oneshot import Terminal
from bot.prompting import text_to_image
from bot.runtime.background import in_background
from bot.settings import Quota, Settings
from bot.usecases.follow import follow
from bot.usecases.submit import submit
from bot.usecases.write import write
from engines.contract import Images

PROMPTS = (
    "a smiling woman with red hair and round glasses",
    "a blue robot",
    "an old man with a white beard",
    "a monster",
)


@dataclass
class Figures:
    """Results a second, and in milliseconds the lag of each tick and the wait for each acknowledgement."""

    rate: float
    lag: list[float]
    acknowledged: list[float]


def request(kind: str, member: int, turn: int) -> AvatarRequest | CaptionRequest:
    """The same work in both runs: prompt and seed follow from who asks and when."""
    seed = member * 1000 + turn
    prompt = PROMPTS[seed % len(PROMPTS)]
    return AvatarRequest(prompt, seed=seed) if kind == "avatar" else CaptionRequest(prompt, seed=seed)


async def bare(app: Application, kind: str, members: int, each: int) -> float:
    """Results a second from the engine alone."""

    async def member(number: int) -> None:
        for turn in range(each):
            asked = request(kind, number, turn)
            if isinstance(asked, AvatarRequest):
                assert isinstance(await app.host.run(text_to_image(asked, None)), Images)
            else:
                model, tone = app.bench.policy.text_model, captions.tone(asked.tone)
                moderator = app.bench.moderator
                await write(asked, tone, app.host, moderator, model, ModerationPolicy(), (), lambda _: None, 600)

    start = time.perf_counter()
    await asyncio.gather(*(member(number) for number in range(members)))
    return members * each / (time.perf_counter() - start)


async def whole(app: Application, kind: str, members: int, each: int) -> Figures:
    """The same through submit, queue, screens, store and delivery."""
    desk, lag, acknowledged = app.desk, list[float](), list[float]()

    async def ticks() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            lag.append((time.perf_counter() - before - 0.01) * 1000)

    async def member(number: int) -> None:
        origin = Origin(Platform.CONSOLE, f"member-{number}", "bench")
        for turn in range(each):
            before = time.perf_counter()
            outcome = await submit(request(kind, number, turn), origin, desk)
            acknowledged.append((time.perf_counter() - before) * 1000)
            assert isinstance(outcome, Accepted), outcome
            await follow(origin, outcome.job_id, desk.transactions, desk.events, lambda _: None)

    ticker = asyncio.create_task(ticks())
    start = time.perf_counter()
    await asyncio.gather(*(member(number) for number in range(members)))
    rate = members * each / (time.perf_counter() - start)
    ticker.cancel()
    return Figures(rate, lag, acknowledged)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def measure(kind: str, members: int, each: int, rounds: int, data_dir: Path) -> None:
    """Print the ratio and the waits for one kind of work."""
    lots = dict.fromkeys(Quota().member_day, 10**9)
    settings = Settings(data_dir=data_dir, quota=Quota(member_day=lots, member_minute=lots))
    await migrate(settings)
    async with (
        application(settings, patience=120) as app,
        in_background(app.loops([Terminal()])),
    ):
        await app.screens_loaded()
        await whole(app, kind, 2, 1)
        pairs = []
        for _ in range(rounds):
            engine = await bare(app, kind, members, each)
            pairs.append((engine, await whole(app, kind, members, each)))
    ratio = statistics.median(figures.rate / engine for engine, figures in pairs)
    lag = [tick for _, figures in pairs for tick in figures.lag]
    waits = [wait for _, figures in pairs for wait in figures.acknowledged]
    print(f"{kind}, {members} members x {each}, {rounds} rounds")
    print(f"  end to end / bare engine      {ratio:.2f}   (goal 0.9)")
    print(f"  event loop lag, median        {statistics.median(lag):.2f} ms   (goal below 5)")
    print(f"  submit to acknowledge, p99    {percentile(waits, 0.99):.0f} ms   (goal below 300)")


def main() -> None:
    """Measure pictures and captions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=["avatar", "caption", "both"], default="both")
    parser.add_argument("--data-dir", type=Path, help="a data folder with prepared models, to save their preparation")
    options = parser.parse_args()
    configure("warning", "console")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("avatar", "caption") if options.kind == "both" else (options.kind,):
            asyncio.run(measure(kind, options.members, options.each, options.rounds, options.data_dir or Path(folder)))


if __name__ == "__main__":
    main()
