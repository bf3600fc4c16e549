"""Make something anew from what a member already has: again, in another tone or length, as variations."""

from dataclasses import replace

from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job
from bot.domain.outcomes import Outcome
from bot.domain.requests import COUNT_LIMIT, AvatarRequest, CaptionRequest, MemberRequest
from bot.usecases import account
from bot.usecases.submit import Desk, submit

VARIATION_STRENGTH = 0.5
"""Half of the noise: the face stays, hair and colours move."""


async def again(job_id: str, origin: Origin, desk: Desk) -> Outcome:
    """The same request with another seed, from the same upload when there was one."""
    job = (await account.view(origin, job_id, desk.transactions)).job
    request = job.request
    if isinstance(request, AvatarRequest):
        request = replace(request, image=await upload(job, desk))
    return await _submit(request, job, origin, desk)


async def in_tone(job_id: str, tone: str, origin: Origin, desk: Desk) -> Outcome:
    """The same topic in another tone."""
    job, request = await _caption(job_id, origin, desk)
    return await _submit(replace(request, tone=tone), job, origin, desk)


async def in_length(job_id: str, longer: bool, origin: Origin, desk: Desk) -> Outcome:
    """The same topic one step longer, or one shorter."""
    job, request = await _caption(job_id, origin, desk)
    length = request.length.longer if longer else request.length.shorter
    if length is None:
        raise InvalidRequest("length-longest" if longer else "length-shortest")
    return await _submit(replace(request, length=length), job, origin, desk)


async def variations(
    artifact_id: str,
    origin: Origin,
    desk: Desk,
    count: int = COUNT_LIMIT,
    strength: float = VARIATION_STRENGTH,
) -> Outcome:
    """`count` pictures near one that the member has: its own words, its pixels as the base."""
    artifact, job = await account.artwork(origin, artifact_id, desk.transactions)
    if not isinstance(job.request, AvatarRequest):
        raise NotFound("picture-not-found")
    image = await desk.artifacts.get(artifact.name)
    request = replace(job.request, image=image, lent=False, count=count, strength=strength)
    return await _submit(request, job, origin, desk)


async def upload(job: Job, desk: Desk) -> bytes | None:
    """The picture that a job began from, which its row does not keep; NotAllowed when it was lent for that once."""
    if job.upload is None:
        return None
    if isinstance(job.request, AvatarRequest) and job.request.lent:
        raise NotAllowed("portrait-once")
    try:
        return await desk.artifacts.get(job.upload)
    except NotFound:
        raise NotFound("upload-gone") from None


async def _caption(job_id: str, origin: Origin, desk: Desk) -> tuple[Job, CaptionRequest]:
    job = (await account.view(origin, job_id, desk.transactions)).job
    if not isinstance(job.request, CaptionRequest):
        raise InvalidRequest("not-a-caption")
    return job, job.request


async def _submit(request: MemberRequest, job: Job, origin: Origin, desk: Desk) -> Outcome:
    return await submit(replace(request, seed=None), origin, desk, job.id)
