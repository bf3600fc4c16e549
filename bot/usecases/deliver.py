"""Hand due deliveries to their platforms; the outbox makes sure that it is neither lost nor sent twice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Delivery, JobStatus, JobView
from bot.ports import AddresseeGone, Clock, Messenger, PlatformBusy, Transactions

RETRY = 30.0
"""Seconds until a delivery whose sender died is tried again."""
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with what it tells; `view` is None when events have overtaken it."""

    delivery: Delivery
    view: JobView | None


async def deliver_next(messengers: Mapping[Platform, Messenger], transactions: Transactions, clock: Clock) -> bool:
    """Send the next due delivery of these platforms; False when none was due."""
    parcel = await take(messengers, transactions, clock)
    if parcel is None:
        return False
    await send(parcel, messengers, transactions, clock)
    return True


async def take(
    platforms: Iterable[Platform], transactions: Transactions, clock: Clock, besides: Collection[str] = ()
) -> Parcel | None:
    """Claim the next due delivery of these platforms, of a job not among `besides`; None when none is due."""
    async with transactions() as tx:
        delivery = await tx.deliveries.claim(list(platforms), clock.now(), clock.now() + RETRY, besides)
        if delivery is None:
            return None
        job = await tx.jobs.get(delivery.job_id)
        artifacts = await tx.artifacts.of_jobs([delivery.job_id]) if delivery.told is JobStatus.READY else {}
        if job is None or job.status is not delivery.told:
            # Overtaken by events: 'a moderator will look' is no news after 'approved'.
            await tx.deliveries.mark_sent(delivery.id, clock.now())
            job = None
        await tx.commit()
    return Parcel(delivery, JobView(job.for_member(), artifacts.get(job.id, ())) if job else None)


async def send(
    parcel: Parcel, messengers: Mapping[Platform, Messenger], transactions: Transactions, clock: Clock
) -> None:
    """Hand a parcel to its platform and remember how that went.

    Sending and marking cannot be one transaction, so a crash between them sends again: that is why
    a Messenger must be idempotent by delivery id.
    """
    delivery, view = parcel.delivery, parcel.view
    if view is None:
        return
    moved: Origin | None = None
    try:
        moved = await messengers[delivery.origin.platform].deliver(delivery, view)
    except PlatformBusy as busy:
        async with transactions() as tx:
            await tx.deliveries.postpone(delivery.id, clock.now() + busy.retry_after)
            await tx.commit()
        return
    except AddresseeGone:
        sent = False
    except Exception:
        if delivery.attempts < ATTEMPTS:
            raise
        sent = False
    else:
        sent = True
    async with transactions() as tx:
        if sent:
            await tx.deliveries.mark_sent(delivery.id, clock.now())
            if moved:
                await tx.jobs.answered_at(view.job.id, moved)
            if view.job.status is JobStatus.READY:
                await tx.jobs.move(view.job, JobStatus.DELIVERED, now=clock.now())
        else:
            await tx.deliveries.mark_failed(delivery.id, clock.now())
        await tx.commit()
