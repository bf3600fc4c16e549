"""Jinja templates with what all of them need. Escaping is always on: a prompt is words, never markup."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.actions import ActionKind
from adapters.commandline import COMMANDS
from adapters.presentation import Choice, named
from adapters.voices import own_choice
from adapters.web.visitor import Visitor
from bot.domain.errors import Argument, Reason
from bot.domain.requests import Length, prompt_of
from bot.domain.studio import SCALES
from bot.i18n import Translator

HERE = Path(__file__).parent
STATIC = HERE / "static"
SERVED = frozenset(ActionKind) - {
    ActionKind.CROP,
    ActionKind.REPORT,
    ActionKind.WHY,
    ActionKind.APPEAL,
    ActionKind.VOICE,
}
"""What the page draws a button for: the viewer shows the crops anyway, and nobody sees another member's pictures."""


class Renderer:
    """Renders pages and fragments for one visitor; holds no state of theirs."""

    def __init__(self, styles: tuple[Choice, ...], tones: tuple[Choice, ...], channel: str) -> None:
        self._choices = {"style": styles, "tone": tones}
        self._names = {"style": styles, "tone": (*tones, own_choice())}
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            asset=asset, icon=icon, commands=COMMANDS, choices=self._choices, channel=channel, moment=_moment
        )
        self._environment.globals.update(
            lengths=tuple(Length), served=SERVED, scales=SCALES, words_of=lambda job: prompt_of(job.request)
        )

    def page(self, template: str, visitor: Visitor, **context: Any) -> str:
        """A template for a signed-in member."""
        return self.stranger(template, visitor.translator, me=visitor, **context)

    def stranger(self, template: str, translator: Translator, **context: Any) -> str:
        """A template for somebody who is not signed in."""

        def say(reason: Reason) -> str:
            return translator.text(named(reason, self._names, translator.locale))

        def say_value(name: str, value: Argument) -> str:
            if translator.knows(f"{name}-{value}"):
                return translator.text(f"{name}-{value}")
            named_value = named(Reason.of("", **{name: value}), self._names, translator.locale)
            return str(named_value.values()[name])

        return self._environment.get_template(template).render(
            **{"away": False, "bare": False} | context,
            t=translator.text,
            say=say,
            say_value=say_value,
            locale=translator.locale,
            language=translator.language_tag,
        )


def _versions() -> Mapping[str, str]:
    files = (path for path in STATIC.rglob("*") if path.is_file())
    return {path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}


_VERSIONS = _versions()


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it for ever."""
    return f"/static/{name}?v={_VERSIONS[name]}"


def icon(name: str) -> Markup:
    """One symbol of the icon sheet, hidden from screen readers: the words beside it are for them."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        asset("icons.svg"), name
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
