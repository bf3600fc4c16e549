"""Rules: what words and shapes say by themselves, in every language at once (rules/*.toml). Pure.

A rule is data; en.toml explains the form. Everything is compiled once, and one expression over all
words sends most texts home before any single rule is tried.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bot.domain.moderation import Category, Signal
from bot.screening.normalise import View, Views, normalise, views

NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Finder:
    """Where a list of words (in any reading) or patterns (in the folded one) is met."""

    words: re.Pattern[str]
    patterns: re.Pattern[str]

    def spans(self, read: "Reading") -> Iterator[tuple[int, int]]:
        """Start and end, in the member's text, of every find."""
        for view in read.views:
            yield from (view.span(match) for match in self.words.finditer(view.text))
        yield from (read.folded.span(match) for match in self.patterns.finditer(read.folded.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of one text with the innocent phrases blanked out."""

    folded: View
    views: tuple[View, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Any find of `finder` is a signal; with `beside`, only together with one of those, near enough."""

    category: Category
    score: float
    finder: Finder
    beside: Finder | None = None
    within: int | None = None

    def evidence(self, read: Reading) -> str | None:
        """The member's words that meet this rule, or None."""
        for start, end in self.finder.spans(read):
            if self.beside is None:
                return read.source[start:end]
            for other_start, other_end in self.beside.spans(read):
                apart = max(other_start - end, start - other_end)
                if self.within is None or apart <= self.within:
                    return f"{read.source[start:end]} … {read.source[other_start:other_end]}"
        return None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one language."""

    language: str
    rules: tuple[Rule, ...]
    innocent: re.Pattern[str]
    suspicious: Finder

    def signals(self, read: Views) -> list[Signal]:
        """At most one signal a category, the one with the highest score."""
        whole = Reading(read.folded, (read.plain, *read.others), read.plain.source)
        if next(self.suspicious.spans(whole), None) is None:
            return []
        reading = Reading(self._blank(whole.folded), tuple(map(self._blank, whole.views)), whole.source)
        found: dict[Category, Signal] = {}
        for rule in self.rules:
            known = found.get(rule.category)
            if known is not None and known.score >= rule.score:
                continue
            evidence = rule.evidence(reading)
            if evidence is not None:
                found[rule.category] = Signal(rule.category, rule.score, f"rules:{self.language}", evidence)
        return list(found.values())

    def _blank(self, view: View) -> View:
        return View(self.innocent.sub(lambda match: " " * len(match[0]), view.text), view.origin, view.source)


def screen(text: str) -> tuple[str, list[Signal]]:
    """The plain reading of a text, and what the rules of every language see in it."""
    read = views(text)
    return read.plain.text, [signal for book in rule_books() for signal in book.signals(read)]


@functools.cache
def rule_books() -> tuple[RuleBook, ...]:
    """The rule books of all languages, compiled."""
    folder = resources.files("bot.screening") / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(compile_book(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files)


def compile_book(data: Mapping[str, Any]) -> RuleBook:
    """Compile one rule file; raises KeyError, ValueError or re.error when it is not one."""
    anywhere = data.get("anywhere", False)
    lists = {name: _finder([entry], anywhere) for name, entry in data.get("lists", {}).items()}
    rules = [Rule(Category(entry["category"]), entry["score"], _finder([entry], anywhere)) for entry in data["rule"]]
    rarer = []
    for entry in data.get("together", []):
        first, second = entry["all"]
        # Ages are everywhere, so it is the second list that has to make a text suspicious.
        rarer.append(data["lists"][second])
        within = entry.get("within")
        rules.append(Rule(Category(entry["category"]), entry["score"], lists[first], lists[second], within))
    suspicious = _finder([*data["rule"], *rarer], anywhere)
    return RuleBook(data["language"], tuple(rules), _any_word(data.get("innocent", []), anywhere), suspicious)


def _finder(entries: Sequence[Mapping[str, Any]], anywhere: bool) -> Finder:
    words = [word for entry in entries for word in entry.get("words", [])]
    patterns = [pattern for entry in entries for pattern in entry.get("patterns", [])]
    either = re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else NEVER
    return Finder(_any_word(words, anywhere), either)


def _any_word(words: Iterable[str], anywhere: bool) -> re.Pattern[str]:
    """One expression for many words, branching on the first letter first: ten times faster than one alternation."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=len, reverse=True):  # the longest find is the best evidence
        ending, word = ("", word) if not word.endswith("*") else (r"\w*", word[:-1])
        plain = normalise(word)
        by_first.setdefault(plain[0], []).append(_word(plain, anywhere) + ending)
    if not by_first:
        return NEVER
    branches = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(by_first.items()))
    return re.compile(f"(?:{branches})") if anywhere else re.compile(rf"(?<![^\W_])(?:{branches})(?![^\W_])")


def _word(word: str, anywhere: bool) -> str:
    """The expression for what follows the first letter: inner letters may be doubled or starred, gaps are any signs."""
    if anywhere:
        return re.escape(word[1:])
    parts = []
    for match in re.finditer(r"([^\W\d_])\1?|.", word):
        letters, last = match[0], match.end() == len(word)
        if match.start() == 0:
            letters = letters[1:] if len(letters) > 1 else letters + "?"
            parts.append(letters)
        elif letters[0].isalpha():
            sign = letters[0] if last or word[match.end()] == " " else f"[{letters[0]}*]"
            parts.append(sign + ("{2}" if len(letters) > 1 else "{1,2}"))
        else:
            parts.append({" ": r"[\W_]{1,4}", "'": "'?"}.get(letters, re.escape(letters)))
    return "".join(parts)
