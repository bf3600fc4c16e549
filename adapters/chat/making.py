"""Buttons that make something anew from what is there: the same on every platform, from what the button carries."""

from collections.abc import Awaitable, Callable, Mapping

from adapters.chat.payload import Press
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.usecases import remake
from bot.usecases.submit import Desk

Maker = Callable[[Press, Origin, Desk], Awaitable[Outcome]]


def _again(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.again(press.target, origin, desk)


def _shorter(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.in_length(press.target, False, origin, desk)


def _longer(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.in_length(press.target, True, origin, desk)


def _tone(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.in_tone(press.target, press.extra, origin, desk)


def _variations(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.variations(press.target, origin, desk)


MAKERS: Mapping[str, Maker] = {
    "again": _again,
    "another": _again,
    "longer": _longer,
    "shorter": _shorter,
    "tone": _tone,
    "variations": _variations,
}
"""What a press of each kind asks for; `target` is the job or picture, `extra` the tone that was chosen."""
