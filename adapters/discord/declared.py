"""How a slash command is declared: names in every language, where it is offered, what its options may hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from discord import app_commands
from discord.app_commands import Choice, Range

from adapters.discord.said import said
from adapters.discord.turn import Turn
from adapters.presentation import Choice as Offered
from bot.domain.request_parts import CANDIDATES_LIMIT
from bot.domain.requests import COUNT_LIMIT, PROMPT_LIMIT, SEED_LIMIT

SUGGESTIONS = 25
"""Choices that Discord shows at most."""
Words = Range[str, 1, PROMPT_LIMIT]
Name = Range[str, 1, 100]
"""A picture of the gallery, by what `choosing` suggests, its number, or the beginning of its id."""
Code = Range[str, 1, 40]
Count = Range[int, 1, COUNT_LIMIT]
Candidates = Range[int, 1, CANDIDATES_LIMIT]
Seed = Range[int, 0, SEED_LIMIT]
Strength = Range[float, 0.05, 1.0]
Share = Range[float, 0.0, 1.0]
C = TypeVar("C")


def command(
    name: str,
    *options: str,
    guild_only: bool = False,
    needs: str | None = None,
    about: Mapping[str, str] | None = None,
) -> Callable[[Any], Any]:
    """A slash command with its name, options and descriptions in every language, for those who have `needs`.

    An option is said as `discord-name-<option>` and `discord-about-<option>`, or as what `about` has for it; a digit at
    its end tells options of one name apart.
    """
    install = app_commands.allowed_installs(guilds=True, users=not guild_only)
    contexts = app_commands.allowed_contexts(guilds=True, dms=not guild_only, private_channels=not guild_only)
    explained = about or {}

    def decorate(function: Any) -> Any:
        named, described = {}, {}
        for option in options:
            stem, number = _stem(option)
            named[option] = said(f"discord-name-{stem}", number)
            described[option] = said(f"discord-about-{explained.get(option, stem)}")
        if options:
            function = app_commands.rename(**named)(app_commands.describe(**described)(function))
        if needs:
            function = app_commands.default_permissions(**{needs: True})(function)
        made = app_commands.command(name=said(f"discord-name-{name}"), description=said(f"command-{name}"))
        return contexts(install(made(function)))

    return decorate


def _stem(option: str) -> tuple[str, str]:
    """What names it in the catalogues, and the number that follows."""
    stem = option.rstrip("0123456789_")
    return stem.replace("_", "-"), option[len(stem) :].strip("_")


def suggest(offered: Sequence[Offered], turn: Turn, current: str) -> list[Choice[str]]:
    """Those whose name or key holds what was typed so far."""
    sought, locale = current.casefold(), turn.words.locale
    found = [choice for choice in offered if sought in choice.label(locale).casefold() or sought in choice.key]
    return [Choice(name=choice.label(locale), value=choice.key) for choice in found[:SUGGESTIONS]]


def key(offered: Sequence[Offered], typed: str | None, turn: Turn) -> str | None:
    """What was typed as the key it names: who takes no suggestion types the name that they see."""
    if typed is None:
        return None
    locale, sought = turn.words.locale, typed.strip().casefold()
    return next((choice.key for choice in offered if choice.label(locale).casefold() == sought), typed)


def given(**options: object) -> dict[str, str]:
    """Options as a typed line would give them, so that one place checks them all."""
    return {name: str(value) for name, value in options.items() if value is not None}
