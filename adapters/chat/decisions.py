"""What an owner can decide for a community by choosing from what there is: how each decision reads, and what is chosen.

To add one: its field in bot/domain/community.py, a row in DECISIONS, `set-<name>` and `set-<name>-help` in bot/locales.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.chat.deps import ChatDeps
from adapters.presentation import Choice
from adapters.voices import tones_on_offer
from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.identity import Role
from bot.i18n import Translator, language_name, locales

NONE = "-"
"""Stands for no choice: a menu's values may not be empty."""
GRANTED = (Role.MEMBER, Role.TRUSTED, Role.MODERATOR)
"""Roles whose quota a community sets; its owner has what the machine's owner gives."""


class Ground(Protocol):
    """Where something is decided: the rules as they are, and the language in which they are read."""

    rules: CommunityRules

    @property
    def deps(self) -> ChatDeps:
        """What the adapter was given."""
        ...

    @property
    def words(self) -> Translator:
        """The language of whoever decides."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice among `offered`: `several` of them, where none means all, or one, where NONE may be among them."""

    field: str
    offered: Callable[[Ground], Iterable[Choice]]
    several: bool = False
    made: Callable[[str], Any] = str
    """The chosen key as the rules have it."""

    def chosen(self, ground: Ground) -> frozenset[str]:
        """The keys that are chosen now."""
        value = getattr(ground.rules, self.field)
        return frozenset(value) if self.several else frozenset({str(value or NONE)})

    def read(self, ground: Ground) -> str:
        """The choice in words."""
        chosen, locale = self.chosen(ground), ground.words.locale
        labels = [choice.label(locale) for choice in self.offered(ground) if choice.key in chosen]
        return ", ".join(labels) or (ground.words.text("all") if self.several else NONE)

    def value(self, keys: Sequence[str]) -> Any:
        """What the rules hold when these are chosen."""
        if self.several:
            return frozenset(keys)
        return None if keys[0] == NONE else self.made(keys[0])


def named(ground: Ground, key: str, message: str) -> Choice:
    """A choice whose name is a sentence of the catalogues, in the language of whoever decides."""
    return Choice(key, {ground.words.locale: ground.words.text(message)})


def quotas(ground: Ground) -> dict[Role, int]:
    """Units a day by role, as the community grants them."""
    machine = ground.deps.desk.policy.quota.member_day
    return {role: min(machine[role], ground.rules.member_day.get(role, machine[role])) for role in GRANTED}


def quota_text(ground: Ground) -> str:
    """The same in words."""
    return ", ".join(f"{ground.words.text(f'role-{role.value}')} {units}" for role, units in quotas(ground).items())


def _styles(ground: Ground) -> list[Choice]:
    return [style for style in ground.deps.styles if ground.rules.offers_style(style.key)]


def _tones(ground: Ground) -> list[Choice]:
    return tones_on_offer(ground.deps.tones, ground.rules)


def _default_styles(ground: Ground) -> list[Choice]:
    return [named(ground, NONE, "style-none"), *_styles(ground)]


def _models(ground: Ground) -> list[Choice]:
    names = dict.fromkeys(name for names in ground.deps.models.values() for name in names)
    return [Choice(name, {}) for name in names]


def _age_policies(ground: Ground) -> list[Choice]:
    return [named(ground, policy.value, f"age-policy-{policy.value}") for policy in AgePolicy]


def _languages(ground: Ground) -> list[Choice]:
    own = named(ground, NONE, "own-language")
    return [own, *(Choice(locale, {"en": language_name(locale)}) for locale in locales())]


DECISIONS = {
    decision.field: decision
    for decision in (
        Decision("styles", lambda ground: ground.deps.styles, several=True),
        Decision("default_style", _default_styles),
        Decision("tones", lambda ground: ground.deps.tones, several=True),
        Decision("default_tone", _tones),
        Decision("models", _models, several=True),
        Decision("age_policy", _age_policies, made=AgePolicy),
        Decision("language", _languages),
    )
}
