"""Mute, suspend, ban, lift: from a case or from what a member made, by whoever moderates there at that moment."""

from adapters.chat import standing
from adapters.chat.standing import Measure
from bot.domain.errors import NotAllowed, NotFound, Reason
from bot.domain.identity import Origin, Role
from bot.domain.jobs import Job
from bot.domain.moderation import Category
from bot.usecases import dossier, sanctions
from bot.usecases.dossier import Dossier
from bot.usecases.submit import Desk


async def job_of(job_id: str, moderator: Origin, desk: Desk) -> Job:
    """A job of the moderator's community, by whose id its member is meant."""
    if not moderator.community_id or not moderator.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    async with desk.transactions() as tx:
        job = await tx.jobs.get(job_id)
    if job is None:
        raise NotFound("job-not-found")
    if job.origin.community != moderator.community:
        raise NotAllowed("moderators-only")
    return job


async def known(job: Job, desk: Desk) -> Dossier:
    """What is known of a job's member where it was asked for."""
    place = job.origin
    return await dossier.dossier(job.member_id, place.platform, place.community_id, desk.transactions, desk.clock)


async def carry_out(measure: Measure, moderator: Origin, desk: Desk) -> Reason:
    """Do it; the member is told by the notices, and what they ask for meanwhile is refused."""
    job = await job_of(measure.job_id, moderator, desk)
    if measure.kind is None:
        return standing.done(measure, await sanctions.lift(moderator, job.member_id, desk.transactions, desk.clock))
    ports = desk.transactions, desk.events, desk.clock
    seconds = measure.seconds or None
    await sanctions.sanction(moderator, job.member_id, measure.kind, await _why(job, desk), *ports, seconds)
    return standing.done(measure, 1)


async def _why(job: Job, desk: Desk) -> str:
    """What the last decision against this very work was for."""
    async with desk.transactions() as tx:
        found = await tx.reviews.of_job(job.id)
    reasons = [case.category for case in found if case.decided and case.category not in _NO_REASON]
    return reasons[0].value if reasons else ""


_NO_REASON = frozenset({Category.REPORTED, Category.UNSCREENED, Category.APPEALED})
