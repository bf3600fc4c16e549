"""What a member may see and do about their own things: quota, history, gallery, cancelling, deleting.

And what others may: see what their channel was shown anyway, and as moderators stop and delete it.
"""

from collections.abc import Callable

from bot.domain.errors import Conflict, NotFound
from bot.domain.identity import Member, Origin, Platform, Role
from bot.domain.jobs import VISIBLE, Artifact, Job, JobStatus, JobView, QueuePlace
from bot.domain.moderation import CaseStatus
from bot.domain.policy import Policy
from bot.domain.quota import QuotaState
from bot.ports import ArtifactStore, Clock, Events, JobEvent, Transactions, UnitOfWork
from bot.usecases.community import rules_in
from bot.usecases.submit import quota_state


async def member(origin: Origin, transactions: Transactions) -> Member:
    """Who the asker is, made on first sight: the id under which their jobs are watched."""
    async with transactions() as tx:
        found = await tx.members.resolve(origin)
        await tx.commit()
        return found


async def quota(origin: Origin, transactions: Transactions, clock: Clock, policy: Policy) -> QuotaState:
    """What the member has left today."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        granted = (await rules_in(tx, origin)).quota(policy.quota)
        state = await quota_state(tx, member, origin.role, granted, clock.now())
        await tx.commit()
        return state


async def history(
    origin: Origin, transactions: Transactions, limit: int = 20, before: float | None = None
) -> list[JobView]:
    """The member's jobs, newest first, with their pictures (none while a moderator has yet to see them)."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        jobs = await tx.jobs.of_member(member.id, limit, before)
        views = await _views(tx, jobs)
        await tx.commit()
        return views


async def view(origin: Origin, job_id: str, transactions: Transactions) -> JobView:
    """One of the member's jobs; NotFound when there is none or it is not theirs."""
    async with transactions() as tx:
        return (await _views(tx, [await _found(tx, origin, job_id, _owns)]))[0]


async def shown(origin: Origin, job_id: str, transactions: Transactions) -> JobView:
    """A job that this person can see anyway: their own, or a finished one that everybody there can see."""
    async with transactions() as tx:
        return (await _views(tx, [await _found(tx, origin, job_id, _may_see)]))[0]


async def open_jobs(
    origin: Origin, transactions: Transactions, policy: Policy
) -> list[tuple[JobView, QueuePlace | None]]:
    """The member's jobs that wait, run or are held, newest first; those that wait with their place in the queue."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        jobs = await tx.jobs.of_member_in(member.id, OPEN)
        waiting = [job.id for job in jobs if job.status is JobStatus.QUEUED]
        places = {job_id: await tx.jobs.place(job_id, policy.workers) for job_id in waiting}
        await tx.commit()
    return [(JobView(job.for_member()), places.get(job.id)) for job in jobs]


async def unfinished(platform: Platform, transactions: Transactions) -> list[Job]:
    """Everybody's jobs that wait or run, for a platform that starts: what it shows of them goes on."""
    async with transactions() as tx:
        return await tx.jobs.of_platform_in(platform, OPEN - {JobStatus.HELD})


async def place(origin: Origin, job_id: str, transactions: Transactions, policy: Policy) -> QueuePlace:
    """Where the member's job stands in the queue."""
    async with transactions() as tx:
        job = await _found(tx, origin, job_id, _owns)
        return await tx.jobs.place(job.id, policy.workers)


async def gallery(
    origin: Origin, transactions: Transactions, limit: int = 24, before: float | None = None
) -> list[tuple[Artifact, Job]]:
    """The member's pictures with the jobs that made them, newest first."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        pictures = await tx.artifacts.of_member(member.id, limit, before)
        jobs = {job_id: await tx.jobs.get(job_id) for job_id in {picture.job_id for picture in pictures}}
        await tx.commit()
    return [(picture, job) for picture in pictures if (job := jobs[picture.job_id])]


async def artwork(origin: Origin, artifact_id: str, transactions: Transactions) -> tuple[Artifact, Job]:
    """One of the member's own pictures with the job that made it; NotFound when gone, held, or not theirs."""
    return await _picture(origin, artifact_id, transactions, _owns)


async def picture(origin: Origin, artifact_id: str, transactions: Transactions, store: ArtifactStore) -> bytes:
    """The bytes of one of the member's own pictures."""
    artifact, _ = await artwork(origin, artifact_id, transactions)
    return await store.get(artifact.name)


