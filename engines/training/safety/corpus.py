"""The sentences the text screen learns from and is measured on, read from data/.

A file is named after its labels ('harassment+violence.txt', 'benign.txt' for none) and holds one
sentence a line; '#' starts a comment. In data/train, {a|b} are alternatives, and each line stands
for a sample of its expansions. data/development was written separately, in other words, to choose
the recipe by; data/evaluation later still, and nothing was chosen by it.
"""

import itertools
import random
import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and the labels that apply to it; none for an ordinary sentence."""

    text: str
    labels: frozenset[str]


def expansions(line: str) -> list[str]:
    """Every sentence a line stands for: 'a {b|c}' -> ['a b', 'a c']."""
    parts = _CHOICE.split(line)  # literal, alternatives, literal, ...
    options = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*options)]


def read(folder: str, per_line: int = 1, seed: int = 0) -> list[Example]:
    """Up to `per_line` expansions of each line of data/`folder`, the same ones for the same seed."""
    rng = random.Random(seed)
    examples = []
    for path in sorted((DATA / folder).glob("*.txt")):
        labels = frozenset(path.stem.split("+")) - {"benign"}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                sentences = expansions(line)
                chosen = rng.sample(sentences, min(per_line, len(sentences)))
                examples += [Example(text, labels) for text in chosen]
    return examples


def styles(name: str) -> list[str]:
    """The style phrases of data/styles/`name`.txt."""
    lines = (DATA / "styles" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def dress(examples: list[Example], phrases: list[str], copies: int, seed: int = 0) -> list[Example]:
    """Each example as it is, and `copies` times with style phrases or ordinary words around it.

    Labels stay: what surrounds an example never makes it better or worse.
    """
    rng = random.Random(seed)
    ordinary = [example.text for example in examples if not example.labels]
    dressed = list(examples)
    for example in examples:
        for _ in range(copies):
            around = rng.sample(phrases, rng.randint(0, 3))
            if rng.random() < 0.3:
                around.append(rng.choice(ordinary))
            parts = [*around, example.text] if rng.random() < 0.3 else [example.text, *around]
            if rng.random() < 0.3:
                rng.shuffle(parts)
            dressed.append(Example(rng.choice((", ", ", ", ". ")).join(parts), example.labels))
    return dressed
