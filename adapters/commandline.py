"""Pure: `/avatar a knight --style pixel --seed 7` to a request.

The console and Telegram read such lines; the web form fills the same options and shares `build`.

To add an option: a row in OPTIONS, its field in `build`, and `option-<name>` in bot/locales.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import zip_longest
from typing import Any

from bot.domain.errors import InvalidRequest
from bot.domain.jobs import kind_of
from bot.domain.requests import (
    AvatarRequest,
    CaptionRequest,
    Length,
    MemberRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    Source,
    UpscaleRequest,
)

COMMANDS = ("avatar", "caption", "mix", "morph", "restyle", "upscale", "find", "gallery", "quota", "link", "help")
"""What a member can type, in the order in which menus show it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One `--name value`: the request's field it fills, how its text is read, and which commands take it."""

    name: str
    target: str
    read: Callable[[str, str], Any]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A typed line taken apart; `name` is '' when it did not begin with a slash."""

    name: str
    text: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """The styles and tones that may be named, and by command the models."""

    styles: Collection[str]
    tones: Collection[str]
    models: Mapping[str, Collection[str]] = field(default_factory=dict)


def _words(_name: str, value: str) -> str:
    return value


def whole(name: str, value: str) -> int:
    """A whole number; InvalidRequest that names what it should have been."""
    try:
        return int(value)
    except ValueError:
        raise InvalidRequest("not-a-number", name=name, value=value[:40]) from None


def _number(name: str, value: str) -> float:
    try:
        # '0,6' is how half of Europe writes it.
        return float(value.replace(",", "."))
    except ValueError:
        raise InvalidRequest("not-a-number", name=name, value=value[:40]) from None


def share(name: str, value: str) -> float | None:
    """How far a slider was moved; None below zero, where it leaves the matter to chance."""
    return None if not value or value.startswith("-") else _number(name, value)


def _length(_name: str, value: str) -> Length:
    return Length.of(value.lower())


_BOTH = ("avatar", "caption")
_SEEDED = (*_BOTH, "mix", "restyle")
OPTIONS = {
    option.name: option
    for option in (
        Option("style", "style", _words, ("avatar", "restyle")),
        Option("tone", "tone", _words, ("caption",)),
        Option("length", "length", _length, ("caption",)),
        Option("count", "count", whole, _BOTH),
        Option("seed", "seed", whole, _SEEDED),
        Option("steps", "num_inference_steps", whole, ("avatar",)),
        Option("guidance", "guidance_scale", _number, ("avatar",)),
        Option("strength", "strength", _number, ("avatar", "restyle")),
        Option("negative", "negative_prompt", _words, ("avatar",)),
        Option("model", "model", _words, _BOTH),
        Option("wildness", "wildness", _number, ("avatar",)),
        Option("candidates", "candidates", whole, ("avatar",)),
        Option("picture", "base", _words, _BOTH),
        Option("coarse", "coarse", _number, ("mix",)),
        Option("middle", "middle", _number, ("mix",)),
        Option("fine", "fine", _number, ("mix",)),
        Option("scale", "scale", whole, ("upscale",)),
    )
}

# Phones turn two hyphens into a dash, so a dash right before a letter counts as two hyphens.
_FLAG = re.compile(r"(?:^|(?<=\s))(?:--|[\u2013\u2014])([A-Za-z]+)(?:=|\s+|$)")
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u300c": "\u300d"}


def parse(line: str) -> CommandLine:
    """Take a line apart; InvalidRequest names what is not understood. An apostrophe is a letter, not a quote."""
    line = line.strip()
    name = ""
    if line.startswith("/"):
        word, _, line = line[1:].partition(" ")
        # Telegram's groups write /avatar@TheBot.
        name = word.partition("@")[0].lower()
        if name not in COMMANDS:
            raise InvalidRequest("command-unknown", command=f"/{name[:40]}")
    flags = list(_FLAG.finditer(line))
    words = [line[: flags[0].start()] if flags else line]
    options: dict[str, str] = {}
    for flag, following in zip_longest(flags, flags[1:]):
        key = flag[1].lower()
        value = line[flag.end() : following.start() if following else len(line)].strip()
        if key not in OPTIONS:
            raise InvalidRequest("option-unknown", option=f"--{key[:40]}")
        options[key], rest = _split(value, OPTIONS[key])
        words.append(rest)
    return CommandLine(name, " ".join(part.strip() for part in words if part.strip()), options)


def _split(value: str, option: Option) -> tuple[str, str]:
    """An option's value and the words after it; words take everything unless they are quoted."""
    closing = _QUOTES.get(value[:1])
    if closing and (end := value.find(closing, 1)) > 0:
        return value[1:end], value[end + 1 :].strip()
    if option.name == "negative":
        return value, ""
    first, _, rest = value.partition(" ")
    return first, rest.strip()


