"""How good captions are before and after the rules and the ranking: python -m benchmarks.captions_quality

    --topics 3        of each tone's seven (all without it)
    --tone funny      this one alone
    --keep FILE       write the raw candidates there, and with --again FILE judge them anew without the model
    --show            print every caption that a member would be shown: figures do not laugh, read them

Prints, by tone and for each rule, the share of raw candidates that break it; how many topics get all their
captions and how many only the fallback; how near to the topic the shown ones are, how many of those only repeat it
(cosine above 0.9, a measure that the rules do not use), and how different they are from each other.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot import captions
from bot.captions.repair import repair
from bot.captions.rules import SENTENCE_RULES, TEXT_RULES, faults
from engines.contract import Embeddings, Engine, EngineOptions, FeatureExtraction, Request, Result, Texts

COUNT = 3
"""Captions that a member asks for."""
SEED = 1
TOPICS = {
    "plain": [
        "my cat on the windowsill",
        "first day at a new job",
        "a walk by the sea",
        "homemade tomato soup",
        "moving to a smaller flat",
        "sunset hike with friends",
        "the old oak tree in our street",
    ],
    "funny": [
        "Monday mornings",
        "my burnt pancakes",
        "a parking ticket",
        "my code works and I don't know why",
        "trying to fold a fitted sheet",
        "a cat wearing a bow tie",
        "my grandfather learns to use emoji",
    ],
    "poetic": [
        "the moon over the lake",
        "my old guitar",
        "an empty train station",
        "spring after a long winter",
        "my mother's garden",
        "fireflies",
        "a letter that was never sent",
    ],
    "hype": [
        "new album out now",
        "our team is in the final",
        "pizza party on Friday",
        "launch of our indie game",
        "1000 members in our server",
        "finishing my degree",
        "the new skate park",
    ],
    "ad-copy": [
        "a coffee shop with board games",
        "reusable water bottle",
        "yoga classes for beginners",
        "a bookshop that is open at night",
        "noise cancelling headphones",
        "handmade ceramic mugs",
        "dog walking service",
    ],
    "news-brief": [
        "town plants a thousand trees",
        "zoo welcomes a baby panda",
        "museum finds a lost painting",
        "local team wins the cup",
        "heavy snow delays trains",
        "students build a solar car",
        "old cinema reopens after repairs",
    ],
    "story-opening": [
        "a clock that runs backwards",
        "the girl who collected shadows",
        "a letter from the future",
        "a dragon afraid of fire",
        "the night the sea went silent",
        "a detective with no memory",
        "a village on the back of a whale",
    ],
    "customer-reply": [
        "the delivery was late",
        "where is my refund?",
        "your staff were very friendly",
        "the jacket is too small",
        "I can't log in to my account",
        "my coffee was cold",
        "do you ship to Canada?",
    ],
    "announcement": [
        "the book club is moving to a new room",
        "game night every Thursday",
        "new emotes are here",
        "the website will be offline for an hour",
        "volunteers needed for the garden",
        "lost keys found near the entrance",
        "we are hiring a designer",
    ],
}


@dataclass(frozen=True)
class Written:
    """A topic's candidates as generated, with unit vectors of the topic and of each."""

    tone: str
    topic: str
    texts: Sequence[str]
    reasons: Sequence[str]
    vectors: Sequence[Sequence[float]]
    tokens: int
    seconds: float

    def shown(self) -> list[str]:
        """What `choose` lets through."""
        tone = captions.tone(self.tone)
        return captions.choose(self.texts, self.reasons, self.topic, tone, COUNT, self.vectors)

    def nearness(self, text: str) -> float:
        """Cosine of the candidate that `text` was repaired from, to the topic."""
        tone = captions.tone(self.tone)
        repaired = [repair(raw, reason, self.topic, tone) for raw, reason in zip(self.texts, self.reasons, strict=True)]
        return dot(self.vectors[0], self.vectors[1 + repaired.index(text)])


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def answer(engine: Engine, request: Request) -> Result:
    (result,) = engine.run([request], lambda index, progress: None, lambda index: False)
    if isinstance(result, Exception):
        raise result
    return result


def write(data_dir: Path, topics: int, only: str | None) -> Iterator[Written]:
    """Generate candidates for the first `topics` of every tone, or of `only` one; each request runs alone."""
    from engines.text.embedding import load as load_embedding
    from engines.text.engine import load

    options = EngineOptions(data_dir, device="cpu")
    writer, embedder = load(options), load_embedding(options)
    for key in [only] if only else list(TOPICS):
        for topic in TOPICS[key][:topics]:
            started = time.perf_counter()
            texts = answer(writer, captions.build(topic, captions.tone(key), COUNT, SEED))
            seconds = time.perf_counter() - started
            assert isinstance(texts, Texts)
            vectors = answer(embedder, FeatureExtraction((topic, *texts.texts)))
            assert isinstance(vectors, Embeddings)
            yield Written(key, topic, texts.texts, texts.finish_reasons, vectors.vectors, texts.tokens, seconds)


def distinct(texts: Iterable[str], length: int) -> float:
    """The share of n-grams that are different from all others (Li et al. 2016, arXiv:1510.03055)."""
    grams: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        said = text.casefold().split()
        grams.update(tuple(said[start : start + length]) for start in range(len(said) - length + 1))
    return len(grams) / max(1, grams.total())


def table(written: Sequence[Written]) -> str:
    """The figures, as Markdown: a row a tone, and one for all."""
    rules = [*SENTENCE_RULES, *TEXT_RULES]
    head = ["tone", "candidates", "sound", *rules, "topics with 3", "fallbacks", "nearness", "repeats", "distinct-2"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in [*dict.fromkeys(one.tone for one in written), "all"]:
        some = [one for one in written if name in (one.tone, "all")]
        broken: Counter[str] = Counter()
        candidates = sound = 0
        for one in some:
            tone = captions.tone(one.tone)
            for text, reason in zip(one.texts, one.reasons, strict=True):
                candidates += 1
                broken.update(faults(text, one.topic, tone))  # as the model wrote it
                sound += not faults(repair(text, reason, one.topic, tone), one.topic, tone)
        shown = [one.shown() for one in some]
        near = [one.nearness(text) for one, texts in zip(some, shown, strict=True) for text in texts]
        cells = [name, str(candidates), f"{sound / candidates:.0%}"]
        cells += [f"{broken[rule] / candidates:.0%}" for rule in rules]
        cells += [
            f"{sum(len(texts) == COUNT for texts in shown)} of {len(some)}",
            str(sum(not texts for texts in shown)),
        ]
        cells += [
            f"{sum(near) / max(1, len(near)):.2f}",
            f"{sum(value > 0.9 for value in near) / max(1, len(near)):.0%}",
        ]
        cells += [f"{distinct((text for texts in shown for text in texts), 2):.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--topics", type=int, default=7)
    parser.add_argument("--tone", choices=TOPICS)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if options.again:
        written = [Written(**fields) for fields in json.loads(options.again.read_text())]
    else:
        written = []
        for one in write(options.data_dir, options.topics, options.tone):
            written.append(one)
            if options.keep:
                options.keep.write_text(json.dumps([asdict(each) for each in written]))
    for one in written if options.show else ():
        print(f"{one.tone}: {one.topic}")
        for text in one.shown() or [f"(fallback) {captions.fallback(one.topic, captions.tone(one.tone))}"]:
            print(f"    {text}")
    print(table(written))
    seconds = sum(one.seconds for one in written)
    print(f"\n{sum(one.tokens for one in written) / seconds:.0f} tokens/s; {seconds / len(written):.1f} s a request")


if __name__ == "__main__":
    main()
