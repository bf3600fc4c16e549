"""A member asks for another look at what was rejected; another moderator than the first takes it."""

from dataclasses import dataclass

from bot.domain.community_policy import DAY
from bot.domain.errors import Conflict, InvalidRequest, NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job, JobStatus
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Signal, Stage
from bot.domain.requests import clean_text
from bot.ports import Clock, Events, JobEvent, Transactions, UnitOfWork
from bot.usecases import audit, policy

WINDOW = 7 * DAY
"""Seconds after a rejection in which it can be appealed; until then what was made is kept."""
WORDS_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Prospects:
    """What a rejection means to its member: a strike that counts for `decay` seconds, and what an appeal could do."""

    struck: bool
    decay: float
    appealed: bool
    appealable: bool


async def appeal(
    origin: Origin, job_id: str, words: str, transactions: Transactions, clock: Clock, events: Events
) -> ReviewCase:
    """Ask for another look at one's own rejected job, once and within a week; who is sanctioned may, too."""
    now, words = clock.now(), clean_text(words)[:WORDS_LIMIT]
    if not words:
        raise InvalidRequest("appeal-empty")
    async with transactions() as tx:
        member = await tx.members.resolve(origin, to_ask=True)
        # Locked, so that two appeals at once open one case.
        job = await tx.jobs.locked(job_id)
        if job is None or job.member_id != member.id:
            raise NotFound("job-not-found")
        first = await _decision(tx, job, now)
        cause = Signal(Category.APPEALED, 1.0, "member", words)
        case = await tx.reviews.get(await tx.reviews.open(job.id, Stage.APPEAL, cause, now, first.id))
        await audit.log(tx, now, origin.asker, job.origin.community, "appeal", first.id)
        await tx.commit()
    # The job is as it was: this wakes whoever looks for open cases.
    events.publish(JobEvent(job.id, job.member_id, job.status))
    if case is None:
        raise NotFound("job-not-found")
    return case


async def possible(origin: Origin, job_id: str, transactions: Transactions, clock: Clock) -> Job:
    """The member's job, if it can be appealed now; said before anybody thinks about words."""
    async with transactions() as tx:
        member, job = await tx.members.resolve(origin), await tx.jobs.get(job_id)
        if job is None or job.member_id != member.id:
            raise NotFound("job-not-found")
        await _decision(tx, job, clock.now())
    return job


async def prospects(job: Job, transactions: Transactions, clock: Clock) -> Prospects:
    """How a rejected job's member stands with it."""
    async with transactions() as tx:
        of_job = await tx.reviews.of_job(job.id)
        struck = {
            strike.case_id
            for strike in await tx.sanctions.strikes(job.member_id, job.origin.community)
            if strike.lifted_at is None
        }
        rules = await policy.in_force(tx, job.origin.platform, job.origin.community_id)
        try:
            await _decision(tx, job, clock.now())
            appealable = True
        except Conflict:
            appealable = False
    open_ = any(case.stage is Stage.APPEAL and case.status is CaseStatus.OPEN for case in of_job)
    return Prospects(any(case.id in struck for case in of_job), rules.strikes.decay, open_, appealable)


async def revised(job_id: str, transactions: Transactions) -> bool:
    """Whether somebody looked at it again after it had been decided: its member has a message that said otherwise."""
    async with transactions() as tx:
        return any(
            case.overturned_at is not None or case.stage is Stage.APPEAL for case in await tx.reviews.of_job(job_id)
        )


async def _decision(tx: UnitOfWork, job: Job, now: float) -> ReviewCase:
    """The decision about a job that can be appealed; Conflict where there is none."""
    of_job = await tx.reviews.of_job(job.id)
    first = next((case for case in of_job if case.status is CaseStatus.REJECTED), None)
    if job.status is not JobStatus.REJECTED or first is None:
        raise Conflict("appeal-nothing")
    if first.stage is Stage.APPEAL or any(case.first_case_id == first.id for case in of_job):
        raise Conflict("appeal-once")
    if (first.overturned_at or first.decided_at or 0.0) <= now - WINDOW:
        raise Conflict("appeal-too-late", days=int(WINDOW / DAY))
    return first
