"""A moderator's decision about something held: the first one wins, and the member is told."""

from dataclasses import dataclass

from bot.domain.errors import Conflict, NotAllowed, NotFound, Reason
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.moderation import CaseStatus, ReviewCase, Stage
from bot.domain.policy import Policy
from bot.ports import Clock, Events, JobEvent, Transactions, UnitOfWork

REMOVED = Reason.of("job-removed")
"""Why a job whose result everybody had seen was rejected after all."""
BEFORE_WORK = frozenset({Stage.PROMPT, Stage.UPLOAD})
"""Stages at which nothing was generated yet: approval starts the work, rejection costs nothing."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its job and what the job made."""

    case: ReviewCase
    job: Job
    artifacts: tuple[Artifact, ...]

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the files that a moderator has to see: what was made, before that what it is to be made from."""
        if self.case.stage in BEFORE_WORK:
            return (self.job.upload,) if self.job.upload else ()
        return tuple(artifact.name for artifact in self.artifacts)


async def cases(
    transactions: Transactions,
    status: CaseStatus = CaseStatus.OPEN,
    limit: int = 50,
    community: tuple[Platform, str] | None = None,
) -> list[CaseView]:
    """Cases of one status, oldest first, of everywhere or of one community."""
    async with transactions() as tx:
        return [await view_in(tx, case) for case in await tx.reviews.list(status, limit, community)]


async def show(case_id: str, transactions: Transactions) -> CaseView:
    """One case by its id or an unmistakable beginning of it."""
    async with transactions() as tx:
        return await view_in(tx, await _case(tx, case_id))


async def for_moderator(case_id: str, origin: Origin, transactions: Transactions) -> CaseView:
    """A case as a platform's moderator may see and decide it: only one of their own community."""
    if not origin.role.at_least(Role.MODERATOR) or not origin.community_id:
        raise NotAllowed("moderators-only")
    view = await show(case_id, transactions)
    asked = view.job.origin
    if (asked.platform, asked.community_id) != (origin.platform, origin.community_id):
        raise NotAllowed("moderators-only")
    return view


async def approve(
    case_id: str, by: str, transactions: Transactions, events: Events, clock: Clock, policy: Policy, note: str = ""
) -> CaseView:
    """Let it go: a prompt goes into the queue, a picture or caption to its member; what was reported stays."""
    async with transactions() as tx:
        view = await _decide(tx, case_id, CaseStatus.APPROVED, by, note, clock.now())
        job, now = view.job, clock.now()
        if view.case.stage is Stage.REPORT:
            await tx.commit()
            return view
        if view.case.stage in BEFORE_WORK:
            # It waited for a human, not for us: the time for the work starts now.
            moved = await tx.jobs.move(job, JobStatus.QUEUED, now=now, deadline_at=now + policy.deadline)
        else:
            moved = await tx.jobs.move(job, JobStatus.READY, now=now)
            await tx.deliveries.add(job, JobStatus.READY, now)
        await _commit(tx, job, moved, JobStatus.READY)
    events.publish(JobEvent(job.id, job.member_id, JobStatus.QUEUED))
    return view


async def reject(
    case_id: str, by: str, transactions: Transactions, events: Events, clock: Clock, note: str = ""
) -> CaseView:
    """Refuse it and tell the member. What was generated stays charged: the work was done."""
    async with transactions() as tx:
        view = await _decide(tx, case_id, CaseStatus.REJECTED, by, note, clock.now())
        if view.case.stage is Stage.REPORT:
            moved = await _take_away(tx, view, clock.now())
        else:
            moved = await close(tx, view.case, view.job, JobStatus.REJECTED, clock.now())
        await _commit(tx, view.job, moved, JobStatus.REJECTED)
    events.publish(JobEvent(view.job.id, view.job.member_id, JobStatus.REJECTED))
    return view


async def close(tx: UnitOfWork, case: ReviewCase, job: Job, status: JobStatus, now: float) -> bool:
    """End a held job unfavourably, settle its units by what was done, and tell the member."""
    moved = await tx.jobs.move(job, status, now=now)
    if moved and case.stage in BEFORE_WORK:
        await tx.quotas.release(job.id)
    if moved:
        await tx.deliveries.add(job, status, now)
    return moved


async def view_in(tx: UnitOfWork, case: ReviewCase) -> CaseView:
    """A case with what belongs to it."""
    return await _view(tx, case, await tx.jobs.get(case.job_id))


async def _take_away(tx: UnitOfWork, view: CaseView, now: float) -> bool:
    """Out of the gallery and, by the delivery, out of the message in which everybody saw it."""
    moved = await tx.jobs.move(view.job, JobStatus.REJECTED, now=now, error=REMOVED)
    for artifact in view.artifacts:
        await tx.artifacts.delete(artifact.id, now)
    await tx.deliveries.add(view.job, JobStatus.REJECTED, now)
    return moved


async def _case(tx: UnitOfWork, case_id: str) -> ReviewCase:
    case = await tx.reviews.get(case_id)
    if case is None:
        raise NotFound("case-not-found", case=case_id)
    return case


async def _view(tx: UnitOfWork, case: ReviewCase, job: Job | None) -> CaseView:
    if job is None:
        raise NotFound("case-not-found", case=case.id)
    return CaseView(case, job, (await tx.artifacts.of_jobs([job.id])).get(job.id, ()))


async def _decide(tx: UnitOfWork, case_id: str, status: CaseStatus, by: str, note: str, now: float) -> CaseView:
    case = await _case(tx, case_id)
    if not await tx.reviews.decide(case.id, status, by, note, now):
        raise Conflict("case-already-decided", case=case.id[:8], status=case.status.value)
    # Locked, because a reported picture may be on its way to its member just now: READY becomes DELIVERED meanwhile.
    return await _view(tx, case, await tx.jobs.locked(case.job_id))


async def _commit(tx: UnitOfWork, job: Job, moved: bool, new: JobStatus) -> None:
    if not moved:
        raise Conflict("job-moved-on", old=job.status.value, new=new.value)
    await tx.commit()
