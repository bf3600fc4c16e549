"""Pictures of somebody's own as one message: a sheet with numbers, and a button for each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton as Button

from adapters import pictures
from adapters.chat.gallery import Shelf
from adapters.chat.payload import pack
from adapters.chat.wording import clip
from adapters.presentation import named_by
from adapters.telegram.page import MARKUP, Keyboard, Photo, in_rows
from adapters.telegram.turn import Turn
from bot.domain.errors import NotFound
from bot.domain.jobs import Artifact, Job
from bot.usecases.pick import NUMBERED, numbers


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pictures by the numbers that name them in commands; those too old for one are numbered beyond."""

    shown: Sequence[tuple[Artifact, Job, bytes]]
    numbers: Sequence[int]

    async def photo(self) -> Photo:
        """All of them in one picture, covered where one of them is."""
        images = [image for _, _, image in self.shown]
        sheet = await asyncio.to_thread(pictures.grid, images, self.numbers)
        return Photo(sheet, "gallery.webp", any(job.covered for _, job, _ in self.shown))

    def lines(self, start: int = 0, end: int | None = None) -> tuple[str, ...]:
        """A line for each of those at places `start` to `end`."""
        named = zip(self.numbers[start:end], self.shown[start:end], strict=True)
        return tuple(
            f"{number}. {MARKUP.inert(clip(named_by(artifact, job), 60))}" for number, (artifact, job, _) in named
        )

    def buttons(self) -> Keyboard:
        """A button for each, which opens it."""
        return in_rows(
            [
                Button(f"🖼️ {number}", callback_data=pack("open", artifact.id))
                for number, (artifact, _, _) in zip(self.numbers, self.shown, strict=True)
            ],
            3,
        )


async def sheet(turn: Turn, shown: Sequence[tuple[Artifact, Job, bytes]]) -> Sheet:
    """The member's own pictures with their numbers."""
    known = await numbers(await turn.origin(), turn.desk.transactions)
    return Sheet(shown, [known.get(artifact.id, NUMBERED + place) for place, (artifact, _, _) in enumerate(shown, 1)])


def ways(turn: Turn, found: Shelf, before: float | None, kind: str, target: str = "") -> Keyboard:
    """The way to newer and to older ones; buttons of `kind` carry the `target`, if any, and the moment to begin at."""

    def to(moment: str) -> str:
        return pack(kind, target, moment) if target else pack(kind, moment)

    way = []
    if before is not None:
        way.append(Button(f"⏮️ {turn.words.text('newest')}", callback_data=to("")))
    if found.older is not None:
        label = f"▶️ {turn.words.text('gallery-older')}"
        way.append(Button(label, callback_data=to(repr(found.older))))
    return (tuple(way),) if way else ()


def moment(written: str) -> float | None:
    """The moment that a button carries; None for the newest."""
    try:
        return float(written) if written else None
    except ValueError:
        raise NotFound("old-button") from None
