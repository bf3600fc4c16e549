"""Pure but for the picture: a mix's children as one picture, with a number for each, and what to breed next.

How much shall come from the second parent is carried by the buttons themselves, so that they work after any restart.
"""

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton as Button

from adapters import pictures
from adapters.actions import ActionKind
from adapters.chat.payload import Press, pack, unpack
from adapters.chat.wording import SYMBOLS, Style
from adapters.presentation import Attachment
from adapters.telegram.page import MARKUP, Keyboard, Page, Photo, in_rows
from bot.domain.errors import InvalidRequest
from bot.domain.jobs import Job
from bot.domain.requests import MixRequest
from bot.i18n import Translator

Shares = Mapping[str, float | None]
"""How much comes from the second at each of SCALES, 0 to 1; None leaves it to chance."""
SCALES = ("coarse", "middle", "fine")
STEPS = (0.0, 0.5, 1.0)
"""What a press leads through, after chance."""
AGAIN, STEP = "bred", "shares"
"""Kinds of the buttons that breed anew, and that change a share."""
_CHANCE = "x"


def shows(job: Job, count: int) -> bool:
    """Whether what was made is children to choose from: one alone is a picture as any other."""
    return isinstance(job.request, MixRequest) and count > 1


def page(lines: Sequence[str], job: Job, children: Sequence[Attachment], images: Sequence[bytes], style: Style) -> Page:
    """The message; making the picture is work for a thread."""
    photo = Photo(pictures.grid(images), f"{job.kind}.webp", style.spoiler)
    told = MARKUP.small(style.words.text("telegram-shares"))
    return Page((*lines, told), photo, keyboard(job, children, style.words, shares_of(job)))


def keyboard(job: Job, children: Sequence[Attachment], words: Translator, shares: Shares) -> Keyboard:
    """A number for each child, then a share for each scale, then the way to others."""
    numbers = [
        Button(
            f"{SYMBOLS[ActionKind.CHOOSE]} {number}" if child.artifact.kept else str(number),
            callback_data=pack(ActionKind.CHOOSE.value, child.artifact.id),
        )
        for number, child in enumerate(children, 1)
    ]
    last = [
        Button(
            f"{SYMBOLS[ActionKind.AGAIN]} {words.text('action-again')}",
            callback_data=pack(AGAIN, job.id, packed(shares)),
        )
    ]
    if job.origin.community_id is not None and children:
        label = f"{SYMBOLS[ActionKind.REPORT]} {words.text('action-report')}"
        last.append(Button(label, callback_data=pack(ActionKind.REPORT.value, children[0].artifact.id)))
    return (*in_rows(numbers, 3), tuple(_steps(job, words, shares)), tuple(last))


def shares_of(job: Job) -> Shares:
    """What a mix was bred with."""
    return {scale: getattr(job.request, scale) for scale in SCALES}


def shares_under(keyboard_: Sequence[Sequence[Button]], job: Job) -> Shares:
    """What is chosen under a message at this moment; what it was bred with where nothing tells."""
    presses = (unpack(str(button.callback_data)) for row in keyboard_ for button in row)
    press = next((press for press in presses if press and press.kind == AGAIN), None)
    return unpacked(press) if press else shares_of(job)


def packed(shares: Shares) -> str:
    """Shares for a button, in hundredths."""
    return ".".join(_CHANCE if (share := shares[scale]) is None else str(round(100 * share)) for scale in SCALES)


def unpacked(press: Press) -> Shares:
    """The shares that a button carries; InvalidRequest for what none of ours does."""
    parts = press.extra.split(".")
    if len(parts) != len(SCALES) or not all(part == _CHANCE or (part.isdecimal() and len(part) < 4) for part in parts):
        raise InvalidRequest("old-button")
    return {scale: None if part == _CHANCE else int(part) / 100 for scale, part in zip(SCALES, parts, strict=True)}


def _steps(job: Job, words: Translator, shares: Shares) -> list[Button]:
    return [
        Button(
            f"{words.text(f'option-{scale}').capitalize()} {_told(shares[scale])}",
            callback_data=pack(STEP, job.id, packed({**shares, scale: _next(shares[scale])})),
        )
        for scale in SCALES
    ]


def _told(share: float | None) -> str:
    return "🎲" if share is None else f"{share:.0%}"


def _next(share: float | None) -> float | None:
    """Chance, then each step, then chance again."""
    if share is None:
        return STEPS[0]
    return next((step for step in STEPS if step > share), None)
