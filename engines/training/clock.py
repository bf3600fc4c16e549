"""Schedules by the clock: training that must end at a time of day, however fast the machine happens to be."""

from __future__ import annotations

import datetime
from collections.abc import Callable


def progress_until(
    time_of_day: str, now: Callable[[], datetime.datetime] = datetime.datetime.now
) -> Callable[[], float]:
    """A function that rises from 0 now to 1 at the next `HH:MM`."""
    start = now()
    hour, minute = (int(part) for part in time_of_day.split(":"))
    end = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if end <= start:
        end += datetime.timedelta(days=1)
    return lambda: min(1.0, (now() - start) / (end - start))
