"""Message ids to sentences. A translator is a value: whoever speaks to a member is given theirs.

Catalogues are gettext files, `locales/<locale>/LC_MESSAGES/huashen.po`, read directly so that no build step is
needed. To add a language: copy the English file into a folder of its own, translate, run `make test`.

Two conventions keep sentences out of the code:
- `msgid_plural` names the argument that is counted: `msgid "done-avatar"`, `msgid_plural "n"`.
- an argument whose value has a sentence of its own, `<argument>-<value>`, is translated too: `category="hate"`
  reads as `category-hate`.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import cast

from babel.core import Locale, UnknownLocaleError, get_global
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.errors import Argument, Reason

LOCALES = Path(__file__).with_name("locales")
FALLBACK = "en"


class _Arguments(dict[str, Argument]):
    def __missing__(self, key: str) -> str:
        # A sentence with a hole is better than no sentence; the tests find the hole.
        return f"{{{key}}}"


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one locale; what it does not know it says in English, and then as the bare id."""

    locale: str
    catalogues: tuple[GNUTranslations, ...]
    counted: Mapping[str, str]
    """Message id -> the argument that decides its plural form."""

    @property
    def language_tag(self) -> str:
        """The locale as HTML and HTTP write it: zh-CN."""
        return self.locale.replace("_", "-")

    def knows(self, message: str) -> bool:
        """Whether a message id has a sentence."""
        return self._lookup(message, {}) is not None

    def text(self, message: Reason | str, **arguments: Argument) -> str:
        """The sentence for a reason, or for a message id and its arguments."""
        if isinstance(message, Reason):
            arguments = {**message.values(), **arguments}
            message = message.message
        sentence = self._lookup(message, arguments)
        if sentence is None:
            return message
        return sentence.format_map(_Arguments({key: self._value(key, value) for key, value in arguments.items()}))

    def _value(self, name: str, value: Argument) -> Argument:
        if isinstance(value, str):
            return self._lookup(f"{name}-{value}", {}) or value
        return value

    def _lookup(self, message: str, arguments: Mapping[str, Argument]) -> str | None:
        number = arguments.get(self.counted.get(message, ""), 1)
        for catalogue in self.catalogues:
            if message in self.counted:
                sentence = catalogue.ngettext(message, message, int(number))
            else:
                sentence = catalogue.gettext(message)
            if sentence != message:
                return sentence
        return None


@lru_cache(256)
def translator(locale: str) -> Translator:
    """The translator for a locale such as 'zh_CN', 'zh-Hans' or 'de-AT', English where there is none."""
    best = _closest([locale.replace("-", "_")])
    wanted = (best,) if best == FALLBACK else (best, FALLBACK)
    catalogues = tuple(_compiled(name) for name in wanted)
    return Translator(best, catalogues, _counted())


def negotiate(accept_language: str) -> str:
    """The locale that suits an Accept-Language header best."""
    wanted = []
    for part in accept_language.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), tag.replace("-", "_")))
        except ValueError:
            continue
    return _closest([tag for _, tag in sorted(wanted, key=lambda pair: pair[0])])


@cache
def locales() -> tuple[str, ...]:
    """The locales that have a catalogue, English first."""
    found = {path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/huashen.po")}
    return (FALLBACK, *sorted(found - {FALLBACK}))


def language_name(locale: str) -> str:
    """A language in its own words: Deutsch, 简体中文."""
    return Locale.parse(locale).get_display_name() or locale


@cache
def catalogue(locale: str) -> Catalog:
    """A locale's catalogue as its translator wrote it."""
    with (LOCALES / locale / "LC_MESSAGES" / "huashen.po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


@cache
def _compiled(locale: str) -> GNUTranslations:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue(locale))
    buffer.seek(0)
    return GNUTranslations(buffer)


@cache
def _counted() -> dict[str, str]:
    return {message.id[0]: message.id[1] for message in catalogue(FALLBACK) if isinstance(message.id, tuple)}


def _closest(wanted: list[str]) -> str:
    """The first wanted locale that we have; another region of the same language and script will do."""
    for tag in wanted:
        for name in locales():
            if name.lower() == tag.lower():
                return name
        written = _written(tag)
        for name in locales():
            if written and written == _written(name):
                return name
    return FALLBACK


@cache
def _known_scripts() -> Mapping[str, str]:
    return cast(Mapping[str, str], get_global("likely_subtags"))


@lru_cache(maxsize=512)
def _written(tag: str) -> tuple[str, str] | None:
    """Language and script: zh_TW is Chinese in Hant, zh and zh_SG are Chinese in Hans."""
    try:
        locale = Locale.parse(tag)
    except (ValueError, UnknownLocaleError):
        return None
    script = locale.script
    if script is None:
        likely = _known_scripts().get(locale.language, "").split("_")
        script = likely[1] if len(likely) > 1 else ""
    return locale.language, script
