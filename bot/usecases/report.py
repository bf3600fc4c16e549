"""A member says that something shown to them should not be: a moderator takes a look, and it stays until then."""

from bot.domain.errors import Conflict, NotAllowed, NotFound
from bot.domain.identity import Member, Origin
from bot.domain.jobs import VISIBLE, Job
from bot.domain.moderation import Category, ReviewCase, Signal, Stage
from bot.domain.requests import CaptionRequest, clean_text
from bot.ports import Clock, Events, JobEvent, Transactions, UnitOfWork

DAY = 86_400.0
DAY_LIMIT = 10
"""Reports of one member in a day; more is a quarrel."""
REMEMBERED = 6
"""A member's last reports, by whose outcome their next one is weighed..."""
TRIED = 3
"""... when at least so many were decided."""
NOTE_LIMIT = 500
EVIDENCE_LIMIT = 200
"""Characters of a note that are kept, and that moderators see first."""


async def report(
    origin: Origin, job_id: str, note: str, transactions: Transactions, clock: Clock, events: Events
) -> ReviewCase | None:
    """Record the report; answers the case that it opened.

    None when one waits for a decision already, or when the word of somebody whose reports are mostly dismissed has to
    wait for a second report.
    """
    now, note = clock.now(), clean_text(note)[:NOTE_LIMIT]
    async with transactions() as tx:
        member = await tx.members.resolve(origin, to_ask=True)
        # Locked, so that two reports at once open one case, and none is opened for what was just taken away.
        job = await tx.jobs.locked(job_id)
        if job is None or not await _sees(tx, member, origin, job):
            raise NotFound("report-nothing")
        if not await tx.reports.add(job.id, member.id, note, now):
            raise Conflict("already-reported")
        if await tx.reports.count(member.id, now - DAY) > DAY_LIMIT:
            raise NotAllowed("report-limit", limit=DAY_LIMIT)
        case, waiting = None, await tx.reviews.open_for(job.id)
        if waiting is None and (await tx.reports.unheard(job.id) > 1 or await _heard(tx, member)):
            cause = Signal(Category.REPORTED, 1.0, "member", note[:EVIDENCE_LIMIT])
            case = waiting = await tx.reviews.get(await tx.reviews.open(job.id, Stage.REPORT, cause, now))
        if waiting:
            await tx.reports.heard(job.id, waiting.id)
        await tx.commit()
    # The job is as it was: this wakes whoever looks for open cases.
    events.publish(JobEvent(job.id, job.member_id, job.status))
    return case


async def _heard(tx: UnitOfWork, member: Member) -> bool:
    """Whether a member's word alone opens a case: not when most of their last reports were dismissed."""
    dismissed = await tx.reports.dismissed(member.id, REMEMBERED)
    return len(dismissed) < TRIED or sum(dismissed) * 2 <= len(dismissed)


async def _sees(tx: UnitOfWork, member: Member, origin: Origin, job: Job) -> bool:
    """Whether there is something to see, and the member does: it is theirs, or shown in a community of theirs."""
    if job.status not in VISIBLE:
        return False
    if not isinstance(job.request, CaptionRequest) and not await tx.artifacts.of_jobs([job.id]):
        return False
    place = (job.origin.platform, job.origin.community_id)
    shown = not job.request.private and origin.community_id is not None
    return job.member_id == member.id or (shown and place == (origin.platform, origin.community_id))