def picture_names(line: CommandLine, sent: int = 0) -> tuple[tuple[str, ...], str]:
    """Which words of a line name pictures, and the words that are left, where `sent` pictures came along.

    `/mix 1 3`: numbers in the gallery, or beginnings of ids. `/restyle 2 a knight --style pixel` names one picture, for
    the style says the rest; without a style, the second one is the manner.
    """
    words = line.text.split()
    match line.name:
        case "mix" | "morph" | "upscale":
            return tuple(words), ""
        case "restyle":
            named = max(0, (1 if line.options.get("style") else 2) - sent)
            return tuple(words[:named]), " ".join(words[named:])
    return (), line.text


def build(
    command: str,
    text: str,
    options: Mapping[str, str],
    offer: Offer,
    image: bytes | None = None,
    pictures: Sequence[Source] = (),
) -> MemberRequest:
    """A valid request, or InvalidRequest with the sentence that says what to change. Empty values mean 'not given'.

    `image` was sent along, and goes before the `pictures`; the option 'picture' holds the id of the member's own.
    """
    given: dict[str, Any] = {}
    for name, value in options.items():
        if not value:
            continue
        option = OPTIONS[name]
        if command not in option.commands:
            raise InvalidRequest("option-elsewhere", option=f"--{name}", command=f"/{command}")
        given[option.target] = option.read(name, value)
    if (model := given.get("model")) is not None and model not in offer.models.get(command, ()):
        raise InvalidRequest("model-not-offered", model=model[:100])
    _offered("tone", given.get("tone"), offer.tones)
    _offered("style", given.get("style"), offer.styles)
    all_pictures = ((Source(image=image),) if image is not None else ()) + tuple(pictures)
    match command:
        case "caption":
            return CaptionRequest(text, image=image, **given)
        case "mix":
            first, second = _pictures(command, all_pictures, 2, 2)
            return MixRequest(first, second, **given)
        case "morph":
            return MorphRequest(all_pictures, **given)
        case "upscale":
            (picture,) = _pictures(command, all_pictures, 1, 1)
            return UpscaleRequest(picture, **given)
        case "restyle":
            picture, *manner = _pictures(command, all_pictures, 1, 2)
            return RestyleRequest(picture, manner=manner[0] if manner else None, prompt=text, **given)
    return AvatarRequest(text, image=image, **given)


def _pictures(command: str, pictures: tuple[Source, ...], low: int, high: int) -> tuple[Source, ...]:
    if not low <= len(pictures) <= high:
        needed = str(low) if low == high else f"{low}\u2013{high}"
        raise InvalidRequest("pictures-needed", command=f"/{command}", needed=needed)
    return pictures


def _offered(kind: str, value: str | None, known: Collection[str]) -> None:
    if value is not None and value not in known:
        raise InvalidRequest(f"{kind}-unknown", **{kind: value[:40], "known": ", ".join(known)})


def options_of(request: MemberRequest) -> dict[str, str]:
    """The options that differ from their defaults, as a member would type them; pictures are none of them."""
    command = kind_of(request)
    defaults = {field.name: field.default for field in fields(request)}
    values = {
        option.name: (getattr(request, option.target), defaults[option.target])
        for option in OPTIONS.values()
        if command in option.commands and option.target != "base"
    }
    return {name: str(value) for name, (value, default) in values.items() if value != default}
