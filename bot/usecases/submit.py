"""Take a member's request: screen it, reserve its units, put it into the queue. All or nothing."""

import secrets
from dataclasses import dataclass, replace
from uuid import uuid4

from bot import captions, prompting
from bot.domain.community import CommunityRules
from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import Conflict, InvalidRequest, NotFound, Reason
from bot.domain.identity import Member, Origin, Role
from bot.domain.jobs import Job, JobStatus, Settlement
from bot.domain.moderation import Decision, Stage, Verdict
from bot.domain.outcomes import Accepted, Held, Outcome, Refused
from bot.domain.policy import Policy
from bot.domain.quota import Charge, QuotaPolicy, QuotaState, Window, charges, cost, member_account
from bot.domain.requests import (
    OWN_TONE,
    SEED_LIMIT,
    AvatarRequest,
    CaptionRequest,
    MemberRequest,
    MorphRequest,
    RestyleRequest,
    UpscaleRequest,
    prompt_of,
    sources,
)
from bot.ports import (
    ArtifactStore,
    Clock,
    EngineClient,
    Events,
    JobEvent,
    Meter,
    Moderator,
    Transactions,
    UnitOfWork,
    Voices,
)
from bot.usecases.community import rules_in
from bot.usecases.policy import in_force
from bot.usecases.sanctions import refusal
from bot.usecases.screen import judged, remember


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking a request needs."""

    transactions: Transactions
    moderator: Moderator
    artifacts: ArtifactStore
    events: Events
    clock: Clock
    meter: Meter
    policy: Policy
    engine: EngineClient
    """For questions that somebody waits for; what is made is made by jobs."""
    voices: Voices


@dataclass(frozen=True, slots=True)
class _Begun:
    """A picture that a request begins from: its bytes, and its file's name where the store has it already."""

    image: bytes
    name: str | None


async def submit(request: MemberRequest, origin: Origin, desk: Desk, parent_id: str | None = None) -> Outcome:
    """Accept, hold or refuse a request; a replay of the same platform message answers as the first did.

    What the community does not want is refused before anything else is done. The screens are asked before the
    transaction opens: a classifier must not hold the database's write lock.
    Raises InvalidRequest for a style or tone that there is not, or an upload that is no picture; NotFound for a picture
    to begin from that is not the member's own.
    """
    _check(request, desk.policy)
    rules, moderation, unwanted = await _place(request, origin, desk)
    if unwanted:
        desk.meter.count("refused", unwanted.message)
        return Refused(unwanted)
    begun = await _begun(request, origin, desk)
    judgements = await _screen(request, begun, origin, moderation, desk)
    decision, stage = judgements[-1]
    uploads: tuple[str, ...] = ()
    if decision.verdict is not Verdict.BLOCK:
        uploads = tuple([each.name or (await desk.artifacts.put(each.image, ".upload")).name for each in begun])
    if origin.private:
        # What only the asker sees stays that way, wherever the answer comes to stand.
        request = replace(request, private=True)
    if not isinstance(request, MorphRequest | UpscaleRequest) and request.seed is None:
        # Chosen here, so that a second attempt after a crash draws the same picture.
        request = replace(request, seed=secrets.randbelow(SEED_LIMIT + 1))
    try:
        outcome = await _enter(request, origin, judgements, uploads, desk, parent_id, rules, moderation)
    except Conflict:
        # Two copies of one message raced; the other one has it.
        outcome = await _enter(request, origin, judgements, uploads, desk, parent_id, rules, moderation)
    match outcome:
        case Accepted(job_id=job_id):
            desk.meter.count("accepted", type(request).__name__)
            desk.events.publish(JobEvent(job_id, "", JobStatus.QUEUED))
        case Held():
            desk.meter.count("held", stage.value)
        case Refused(reason):
            desk.meter.count("refused", reason.message)
    return outcome


def _check(request: MemberRequest, policy: Policy) -> None:
    """The queue accepts only what can be done: the style and tone must be there, and candidates few enough."""
    if isinstance(request, CaptionRequest):
        if request.tone != OWN_TONE:  # whether there is one here, the community's rules say
            captions.tone(request.tone)
    elif isinstance(request, AvatarRequest | RestyleRequest) and request.style:
        prompting.style(request.style)
    if isinstance(request, AvatarRequest) and request.candidates > policy.candidates:
        raise InvalidRequest("out-of-range", name="candidates", low=1, high=policy.candidates)


async def _begun(request: MemberRequest, origin: Origin, desk: Desk) -> list[_Begun]:
    """The pictures that a request begins from: what was sent, or the member's own that they can see."""
    wanted = sources(request)
    async with desk.transactions() as tx:
        member = await tx.members.resolve(origin)
        owned = await tx.artifacts.owned(member.id, [each.artifact_id for each in wanted if each.artifact_id])
    begun = []
    for source in wanted:
        if source.artifact_id is None:
            if source.image is None:
                raise InvalidRequest("image-empty")
            begun.append(_Begun(source.image, None))
            continue
        if (artifact := owned.get(source.artifact_id)) is None:
            raise NotFound("picture-not-found")
        if artifact.animated:
            raise InvalidRequest("picture-moves")
        begun.append(_Begun(await desk.artifacts.get(artifact.name), artifact.name))
    return begun


