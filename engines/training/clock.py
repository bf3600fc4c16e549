"""Schedules by the clock: training that must end at a time of day, however fast the machine happens to be."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from tqdm import tqdm

BAR = "{percentage:3.0f}%|{bar:30}| {elapsed} gone, {remaining} left"


def end_of(when: str, start: datetime.datetime) -> datetime.datetime:
    """The next `HH:MM` after `start`, or `+N` minutes after it; ValueError, in one sentence, for anything else."""
    try:
        if when.startswith("+"):
            if (minutes := float(when)) > 0:
                return start + datetime.timedelta(minutes=minutes)
            raise ValueError
        hour, minute = (int(part) for part in when.split(":"))
        end = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except (ValueError, OverflowError):
        raise ValueError(f"'{when}' is neither a time of day (18:30) nor minutes from now (+5).") from None
    return end if end > start else end + datetime.timedelta(days=1)


def progress_until(when: str, now: Callable[[], datetime.datetime] = datetime.datetime.now) -> Callable[[], float]:
    """A function that rises from 0 now to 1 at the next `HH:MM`, or in `+N` minutes.

    On a terminal it moves a bar as it is asked, with the time gone and the time left.
    """
    start = now()
    end = end_of(when, start)
    bar: tqdm[None] = tqdm(total=1.0, bar_format=BAR, disable=None, leave=False)

    def part() -> float:
        gone = min(1.0, (now() - start) / (end - start))
        bar.update(gone - bar.n)
        if gone >= 1:
            bar.close()
        return gone

    return part
