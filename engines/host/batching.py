"""Which waiting requests run next, together: a pure function."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the queue: `key` says what may share its batch, `size` how many places it fills."""

    id: int
    key: Hashable
    size: int = 1


def next_batch(waiting: Sequence[Waiting], max_batch: int) -> tuple[int, ...]:
    """Return the ids of the next batch: the oldest request and what fits beside it, in arrival order.

    The oldest always leads, so nobody starves: a request that was overtaken because it did not fit
    leads as soon as those before it are done. One larger than `max_batch` runs alone, and its engine
    splits it.
    """
    if not waiting:
        return ()
    oldest = waiting[0]
    chosen = [oldest.id]
    free = max_batch - oldest.size
    for other in waiting[1:]:
        if other.key == oldest.key and other.size <= free:
            chosen.append(other.id)
            free -= other.size
    return tuple(chosen)
