"""What a member may see and do about their own things: quota, history, gallery, cancelling, deleting."""

from bot.domain.errors import Conflict, NotFound
from bot.domain.identity import Member, Origin
from bot.domain.jobs import Artifact, Job, JobStatus, JobView, QueuePlace
from bot.domain.policy import Policy
from bot.domain.quota import QuotaState
from bot.ports import ArtifactStore, Clock, Events, JobEvent, Transactions, UnitOfWork
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
        state = await quota_state(tx, member, origin, policy, clock.now())
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
        return (await _views(tx, [await _own(tx, origin, job_id)]))[0]


async def place(origin: Origin, job_id: str, transactions: Transactions, policy: Policy) -> QueuePlace:
    """Where the member's job stands in the queue."""
    async with transactions() as tx:
        job = await _own(tx, origin, job_id)
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
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        artifact = await tx.artifacts.get(artifact_id)
        job = await tx.jobs.get(artifact.job_id) if artifact else None
    if (
        artifact is None
        or job is None
        or artifact.member_id != member.id
        or artifact.deleted_at is not None
        or job.status not in VISIBLE
    ):
        raise NotFound("picture-not-found")
    return artifact, job


async def picture(origin: Origin, artifact_id: str, transactions: Transactions, store: ArtifactStore) -> bytes:
    """The bytes of one of the member's own pictures."""
    artifact, _ = await artwork(origin, artifact_id, transactions)
    return await store.get(artifact.name)


async def delete_picture(origin: Origin, artifact_id: str, transactions: Transactions, clock: Clock) -> Artifact:
    """Take a picture out of the gallery; the janitor removes the file an hour later."""
    artifact, _ = await artwork(origin, artifact_id, transactions)
    async with transactions() as tx:
        await tx.artifacts.delete(artifact.id, clock.now())
        await tx.commit()
    return artifact


async def cancel(origin: Origin, job_id: str, transactions: Transactions, events: Events, clock: Clock) -> JobStatus:
    """Stop a job: at once when it waits, within a heartbeat when it runs. Units come back."""
    async with transactions() as tx:
        job = await _own(tx, origin, job_id)
        if job.status is JobStatus.RUNNING:
            await tx.jobs.request_cancel(job.id)
            status = JobStatus.RUNNING
        elif await tx.jobs.move(job, JobStatus.CANCELLED, now=clock.now()):
            await tx.quotas.release(job.id)
            status = JobStatus.CANCELLED
        else:
            raise Conflict("job-moved-on", old=job.status.value, new=JobStatus.CANCELLED.value)
        await tx.commit()
    events.publish(JobEvent(job.id, job.member_id, status))
    return status


async def _own(tx: UnitOfWork, origin: Origin, job_id: str) -> Job:
    member = await tx.members.resolve(origin)
    job = await tx.jobs.get(job_id)
    if job is None or job.member_id != member.id:
        raise NotFound("job-not-found")
    return job


VISIBLE = frozenset({JobStatus.READY, JobStatus.DELIVERED})
"""States in which a member may see what was made; held and rejected pictures are for moderators only."""


async def _views(tx: UnitOfWork, jobs: list[Job]) -> list[JobView]:
    pictures = await tx.artifacts.of_jobs([job.id for job in jobs if job.status in VISIBLE])
    return [JobView(job, pictures.get(job.id, ())) for job in jobs]