async def _place(
    request: MemberRequest, origin: Origin, desk: Desk
) -> tuple[CommunityRules, CommunityPolicy, Reason | None]:
    """The community's rules and policy, and why it refuses this member or what they ask for.

    A message that made a job is past all that, whatever is decided now.
    """
    async with desk.transactions() as tx:
        rules, moderation = await rules_in(tx, origin), await in_force(tx, origin.platform, origin.community_id)
        member = await tx.members.resolve(origin)
        reason = await refusal(tx, member.id, origin, desk.clock.now()) or rules.refusal(request, origin)
        past = reason and origin.token and await tx.jobs.by_token(origin)
        return rules, moderation, None if past else reason


async def _screen(
    request: MemberRequest, begun: list[_Begun], origin: Origin, moderation: CommunityPolicy, desk: Desk
) -> list[tuple[Decision, Stage]]:
    """The verdicts on what the member wrote and on each picture they begin from; the severest comes last, and counts.

    A picture is looked at also when the words are held: whoever lets those go should not have to wonder about it.
    """
    policy = moderation.of(origin)
    found: list[tuple[Decision, Stage]] = []
    if text := prompt_of(request):
        words = desk.moderator.screen_text(text, moderation.own_terms)
        found.append((await judged([words], policy, Stage.PROMPT), Stage.PROMPT))
    if not any(decision.verdict is Verdict.BLOCK for decision, _ in found):
        for each in reversed(begun):
            uploaded = desk.moderator.screen_image(each.image)
            found.insert(0, (await judged([uploaded], policy, Stage.UPLOAD), Stage.UPLOAD))
    return sorted(found, key=lambda each: each[0].verdict.severity)


async def _enter(
    request: MemberRequest,
    origin: Origin,
    judgements: list[tuple[Decision, Stage]],
    uploads: tuple[str, ...],
    desk: Desk,
    parent_id: str | None,
    rules: CommunityRules,
    moderation: CommunityPolicy,
) -> Outcome:
    decision, stage = judgements[-1]
    now, policy = desk.clock.now(), replace(desk.policy, quota=rules.quota(desk.policy.quota))
    units = cost(request)
    async with desk.transactions() as tx:
        member = await tx.members.resolve(origin, to_ask=True)
        if decision.verdict is Verdict.BLOCK and decision.cause:
            for judgement, its_stage in judgements:
                await remember(tx, judgement, its_stage, origin, moderation, member.id, None, now)
            await tx.commit()
            return Refused(Reason.of("blocked", category=decision.cause.category.value))
        if origin.token and (earlier := await tx.jobs.by_token(origin)):
            return await _answer_again(tx, earlier, member, origin, policy, now)
        # Asked again, now that the account is held: a ban may have come while the screens looked.
        if barred := await refusal(tx, member.id, origin, now):
            return Refused(barred)
        held = decision.verdict is Verdict.HOLD
        if not held and await tx.jobs.queued() >= policy.queue_limit:
            return Refused(Reason.of("queue-full"))
        job = Job(
            id=uuid4().hex,
            member_id=member.id,
            origin=origin,
            request=request,
            units=units,
            status=JobStatus.HELD if held else JobStatus.QUEUED,
            settlement=Settlement.RESERVED,
            created_at=now,
            deadline_at=now + policy.deadline,
            parent_id=parent_id,
            uploads=uploads,
        )
        await tx.jobs.add(job)
        full = await tx.quotas.reserve(
            job.id, charges(policy.quota, origin.role, member.id, community_account(origin), units, now)
        )
        if full:
            return Refused(_no_room(full, units, now))
        for judgement, its_stage in judgements:
            await remember(tx, judgement, its_stage, origin, moderation, member.id, job.id, now)
        if held and decision.cause:
            case_id = await tx.reviews.open(job.id, stage, decision.cause, now)
            await tx.commit()
            return Held(job.id, case_id, Reason.of("held", category=decision.cause.category.value))
        answer = await _accepted(tx, job, member, origin, policy, now)
        await tx.commit()
        return answer


def community_account(origin: Origin) -> str | None:
    """The name under which a community's usage is counted; None in a private chat."""
    return f"{origin.platform.value}:{origin.community_id}" if origin.community_id else None


async def quota_state(tx: UnitOfWork, member: Member, role: Role, quota: QuotaPolicy, now: float) -> QuotaState:
    """What the member has left today, of what the machine and the community grant."""
    start = Window.DAY.start(now)
    used = await tx.quotas.used(member_account(member.id), start, Window.DAY.value)
    return QuotaState(used, quota.member_day[role], start + Window.DAY.seconds)


async def _accepted(tx: UnitOfWork, job: Job, member: Member, origin: Origin, policy: Policy, now: float) -> Accepted:
    place = await tx.jobs.place(job.id, policy.workers)
    return Accepted(job.id, place, await quota_state(tx, member, origin.role, policy.quota, now), job.units)


async def _answer_again(
    tx: UnitOfWork, job: Job, member: Member, origin: Origin, policy: Policy, now: float
) -> Outcome:
    if job.status is JobStatus.HELD:
        return Held(job.id, "", Reason.of("held-again"))
    return await _accepted(tx, job, member, origin, policy, now)


def _no_room(full: Charge, units: int, now: float) -> Reason:
    wait = int(full.window_start + full.window.seconds - now) + 1
    if full.account.startswith("community:"):
        return Reason.of("quota-community", limit=full.limit, hours=-(-wait // 3600))
    if full.window is Window.MINUTE:
        return Reason.of("quota-minute", limit=full.limit, seconds=wait)
    return Reason.of("quota-day", limit=full.limit, units=units, hours=-(-wait // 3600))
