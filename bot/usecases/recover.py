"""Put right what a crash or time left behind: lost leases, passed deadlines, open cases, drafts, orphaned files."""

from bot.domain.community_policy import DAY
from bot.domain.errors import Reason
from bot.domain.jobs import Job, JobStatus
from bot.domain.moderation import CaseStatus, ReviewCase, Stage
from bot.domain.policy import Policy
from bot.ports import ArtifactStore, Clock, Events, JobEvent, Transactions, UnitOfWork
from bot.usecases.appeals import WINDOW
from bot.usecases.effects import close, tell
from bot.usecases.link import HOUR
from bot.usecases.policy import in_force
from bot.usecases.review import locked

ORPHAN_AGE = 3600.0
"""Seconds before a file without a row is taken for an orphan: its row may be about to commit."""

SCREENING_AGE = 60 * DAY
"""Seconds for which judgements are kept, for trying policies on them."""

DRAFT_AGE = 86_400.0
"""Seconds in which somebody may come back to a request that they began."""


async def jobs(transactions: Transactions, events: Events, clock: Clock, policy: Policy) -> int:
    """Requeue jobs whose worker died, end those that died too often or waited too long; answers how many."""
    now = clock.now()
    changed = []
    async with transactions() as tx:
        for job in await tx.jobs.lapsed(now):
            again = job.attempts < policy.max_attempts and job.deadline_at > now
            reason = None if again else Reason.of("engine-unreachable")
            changed.append((job, JobStatus.QUEUED if again else JobStatus.FAILED, reason))
        changed += [(job, JobStatus.FAILED, Reason.of("deadline-passed")) for job in await tx.jobs.overdue(now)]
        for job, status, reason in changed:
            if await tx.jobs.move(job, status, now=now, error=reason) and status is JobStatus.FAILED:
                await tx.quotas.release(job.id)
                await tx.deliveries.add(job, status, now)
        await tx.commit()
    for job, status, _ in changed:
        events.publish(JobEvent(job.id, job.member_id, status))
    return len(changed)


async def cases(transactions: Transactions, events: Events, clock: Clock) -> int:
    """Close cases that nobody decided in their community's time; the member is told, and gets the units back."""
    now, closed = clock.now(), 0
    async with transactions() as tx:
        waiting = await tx.reviews.open_before(now - HOUR)
    for case in waiting:
        async with transactions() as tx:
            case, job = await locked(tx, case.id)
            place = job.origin
            patience = (await in_force(tx, place.platform, place.community_id)).case_lifetime
            late = case.opened_at < now - patience
            if not late or not await tx.reviews.decide(case.id, CaseStatus.EXPIRED, "", "", now):
                continue
            status = await _expire(tx, case, job, now)
            await tx.commit()
        closed += 1
        events.publish(JobEvent(job.id, job.member_id, status))
    return closed


async def _expire(tx: UnitOfWork, case: ReviewCase, job: Job, now: float) -> JobStatus:
    if case.stage is Stage.APPEAL and job.status is JobStatus.REJECTED:
        # Nobody looked: what was made stays where it is, and is paid back.
        await tx.quotas.refund(job.id)
        return await tell(tx, job, Reason.of("appeal-expired"), now)
    if job.status is JobStatus.HELD and await close(tx, case, job, JobStatus.EXPIRED, now, None):
        await tx.quotas.refund(job.id)
        return JobStatus.EXPIRED
    return job.status


async def judgements(transactions: Transactions, clock: Clock) -> None:
    """Forget what screens said two months ago."""
    async with transactions() as tx:
        await tx.screenings.forget_before(clock.now() - SCREENING_AGE)
        await tx.commit()


async def begun(transactions: Transactions, clock: Clock) -> None:
    """Forget requests that were begun and left, and codes and tries of an hour ago."""
    async with transactions() as tx:
        await tx.drafts.forget_before(clock.now() - DRAFT_AGE)
        await tx.links.forget_before(clock.now() - HOUR)
        await tx.commit()


async def files(transactions: Transactions, store: ArtifactStore, clock: Clock) -> int:
    """Remove files that no row needs; answers how many."""
    names = await store.names_older_than(clock.now() - ORPHAN_AGE)
    removed = 0
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        async with transactions() as tx:
            known = await tx.artifacts.known(some, clock.now() - WINDOW)
        for name in set(some) - known:
            await store.delete(name)
            removed += 1
    return removed