async def shown_picture(
    origin: Origin, artifact_id: str, transactions: Transactions, store: ArtifactStore
) -> tuple[Artifact, Job, bytes]:
    """A picture that this person can see anyway: their own, or one that everybody there can see."""
    artifact, job = await _picture(origin, artifact_id, transactions, _may_see)
    return artifact, job, await store.get(artifact.name)


async def deletable(origin: Origin, artifact_id: str, transactions: Transactions) -> Artifact:
    """A picture that this person may delete: its member, or a moderator; NotFound otherwise."""
    return (await _picture(origin, artifact_id, transactions, may_change))[0]


async def delete_picture(origin: Origin, artifact_id: str, transactions: Transactions, clock: Clock) -> Artifact:
    """Take a picture out of the gallery, as its member or a moderator; the janitor removes the file an hour later."""
    artifact = await deletable(origin, artifact_id, transactions)
    async with transactions() as tx:
        await tx.artifacts.delete(artifact.id, clock.now())
        await tx.commit()
    return artifact


async def cancel(origin: Origin, job_id: str, transactions: Transactions, events: Events, clock: Clock) -> JobStatus:
    """Stop a job, as its member or a moderator: at once when it waits, within a heartbeat when it runs."""
    async with transactions() as tx:
        job = await _found(tx, origin, job_id, may_change)
        if job.status is JobStatus.RUNNING:
            await tx.jobs.request_cancel(job.id)
            status = JobStatus.RUNNING
        elif await tx.jobs.move(job, JobStatus.CANCELLED, now=clock.now()):
            await tx.quotas.release(job.id)
            await _withdraw(tx, job, origin, clock.now())
            status = JobStatus.CANCELLED
        else:
            raise Conflict("job-moved-on", old=job.status.value, new=JobStatus.CANCELLED.value)
        await tx.commit()
    events.publish(JobEvent(job.id, job.member_id, status))
    return status


def may_change(member: Member, job: Job, origin: Origin) -> bool:
    """Whether somebody may stop a job or delete what it made: its member, or a moderator of its community."""
    return _owns(member, job, origin) or (_moderates(origin) and _same_community(job, origin))


OPEN = frozenset({JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.HELD})
"""States in which a member waits for something."""
Allowed = Callable[[Member, Job, Origin], bool]


def _owns(member: Member, job: Job, origin: Origin) -> bool:
    return job.member_id == member.id


def _may_see(member: Member, job: Job, origin: Origin) -> bool:
    """Their own, or what the job's channel was shown; a moderator sees every channel of the community."""
    there = _same_community(job, origin) and (job.origin.channel_id == origin.channel_id or _moderates(origin))
    return _owns(member, job, origin) or (there and not job.request.private and job.status in VISIBLE)


def _moderates(origin: Origin) -> bool:
    return origin.role in (Role.MODERATOR, Role.OWNER)


def _same_community(job: Job, origin: Origin) -> bool:
    """A private chat is no community: there, people share nothing but the lack of a name."""
    asked = job.origin
    same = (asked.platform, asked.community_id) == (origin.platform, origin.community_id)
    return same and origin.community_id is not None


async def _found(tx: UnitOfWork, origin: Origin, job_id: str, allowed: Allowed) -> Job:
    member = await tx.members.resolve(origin)
    job = await tx.jobs.get(job_id)
    if job is None or not allowed(member, job, origin):
        raise NotFound("job-not-found")
    return job


async def _picture(
    origin: Origin, artifact_id: str, transactions: Transactions, allowed: Allowed
) -> tuple[Artifact, Job]:
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        artifact = await tx.artifacts.get(artifact_id)
        job = await tx.jobs.get(artifact.job_id) if artifact else None
    if (
        artifact is None
        or job is None
        or not allowed(member, job, origin)
        or artifact.deleted_at is not None
        or job.status not in VISIBLE
    ):
        raise NotFound("picture-not-found")
    return artifact, job


async def _withdraw(tx: UnitOfWork, job: Job, by: Origin, now: float) -> None:
    """Moderators need not look at what nobody wants any more."""
    if case := await tx.reviews.open_for(job.id):
        await tx.reviews.decide(case.id, CaseStatus.WITHDRAWN, f"{by.platform.value}:{by.user_id}", "", now)


async def _views(tx: UnitOfWork, jobs: list[Job]) -> list[JobView]:
    pictures = await tx.artifacts.of_jobs([job.id for job in jobs if job.status in VISIBLE])
    return [JobView(job.for_member(), pictures.get(job.id, ())) for job in jobs]
