"""Hand one due delivery to its platform; the outbox makes sure that it is neither lost nor sent twice."""

from collections.abc import Mapping

from bot.domain.identity import Platform
from bot.domain.jobs import JobStatus, JobView
from bot.ports import AddresseeGone, Clock, Messenger, PlatformBusy, Transactions

RETRY = 30.0
"""Seconds until a delivery whose sender died is tried again."""
ATTEMPTS = 8


async def deliver_next(messengers: Mapping[Platform, Messenger], transactions: Transactions, clock: Clock) -> bool:
    """Send the next due delivery of these platforms; False when none was due.

    Sending and marking cannot be one transaction, so a crash between them sends again: that is why
    a Messenger must be idempotent by delivery id.
    """
    async with transactions() as tx:
        delivery = await tx.deliveries.claim(list(messengers), clock.now(), clock.now() + RETRY)
        if delivery is None:
            return False
        job = await tx.jobs.get(delivery.job_id)
        artifacts = await tx.artifacts.of_jobs([delivery.job_id]) if delivery.told is JobStatus.READY else {}
        if job is None or job.status is not delivery.told:
            # Overtaken by events: 'a moderator will look' is no news after 'approved'.
            await tx.deliveries.mark_sent(delivery.id, clock.now())
            job = None
        await tx.commit()
    if job is None:
        return True
    try:
        await messengers[delivery.origin.platform].deliver(delivery, JobView(job, artifacts.get(job.id, ())))
    except PlatformBusy as busy:
        async with transactions() as tx:
            await tx.deliveries.postpone(delivery.id, clock.now() + busy.retry_after)
            await tx.commit()
        return True
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
            if job.status is JobStatus.READY:
                await tx.jobs.move(job, JobStatus.DELIVERED, now=clock.now())
        else:
            await tx.deliveries.mark_failed(delivery.id, clock.now())
        await tx.commit()
    return True
