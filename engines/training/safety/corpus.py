"""The sentences the text screen learns from and is measured on, read from data/.

A file is named after its labels ('harassment+violence.txt', 'benign.txt' for none, 'mild-sexual.txt' for
what only hints at it), its folder after the register, and holds one example a line; '#' starts a comment.
In data/train a line is a pattern: {a|b} are alternatives, <name> stands for any entry of
data/words/name.txt, and training draws a sample of what it can become. The other folders are written out.
"""

import functools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
HELD_OUT = ("development", "evaluation", "second-evaluation", "characters")
"""The parts that training never reads; whoever wrote the third had not seen the others."""
MILD = 0.25
"""What a mild example should score: above the ordinary ones, far below suspicion."""
_CHOICE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"<([a-z0-9]+)>")


@dataclass(frozen=True, slots=True)
class Example:
    """One text and the labels that apply to it, none for an ordinary one; `mild` when it only hints at them."""

    text: str
    labels: frozenset[str]
    mild: bool = False

    def target(self, label: str) -> float:
        """What the score of a label should be."""
        return float(label in self.labels) * (MILD if self.mild else 1.0)


def expand(pattern: str, rng: random.Random) -> str:
    """One of the texts a pattern stands for."""
    while True:
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), pattern)
        if text == pattern:
            break
        pattern = text
    return _NAME.sub(lambda match: rng.choice(words(match[1])), text)


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """The entries of data/words/`name`.txt."""
    return tuple(word for line in _lines(DATA / "words" / f"{name}.txt") for word in line.split("|"))


def read(folder: str, per_line: int = 1, seed: int = 0, least: int = 1) -> list[Example]:
    """Up to `per_line` different texts of each line of the files in data/`folder`, the same ones for the same seed.

    A line with fewer texts than `least` gives each of them `least` times: what was written one by one is worth more.
    """
    examples = []
    for path in sorted((DATA / folder).glob("*.txt")):
        name = path.stem.removeprefix("mild-")
        labels = frozenset(name.split("+")) - {"benign"}
        for index, line in enumerate(_lines(path)):
            rng = random.Random(f"{seed}/{path.name}/{index}")
            texts = sorted({expand(line, rng) for _ in range(per_line)})
            copies = least if len(texts) < least else 1
            examples += copies * [Example(text, labels, name != path.stem) for text in texts]
    return examples


def registers(part: str) -> list[str]:
    """The folders of data/`part`, such as 'train/prompts', by name."""
    return sorted(f"{part}/{path.name}" for path in (DATA / part).iterdir())


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
