"""A Reply in words, line by line; how a line is set off from the next is each platform's `Markup`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

from adapters.actions import ActionKind
from adapters.presentation import Choice, Mood, Reply, named
from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Job
from bot.domain.requests import prompt_of
from bot.i18n import Translator, translator

QUOTE_LIMIT = 300
"""Characters of a member's words that are shown again."""
DEFAULT_LIMIT = 10 * 1024 * 1024
"""Bytes of a picture that every platform takes everywhere."""
SIGNS = {
    Mood.WAITING: "⏳",
    Mood.WORKING: "🎨",
    Mood.DONE: "✨",
    Mood.HELD: "🔎",
    Mood.REFUSED: "🚫",
    Mood.STOPPED: "⏹️",
}
SYMBOLS = {
    ActionKind.AGAIN: "🔁",
    ActionKind.ANOTHER: "🔁",
    ActionKind.TONE: "🎭",
    ActionKind.EDIT: "✏️",
    ActionKind.VARIATIONS: "🎲",
    ActionKind.CHOOSE: "💖",
    ActionKind.REFINE: "🪄",
    ActionKind.UPSCALE: "🔍",
    ActionKind.RESTYLE: "🖌️",
    ActionKind.MIX: "🧬",
    ActionKind.MORPH: "🎞️",
    ActionKind.FAMILY: "🌳",
    ActionKind.BASE: "🖼️",
    ActionKind.DOWNLOAD: "⬇️",
    ActionKind.CROP: "⭕",
    ActionKind.REPORT: "🚩",
    ActionKind.DELETE: "🗑️",
    ActionKind.CANCEL: "⏹️",
    ActionKind.SHORTER: "➖",
    ActionKind.LONGER: "➕",
    ActionKind.WHY: "❔",
    ActionKind.VOICE: "🗣️",
    ActionKind.APPEAL: "⚖️",
}
"""What stands before the name of each action."""

Choices = Mapping[str, tuple[Choice, ...]]
"""Styles and tones by argument name."""


class Markup(Protocol):
    """How a platform sets words off. What it answers is markup; what it is given is not, unless it says so."""

    def plain(self, text: str) -> str:
        """Our own words."""
        ...

    def inert(self, text: str) -> str:
        """A stranger's words without life: they call nobody, format nothing, link nowhere, and stay on one line."""
        ...

    def quote(self, text: str) -> str:
        """A line of a stranger's words, set off as a quotation."""
        ...

    def strong(self, text: str) -> str:
        """Our own words, in bold."""
        ...

    def small(self, text: str) -> str:
        """Words beside the matter; may hold a stranger's."""
        ...

    def copyable(self, number: int, text: str) -> str:
        """A caption, easy to copy."""
        ...

    def person(self, user_id: str, name: str = "") -> str:
        """A member of the platform, by name where it is known."""
        ...

    def moment(self, seconds: float) -> str:
        """A moment (seconds since 1970) as a person reads it."""
        ...

    def link(self, origin: Origin) -> str:
        """The address of a message; empty where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Style:
    """How to write a message: in whose words, with which names for styles and tones, under which limits."""

    words: Translator
    choices: Choices
    spoiler: bool = False
    size_limit: int = DEFAULT_LIMIT

    @classmethod
    def under(cls, rules: CommunityRules, origin: Origin, choices: Choices, size_limit: int = DEFAULT_LIMIT) -> Self:
        """For a member, at a place, as the community's rules want it."""
        spoiler = rules.age_policy is AgePolicy.SPOILER and not origin.age_restricted
        return cls(translator(origin.locale), choices, spoiler, size_limit)

    def covering(self, *jobs: Job | None) -> Self:
        """For what these jobs made: covered when the screens want one of it covered, whatever the rules say."""
        return replace(self, spoiler=self.spoiler or any(job is not None and job.covered for job in jobs))

    def text(self, reason: Reason) -> str:
        """A sentence with styles and tones by their names."""
        return self.words.text(named(reason, self.choices, self.words.locale))


def lines(reply: Reply, style: Style, markup: Markup, job: Job | None = None) -> list[str]:
    """The whole answer in words; `job` lends the words to quote.

    Words that the screens held or moderators refused are not said again to everybody; what was stopped or expired
    may have been held before.
    """
    quiet = reply.mood in (Mood.HELD, Mood.REFUSED, Mood.STOPPED)
    words = job is not None and prompt_of(job.request)
    said = [quoted(job, markup)] if job and words and (job.request.private or not quiet) else []
    said.append(markup.plain(f"{SIGNS[reply.mood]} {style.text(reply.message)}"))
    said += [markup.plain(style.text(note)) for note in reply.notes]
    said += [markup.copyable(number, text) for number, text in enumerate(reply.texts, 1) if text]
    if reply.facts:
        said.append(markup.small(" · ".join(style.text(fact) for fact in reply.facts)))
    return said


def quoted(job: Job, markup: Markup) -> str:
    """What a member asked for, harmless, at a length that fits."""
    return markup.quote(clip(prompt_of(job.request), QUOTE_LIMIT))


def clip(text: str, limit: int) -> str:
    """At most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def naming(sentence: str, person: str, words: Translator, markup: Markup, argument: str = "member") -> str:
    """A sentence of ours about somebody, who is markup already, where it names them as `argument`."""
    before, _, after = words.text(Reason.of(sentence, **{argument: "\0"})).partition("\0")
    return markup.plain(before) + person + markup.plain(after)


def account(by: str, here: Platform, markup: Markup, name: str = "") -> str:
    """Whoever did something, written down as 'platform:id', as this platform knows them."""
    platform, _, user_id = by.rpartition(":")
    return markup.person(user_id, name) if platform == here.value else markup.inert(by)
