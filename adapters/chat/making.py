"""Buttons that make something anew from what is there: the same on every platform, from what the button carries."""

from collections.abc import Awaitable, Callable, Mapping

from adapters.chat.payload import Press
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.usecases import remake
from bot.usecases.submit import Desk

BEGINNING = 16
"""Characters of an id: nobody has two pictures whose ids begin with the same ones."""
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


def _upscale(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.upscale(press.target, origin, desk)


def _refine(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.refine(press.target, origin, desk)


def _mixed(press: Press, origin: Origin, desk: Desk) -> Awaitable[Outcome]:
    return remake.mix(press.target, press.extra, origin, desk)


MAKERS: Mapping[str, Maker] = {
    "again": _again,
    "another": _again,
    "longer": _longer,
    "mixed": _mixed,
    "refine": _refine,
    "shorter": _shorter,
    "tone": _tone,
    "upscale": _upscale,
    "variations": _variations,
}
"""What a press of each kind asks for; `target` is the job or picture, `extra` the tone that was chosen.

For 'mixed' `extra` is the beginning of the second picture's id (BEGINNING), for two whole ids are too long.
"""
