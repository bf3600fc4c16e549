"""How many threads an engine computes with: as many as there are cores that nothing else keeps busy.

Each step of a network waits for its slowest thread, so one thread that shares its core with other work
slows all of them. On two cores beside a busy process, two threads took 2 to 3 times as long as one.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.5
"""Seconds that a measurement covers at least."""
TOLERANCE = 0.6
"""How busy (in cores) others may keep a core that we still use.

The bot itself and its screens take 0.3 of a core while pictures are drawn one after the other. Giving up a core for
that made a batch of eight take 1.9 s instead of 1.45 s.
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds since some moment: on the wall clock, of work by all cores, and of work by this process."""

    wall: float
    all: float
    own: float


def read_usage() -> Usage:
    """Return the usage since the machine started, of Linux."""
    user, nice, system, _idle, _wait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    own = os.times()
    busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
    return Usage(time.monotonic(), busy, own.user + own.system)


def choose(before: Usage, after: Usage, cores: int, limit: int) -> int:
    """Return how many threads, 1 to `limit`, found a free core of the machine's `cores` between two readings."""
    others = ((after.all - before.all) - (after.own - before.own)) / (after.wall - before.wall)
    return max(1, min(limit, int(cores - others + TOLERANCE)))


class Threads:
    """Adjusts torch's threads to what the machine has free; to be called on the thread that computes."""

    def __init__(self, limit: int, read: Callable[[], Usage] = read_usage, cores: int | None = None) -> None:
        """`limit`: threads when the machine is idle."""
        self._limit, self._read = limit, read
        self._cores = cores or os.cpu_count() or limit
        self._last = read()

    def adjust(self) -> None:
        """Set torch's threads for the next batch, if it is loaded and enough time has passed to tell."""
        torch = sys.modules.get("torch")
        now = self._read()
        if torch is None or now.wall - self._last.wall < INTERVAL:
            return
        count = choose(self._last, now, self._cores, self._limit)
        self._last = now
        if count != torch.get_num_threads():
            torch.set_num_threads(count)
