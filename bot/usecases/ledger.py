"""The audit log as people page through it: newest first, filtered."""

from collections.abc import Callable

from bot.domain.audit import Entry
from bot.ports import Transactions

BATCH = 500
FURTHEST = 40
"""Batches that one page looks through at most."""


async def page(
    transactions: Transactions,
    community: str | None,
    limit: int,
    before: int | None = None,
    wanted: Callable[[Entry], bool] = lambda _: True,
) -> tuple[list[Entry], int | None]:
    """The newest entries before a number, and the number before which there may be more."""
    found: list[Entry] = []
    async with transactions() as tx:
        end = before if before is not None else (await tx.audit.head())[0] + 1
        for _ in range(FURTHEST):
            start = max(0, end - 1 - BATCH)
            entries = await tx.audit.entries(start, BATCH, 0.0, community)
            found += [entry for entry in reversed(entries) if entry.seq < end and wanted(entry)]
            end = start + 1
            if end <= 1 or len(found) > limit:
                break
    more = found[limit - 1].seq if len(found) > limit else end if end > 1 else None
    return found[:limit], more
