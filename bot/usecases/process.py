"""Do one claimed job: ask the engine, screen what it made, keep it, and settle. No transaction while the GPU works."""

from dataclasses import dataclass
from uuid import uuid4

from bot import captions
from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import HuashenError, Reason
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.moderation import Decision, Verdict
from bot.domain.policy import Policy
from bot.domain.requests import OWN_TONE, AvatarRequest, CaptionRequest
from bot.ports import (
    ArtifactStore,
    Clock,
    EngineClient,
    Events,
    JobEvent,
    Meter,
    Moderator,
    StoredFile,
    Transactions,
    Voices,
)
from bot.usecases.draw import draw
from bot.usecases.made import Made, Picture
from bot.usecases.policy import current
from bot.usecases.sanctions import banned
from bot.usecases.screen import remember
from bot.usecases.sentences import engine_reason
from bot.usecases.voice import tone_of
from bot.usecases.write import write
from engines.contract import (
    Cancelled,
    EngineError,
    EngineUnreachable,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What doing a job needs."""

    transactions: Transactions
    engine: EngineClient
    moderator: Moderator
    artifacts: ArtifactStore
    events: Events
    clock: Clock
    meter: Meter
    policy: Policy
    voices: Voices


async def process(job: Job, bench: Bench) -> JobStatus | None:
    """Bring a RUNNING job to its next state and answer it; None when the job was no longer ours."""
    started = bench.clock.now()
    bench.meter.observe("queue_wait", started - job.created_at, job.kind)
    bench.events.publish(JobEvent(job.id, job.member_id, JobStatus.RUNNING))
    try:
        moderation = await current(job.origin, bench.transactions)
        made = await _make(job, moderation, bench)
        stored = []
        if made.decision.verdict is not Verdict.BLOCK:
            stored = [await bench.artifacts.put(picture.data, picture.suffix) for picture in made.pictures]
    except EngineUnreachable:
        if job.attempts < bench.policy.max_attempts:
            return await _finish(job, JobStatus.QUEUED, bench)
        return await _finish(job, JobStatus.FAILED, bench, error=Reason.of("engine-unreachable"))
    except EngineError as error:
        return await _finish(job, JobStatus.FAILED, bench, error=engine_reason(error))
    except HuashenError as error:
        return await _finish(job, JobStatus.FAILED, bench, error=error.reason)
    bench.meter.observe("engine", bench.clock.now() - started, job.kind)
    status = {
        Verdict.ALLOW: JobStatus.READY,
        Verdict.BLUR: JobStatus.READY,
        Verdict.HOLD: JobStatus.HELD,
        Verdict.BLOCK: JobStatus.BLOCKED,
    }[made.decision.verdict]
    return await _finish(job, status, bench, made=made, stored=stored, moderation=moderation)


async def _make(job: Job, moderation: CommunityPolicy, bench: Bench) -> Made:
    def progress(event: object) -> None:
        bench.events.publish(JobEvent(job.id, job.member_id, progress=event))  # type: ignore[arg-type]

    policy = moderation.of(job.origin)
    left = job.deadline_at - bench.clock.now()
    if left <= 0:
        raise Cancelled("deadline")
    match job.request:
        case AvatarRequest() as request:
            upload = await bench.artifacts.get(job.upload) if job.upload else None
            return await draw(request, upload, bench.engine, bench.moderator, policy, progress, left)
        case CaptionRequest() as request:
            model, terms = bench.policy.text_model, moderation.own_terms
            tone = await _tone(request, job, bench)
            return await write(request, tone, bench.engine, bench.moderator, model, policy, terms, progress, left)


async def _tone(request: CaptionRequest, job: Job, bench: Bench) -> captions.Tone:
    if request.tone != OWN_TONE:
        return captions.tone(request.tone)
    return await tone_of(job.origin, request.topic, bench.engine, bench.transactions, bench.voices)


async def cancelled(job: Job, bench: Bench) -> JobStatus | None:
    """The member stopped a job that was being done: it ends, and stays charged, for the GPU ran."""
    return await _finish(job, JobStatus.CANCELLED, bench)


async def give_back(job: Job, bench: Bench) -> JobStatus | None:
    """An orderly stop: the job returns to the queue."""
    return await _finish(job, JobStatus.QUEUED, bench)


async def _finish(
    job: Job,
    status: JobStatus,
    bench: Bench,
    *,
    made: Made | None = None,
    stored: list[StoredFile] | None = None,
    error: Reason | None = None,
    moderation: CommunityPolicy | None = None,
) -> JobStatus | None:
    """Status, pictures, units, judgements, case and delivery commit together, or not at all."""
    now = bench.clock.now()
    decision = made.decision if made else Decision(Verdict.ALLOW)
    if status is JobStatus.BLOCKED and decision.cause:
        error = Reason.of("blocked-result", category=decision.cause.category.value)
    async with bench.transactions() as tx:
        row = await tx.jobs.locked(job.id)
        if row and made and await banned(tx, row.member_id, job.origin, now):
            # The ban came while it ran: nobody gets to see it.
            status, error = JobStatus.CANCELLED, None
        keep = made is not None and status in (JobStatus.READY, JobStatus.HELD)
        result = made.result if made and keep else None
        if not await tx.jobs.move(job, status, now=now, result=result, error=error):
            return None
        if made and keep:
            for artifact in _artifacts(job, made, stored or [], now):
                await tx.artifacts.add(artifact)
        if status is JobStatus.FAILED:
            await tx.quotas.release(job.id)
        elif status is not JobStatus.QUEUED:
            await tx.quotas.settle(job.id)
        if made and moderation:
            for judgement in made.judgements:
                await remember(tx, judgement, made.stage, job.origin, moderation, job.member_id, job.id, now)
        if status is JobStatus.HELD and decision.cause and made:
            await tx.reviews.open(job.id, made.stage, decision.cause, now)
        if status not in (JobStatus.QUEUED, JobStatus.CANCELLED):
            await tx.deliveries.add(job, status, now)
        await tx.commit()
    bench.meter.count("finished", status.value)
    bench.events.publish(JobEvent(job.id, job.member_id, status))
    return status


def _artifacts(job: Job, made: Made, stored: list[StoredFile], now: float) -> list[Artifact]:
    def row(index: int, picture: Picture, file: StoredFile) -> Artifact:
        return Artifact(
            id=uuid4().hex,
            job_id=job.id,
            member_id=job.member_id,
            index=index,
            name=file.name,
            media_type=picture.media_type,
            sha256=file.sha256,
            size=file.size,
            width=picture.width,
            height=picture.height,
            seed=picture.seed,
            created_at=now,
        )

    return [row(index, *pair) for index, pair in enumerate(zip(made.pictures, stored, strict=True))]
