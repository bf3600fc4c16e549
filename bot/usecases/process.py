"""Do one claimed job: ask the engine, screen what it made, keep it, and settle. No transaction while the GPU works."""

from dataclasses import dataclass, replace
from uuid import uuid4

from bot import captions
from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import HuashenError, Reason
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.moderation import Decision, Verdict
from bot.domain.policy import Policy
from bot.domain.requests import (
    OWN_TONE,
    AvatarRequest,
    CaptionRequest,
    MixRequest,
    MorphRequest,
    RestyleRequest,
    UpscaleRequest,
)
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
from bot.usecases.describe import about, with_alt
from bot.usecases.draw import draw
from bot.usecases.made import Made, Picture, Shop
from bot.usecases.mix import mix
from bot.usecases.morph import morph
from bot.usecases.policy import current
from bot.usecases.restyle import restyle
from bot.usecases.sanctions import banned
from bot.usecases.screen import remember
from bot.usecases.sentences import engine_reason
from bot.usecases.upscale import upscale
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

    left = job.deadline_at - bench.clock.now()
    if left <= 0:
        raise Cancelled("deadline")
    shop = Shop(bench.engine, bench.moderator, moderation.of(job.origin), progress, left)
    images = [await bench.artifacts.get(name) for name in job.uploads]
    made = await _by_kind(job, images, moderation, shop, bench)
    if made.pictures and made.decision.verdict is not Verdict.BLOCK:
        made = await with_alt(made, job.request, images, bench.engine)
    return made


async def _by_kind(job: Job, images: list[bytes], moderation: CommunityPolicy, shop: Shop, bench: Bench) -> Made:
    match job.request:
        case AvatarRequest() as request:
            return await draw(request, images[0] if images else None, shop)
        case CaptionRequest() as request:
            return await _written(request, job, images, moderation, shop, bench)
        case MixRequest() as request:
            return await mix(request, images[0], images[1], shop)
        case MorphRequest() as request:
            return await morph(request, images, shop)
        case UpscaleRequest() as request:
            return await upscale(request, images[0], shop)
        case RestyleRequest() as request:
            return await restyle(request, images[0], images[1] if request.manner else None, shop)


async def _written(
    request: CaptionRequest, job: Job, images: list[bytes], moderation: CommunityPolicy, shop: Shop, bench: Bench
) -> Made:
    """Captions; about a picture, the answer says what was seen, and the screens judge that, too."""
    terms = moderation.own_terms
    notes: tuple[Reason, ...] = ()
    judgements: tuple[Decision, ...] = ()
    if images:
        request, seen, decision = await about(
            request, images[0], shop.engine, shop.moderator, shop.policy, terms, shop.deadline
        )
        notes, judgements = (seen,), (decision,)
    made = await write(
        request,
        await _tone(request, job, bench),
        shop.engine,
        shop.moderator,
        bench.policy.text_model,
        shop.policy,
        terms,
        shop.progress,
        shop.deadline,
    )
    result = replace(made.result, notes=(*notes, *made.result.notes))
    severest = max((made.decision, *judgements), key=lambda decision: decision.verdict.severity)
    return replace(made, result=result, decision=severest, judgements=(*judgements, *made.judgements))


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
            alt=picture.alt,
            kept=picture.kept,
        )

    return [row(index, *pair) for index, pair in enumerate(zip(made.pictures, stored, strict=True))]
