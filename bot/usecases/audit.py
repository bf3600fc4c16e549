"""Who decided what: written in the transaction of the decision, and checked against change."""

from collections.abc import AsyncIterator, Sequence

from bot.domain.audit import START, Detail, Entry
from bot.domain.audit import verify as verified
from bot.ports import Transactions, UnitOfWork

BATCH = 500


async def log(
    tx: UnitOfWork, now: float, actor: str, community: str, action: str, subject: str, **detail: Detail
) -> None:
    """Write it down, as the last thing before the commit: nobody else can until then."""
    await tx.audit.append(now, actor, community, action, subject, detail)


async def verify(transactions: Transactions) -> int | None:
    """The number of the first entry that is not what it was, or is missing; None when all are as they were written."""
    previous, seq = START, 0
    async with transactions() as tx:
        last = await tx.audit.head()
    while seq < last[0]:
        entries = await _after(seq, transactions)
        broken = verified(entries, previous, seq)
        if broken is not None or not entries:
            return broken or seq + 1
        previous, seq = entries[-1].hash, entries[-1].seq
        if seq == last[0] and previous != last[1]:
            return seq
    return None


async def export(transactions: Transactions, since: float = 0.0, community: str | None = None) -> AsyncIterator[Entry]:
    """All entries since then, in order, of everywhere or of one community."""
    seq = 0
    while entries := await _after(seq, transactions, since, community):
        for entry in entries:
            yield entry
        seq = entries[-1].seq


async def _after(
    seq: int, transactions: Transactions, since: float = 0.0, community: str | None = None
) -> Sequence[Entry]:
    async with transactions() as tx:
        return await tx.audit.entries(seq, BATCH, since, community)
