"""What a moderator's decision does to the job that it is about: within the transaction of the decision."""

from collections.abc import Awaitable

from bot.domain.errors import Conflict, Reason
from bot.domain.jobs import Job, JobStatus
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Stage
from bot.ports import UnitOfWork
from bot.usecases import sanctions

REMOVED = Reason.of("job-removed")
OVERTURNED = Reason.of("job-overturned")
TAKEN_AWAY = (REMOVED, OVERTURNED)
"""Why a job whose result everybody had seen was rejected after all."""
BEFORE_WORK = frozenset({Stage.PROMPT, Stage.UPLOAD})
"""Stages at which nothing was generated yet: approval starts the work, rejection costs nothing."""
UNSAID = frozenset({Category.REPORTED, Category.UNSCREENED, Category.APPEALED})
"""What a screen or a member says of it that tells its own member nothing."""


async def carry_out(tx: UnitOfWork, case: ReviewCase, job: Job, now: float, deadline: float) -> JobStatus:
    """Do what a case's decision says; answers the job's state. Conflict, and nothing written, when the job moved on.

    `deadline` is how many seconds work has that begins now.
    """
    approved = case.status is CaseStatus.APPROVED
    match case.stage:
        case Stage.REPORT if approved:
            return job.status
        case Stage.REPORT:
            status = await take_away(tx, job, now)
        case Stage.APPEAL if approved:
            return await uphold(tx, case, job, now, deadline)
        case Stage.APPEAL:
            return await tell(tx, job, Reason.of("appeal-denied"), now)
        case _ if approved:
            return await release(tx, job, now, deadline)
        case _:
            await _close(tx, case, job, now)
            status = JobStatus.REJECTED
    if case.strike:
        await sanctions.strike(tx, job, case.id, case.category, now)
    return status


async def release(tx: UnitOfWork, job: Job, now: float, deadline: float) -> JobStatus:
    """What was made goes to its member; what was not made yet goes into the queue."""
    if job.result is not None:
        await _moved(tx.jobs.move(job, JobStatus.READY, now=now), job, JobStatus.READY)
        await tx.deliveries.add(job, JobStatus.READY, now)
        return JobStatus.READY
    # It waited for a human, not for us: the time for the work starts now.
    queued = tx.jobs.move(job, JobStatus.QUEUED, now=now, deadline_at=now + deadline)
    await _moved(queued, job, JobStatus.QUEUED)
    return JobStatus.QUEUED


async def restore(tx: UnitOfWork, case_id: str, job: Job, now: float, deadline: float) -> JobStatus:
    """A rejection was wrong: it goes on as if approved, costs nothing, and the strike for it is lifted."""
    status = await release(tx, job, now, deadline)
    await tx.jobs.explain(job.id, None)
    # Settled units come back. Those of what was not made came back when it was rejected, and are not taken again.
    await tx.quotas.refund(job.id)
    await sanctions.pardon(tx, job, case_id, now)
    return status


async def uphold(tx: UnitOfWork, appeal: ReviewCase, job: Job, now: float, deadline: float) -> JobStatus:
    """An appeal was right."""
    first = await tx.reviews.get(appeal.first_case_id or "")
    case_id = first.id if first else appeal.id
    status = await restore(tx, case_id, job, now, deadline)
    await tx.reviews.mark_overturned(case_id, now)
    return status


async def take_away(tx: UnitOfWork, job: Job, now: float, why: Reason = REMOVED) -> JobStatus:
    """Out of the gallery and, by the delivery, out of the message in which everybody saw it.

    The pictures' rows stay, so that whoever decides an appeal can see them; nobody else does.
    """
    await _moved(tx.jobs.move(job, JobStatus.REJECTED, now=now, error=why), job, JobStatus.REJECTED)
    # What waited for its turn was not begun; what was made stays charged.
    await tx.quotas.release(job.id)
    await tx.deliveries.add(job, JobStatus.REJECTED, now)
    return JobStatus.REJECTED


async def tell(tx: UnitOfWork, job: Job, why: Reason, now: float) -> JobStatus:
    """The job stays as it is; its member hears something new about it."""
    await tx.jobs.explain(job.id, why)
    await tx.deliveries.add(job, job.status, now)
    return job.status


async def close(tx: UnitOfWork, case: ReviewCase, job: Job, status: JobStatus, now: float, why: Reason | None) -> bool:
    """End a held job unfavourably, settle its units by what was done, and tell the member."""
    moved = await tx.jobs.move(job, status, now=now, error=why)
    if moved and case.stage in BEFORE_WORK:
        await tx.quotas.release(job.id)
    if moved:
        await tx.deliveries.add(job, status, now)
    return moved


async def _close(tx: UnitOfWork, case: ReviewCase, job: Job, now: float) -> None:
    why = None if case.category in UNSAID else Reason.of("job-rejected-for", category=case.category.value)
    if not await close(tx, case, job, JobStatus.REJECTED, now, why):
        raise Conflict("job-moved-on", old=job.status.value, new=JobStatus.REJECTED.value)


async def _moved(moving: Awaitable[bool], job: Job, new: JobStatus) -> None:
    if not await moving:
        raise Conflict("job-moved-on", old=job.status.value, new=new.value)
