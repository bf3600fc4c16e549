"""Make something anew from what a member already has: again, in another tone or length, near it, larger, bred."""

from dataclasses import replace

from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact, Job
from bot.domain.outcomes import Outcome
from bot.domain.requests import (
    COUNT_LIMIT,
    STYLE_BASED,
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MixRequest,
    MorphRequest,
    Source,
    UpscaleRequest,
    prompt_of,
    sources,
    with_sources,
)
from bot.usecases import account
from bot.usecases.describe import PLAIN, description, words_for
from bot.usecases.pick import picked
from bot.usecases.submit import Desk, submit
from engines.contract import EngineError

VARIATION_STRENGTH = 0.5
"""Half of the noise: the face stays, hair and colours move."""
REFINEMENT_STRENGTH = 0.35
"""Little noise: what a style-based model made stays what it is, and diffusion draws its lines anew."""


async def again(job_id: str, origin: Origin, desk: Desk) -> Outcome:
    """The same request with another seed, from the same pictures when there were any."""
    job = (await account.view(origin, job_id, desk.transactions)).job
    return await _submit(await restored(job, desk), job, origin, desk)


async def restored(job: Job, desk: Desk) -> MemberRequest:
    """A job's request with its pictures, of which its row keeps those that were sent only by name.

    NotAllowed when one was lent for that once; NotFound when one is kept no longer.
    """
    known, given = sources(job.request), []
    for index, name in enumerate(job.uploads):
        source = known[index] if index < len(known) else Source()
        given.append(source if source.artifact_id else Source(image=await _sent(job, name, desk)))
    return with_sources(job.request, given)


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
    return await _near(artifact_id, origin, desk, count, strength)


async def refine(artifact_id: str, origin: Origin, desk: Desk) -> Outcome:
    """What a style-based model made, drawn anew by diffusion with the same words and little noise."""
    return await _near(artifact_id, origin, desk, 1, REFINEMENT_STRENGTH)


async def upscale(artifact_id: str, origin: Origin, desk: Desk) -> Outcome:
    """A picture that the member has, larger."""
    _, job = await account.artwork(origin, artifact_id, desk.transactions)
    return await _submit(UpscaleRequest(Source(artifact_id), private=job.request.private), job, origin, desk)


async def mix(first: str, second: str, origin: Origin, desk: Desk) -> Outcome:
    """Children of two pictures that the member has; of the second one's id the beginning is enough."""
    _, job = await account.artwork(origin, first, desk.transactions)
    (other,) = await picked(origin, [second], desk.transactions)
    request = MixRequest(Source(first), other, private=job.request.private)
    return await _submit(request, job, origin, desk)


async def remix(
    job_id: str, coarse: float | None, middle: float | None, fine: float | None, origin: Origin, desk: Desk
) -> Outcome:
    """Other children of the same two pictures, with these shares of the second."""
    job = (await account.view(origin, job_id, desk.transactions)).job
    request = await restored(job, desk)
    if not isinstance(request, MixRequest):
        raise InvalidRequest("not-a-mix")
    return await _submit(replace(request, coarse=coarse, middle=middle, fine=fine), job, origin, desk)


async def upload(job: Job, desk: Desk) -> bytes | None:
    """The picture that a job began from, which its row does not keep.

    NotAllowed when it was lent for that once; NotFound when it is kept no longer.
    """
    return await _sent(job, job.uploads[0], desk) if job.uploads else None


async def words_of(artifact: Artifact, job: Job, desk: Desk) -> str:
    """The words that a picture was made from, else those that would draw one like it."""
    if not isinstance(job.request, CaptionRequest) and (words := prompt_of(job.request)):
        return words
    try:
        return words_for(await description(await desk.artifacts.get(artifact.name), desk.engine))
    except EngineError:
        return artifact.alt or PLAIN


async def _near(artifact_id: str, origin: Origin, desk: Desk, count: int, strength: float) -> Outcome:
    """An avatar by diffusion that begins from a picture."""
    artifact, job = await account.artwork(origin, artifact_id, desk.transactions)
    if artifact.animated:
        raise InvalidRequest("picture-moves")
    if isinstance(job.request, AvatarRequest):
        before = job.request
    else:
        before = AvatarRequest(await words_of(artifact, job, desk), private=job.request.private)
    if before.model == STYLE_BASED:
        # It draws from nothing alone.
        before = replace(before, model="default")
    from_it = replace(before, base=artifact_id, image=None, lent=False, wildness=None)
    return await _submit(replace(from_it, count=count, candidates=1, strength=strength), job, origin, desk)


async def _sent(job: Job, name: str, desk: Desk) -> bytes:
    if isinstance(job.request, AvatarRequest) and job.request.lent:
        raise NotAllowed("portrait-once")
    try:
        return await desk.artifacts.get(name)
    except NotFound:
        raise NotFound("upload-gone") from None


async def _caption(job_id: str, origin: Origin, desk: Desk) -> tuple[Job, CaptionRequest]:
    job = (await account.view(origin, job_id, desk.transactions)).job
    if not isinstance(job.request, CaptionRequest):
        raise InvalidRequest("not-a-caption")
    request = await restored(job, desk)
    assert isinstance(request, CaptionRequest)
    return job, request


async def _submit(request: MemberRequest, job: Job, origin: Origin, desk: Desk) -> Outcome:
    if not isinstance(request, MorphRequest | UpscaleRequest):
        request = replace(request, seed=None)
    return await submit(request, origin, desk, job.id)
