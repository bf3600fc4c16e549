"""A member asks for another look at what was rejected; another moderator than the first takes it."""

from bot.domain.community_policy import DAY
from bot.domain.errors import Conflict, InvalidRequest, NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Signal, Stage
from bot.domain.requests import clean_text
from bot.ports import Clock, Events, JobEvent, Transactions
from bot.usecases import audit

WINDOW = 7 * DAY
"""Seconds after a rejection in which it can be appealed; until then what was made is kept."""
WORDS_LIMIT = 500


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
        of_job = await tx.reviews.of_job(job.id)
        first = next((case for case in of_job if case.status is CaseStatus.REJECTED), None)
        if job.status is not JobStatus.REJECTED or first is None:
            raise Conflict("appeal-nothing")
        if first.stage is Stage.APPEAL or any(case.first_case_id == first.id for case in of_job):
            raise Conflict("appeal-once")
        if (first.decided_at or 0.0) <= now - WINDOW:
            raise Conflict("appeal-too-late", days=int(WINDOW / DAY))
        cause = Signal(Category.APPEALED, 1.0, "member", words)
        case = await tx.reviews.get(await tx.reviews.open(job.id, Stage.APPEAL, cause, now, first.id))
        await audit.log(tx, now, origin.asker, job.origin.community, "appeal", first.id)
        await tx.commit()
    # The job is as it was: this wakes whoever looks for open cases.
    events.publish(JobEvent(job.id, job.member_id, job.status))
    if case is None:
        raise NotFound("job-not-found")
    return case
