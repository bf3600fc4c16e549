"""What members may not do for a while, or for good: decided by moderators, or following from strikes."""

from dataclasses import dataclass, replace
from uuid import uuid4

from bot.domain.community_policy import DAY
from bot.domain.errors import InvalidRequest, NotAllowed, NotFound, Reason
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Job, JobStatus
from bot.domain.moderation import CaseStatus, Category
from bot.domain.requests import clean_text
from bot.domain.sanctions import (
    Sanction,
    SanctionKind,
    Standing,
    Strike,
    following,
    severest,
    standing,
)
from bot.ports import Clock, Events, JobEvent, Transactions, UnitOfWork
from bot.usecases import audit, policy

BY_POLICY = "policy"
"""Who made a sanction that followed from strikes."""
REASON_LIMIT = 500
LONGEST = 366 * DAY
NO_STRIKE = frozenset({Category.SELF_HARM, Category.UNSCREENED})
"""Who needs help is not punished, nor who was only held because a screen was out of order."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sanction, the accounts that its member has on one platform, and their language."""

    sanction: Sanction
    accounts: tuple[str, ...]
    locale: str


async def refusal(tx: UnitOfWork, member_id: str, origin: Origin, now: float) -> Reason | None:
    """Why this member may ask for nothing here; None where nothing speaks against it."""
    sanction = severest(await tx.sanctions.of(member_id, origin.platform, origin.community), now)
    if sanction is None:
        return None
    hours = -(-int(sanction.until - now) // 3600) if sanction.until else 0
    return Reason.of(sanction.kind.state, hours=max(1, hours))


async def sanction(
    origin: Origin,
    member_id: str,
    kind: SanctionKind,
    reason: str,
    transactions: Transactions,
    events: Events,
    clock: Clock,
    seconds: float | None = None,
) -> Sanction:
    """Mute, suspend or ban a member in the moderator's community; only owners ban, and nobody themselves."""
    _moderates(origin)
    if kind is SanctionKind.BAN and origin.role is not Role.OWNER:
        raise NotAllowed("owners-only")
    if kind is not SanctionKind.BAN and not (seconds and 60 <= seconds <= LONGEST):
        raise InvalidRequest("out-of-range", name="seconds", low=60, high=int(LONGEST))
    now = clock.now()
    until = now + seconds if seconds else None
    async with transactions() as tx:
        member = await tx.members.get(member_id)
        if member is None:
            raise NotFound("member-not-found")
        if (origin.platform, origin.user_id) in member.accounts:
            raise NotAllowed("sanction-self")
        # Whoever of them asks for something at this moment waits, and then hears of it.
        await tx.members.hold(member.accounts)
        made = Sanction(
            uuid4().hex, member_id, origin.community, kind, clean_text(reason)[:REASON_LIMIT], origin.asker, now, until
        )
        await tx.sanctions.add(made)
        await audit.log(tx, now, origin.asker, origin.community, kind.value, member_id, until=until)
        await tx.commit()
    if kind is SanctionKind.BAN:
        await enforce(transactions, events, clock)
    return made


async def lift(
    origin: Origin, member_id: str, transactions: Transactions, clock: Clock, kind: SanctionKind | None = None
) -> int:
    """End a member's sanctions in the moderator's community; only owners end bans. Answers how many ended."""
    _moderates(origin)
    now = clock.now()
    async with transactions() as tx:
        found = await tx.sanctions.of(member_id, origin.platform, origin.community)
        in_force = [each for each in found if each.active(now)]
        ban = any(each.kind is SanctionKind.BAN and each.community == origin.community for each in in_force)
        if ban and kind in (None, SanctionKind.BAN) and origin.role is not Role.OWNER:
            raise NotAllowed("owners-only")
        ended = await tx.sanctions.lift(member_id, origin.community, kind, now)
        if ended:
            await audit.log(tx, now, origin.asker, origin.community, "lift", member_id, ended=ended)
        await tx.commit()
    return ended


async def of_member(origin: Origin, member_id: str, transactions: Transactions, clock: Clock) -> Standing:
    """How a member stands in the moderator's community."""
    _moderates(origin)
    async with transactions() as tx:
        return await standing_in(tx, member_id, origin, clock.now())


async def own(origin: Origin, transactions: Transactions, clock: Clock) -> Standing:
    """How the asker stands where they ask."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        return await standing_in(tx, member.id, origin, clock.now())


async def untold(platform: Platform, transactions: Transactions, clock: Clock, limit: int = 20) -> list[Notice]:
    """Sanctions in this platform's communities of which nobody has told the member."""
    async with transactions() as tx:
        found = []
        for sanction in await tx.sanctions.untold(platform, clock.now(), limit):
            member = await tx.members.get(sanction.member_id)
            accounts = [user for where, user in (member.accounts if member else ()) if where is platform]
            found.append(Notice(sanction, tuple(accounts), member.locale if member else ""))
        return found


async def told(sanction_id: str, transactions: Transactions, clock: Clock) -> None:
    """The member knows of it, or nobody can tell them before they ask for something again."""
    async with transactions() as tx:
        await tx.sanctions.told(sanction_id, clock.now())
        await tx.commit()


async def standing_in(tx: UnitOfWork, member_id: str, origin: Origin, now: float) -> Standing:
    """The same within a transaction, where `origin` tells the place."""
    rules = await policy.in_force(tx, origin.platform, origin.community_id)
    strikes = await tx.sanctions.strikes(member_id, origin.community)
    made = await tx.sanctions.of(member_id, origin.platform, origin.community)
    return standing(strikes, made, rules.strikes, now)


async def strike(tx: UnitOfWork, job: Job, case_id: str, category: Category, now: float) -> Sanction | None:
    """A rejection counts against the job's member; answers the sanction that follows from it."""
    if category in NO_STRIKE:
        return None
    place = job.origin
    await tx.sanctions.strike(Strike(uuid4().hex, job.member_id, place.community, category, case_id, now))
    # Written down before it is counted: of two strikes at once the second waits here, and then sees the first.
    await audit.log(tx, now, BY_POLICY, place.community, "strike", job.member_id, case=case_id)
    rules = await policy.in_force(tx, place.platform, place.community_id)
    step = following(await standing_in(tx, job.member_id, place, now), rules.strikes)
    if step is None:
        return None
    kind, seconds = step
    until = now + seconds if seconds else None
    made = Sanction(uuid4().hex, job.member_id, place.community, kind, category.value, BY_POLICY, now, until)
    await tx.sanctions.add(made)
    await audit.log(tx, now, BY_POLICY, place.community, kind.value, job.member_id, until=until, case=case_id)
    return made


async def pardon(tx: UnitOfWork, job: Job, case_id: str, now: float) -> None:
    """The strikes of a case count no more, nor what followed from them unless the others are enough for it."""
    place = job.origin
    await tx.sanctions.lift_strikes(case_id, now)
    rules = await policy.in_force(tx, place.platform, place.community_id)
    left = await standing_in(tx, job.member_id, place, now)
    if left.sanction is None or left.sanction.by != BY_POLICY:
        return
    due = following(replace(left, sanction=None), rules.strikes)
    if due is None or due[0] is not left.sanction.kind:
        await tx.sanctions.lift(job.member_id, place.community, left.sanction.kind, now, by=BY_POLICY)


async def banned(tx: UnitOfWork, member_id: str, origin: Origin, now: float) -> bool:
    """Whether a member is banned where a job of theirs was asked for."""
    found = severest(await tx.sanctions.of(member_id, origin.platform, origin.community), now)
    return found is not None and found.kind is SanctionKind.BAN


async def enforce(transactions: Transactions, events: Events, clock: Clock) -> int:
    """Cancel what banned members have waiting, held or running; answers how many. The janitor calls it as well.

    Each in a transaction of its own: two bans at once would else wait for each other's jobs.
    """
    now = clock.now()
    async with transactions() as tx:
        barred = await tx.sanctions.barred(now)
    for job in barred:
        async with transactions() as tx:
            locked = await tx.jobs.locked(job.id)
            if locked is None or locked.status is not job.status:
                continue
            if locked.status is JobStatus.RUNNING:
                await tx.jobs.request_cancel(job.id)
            elif await tx.jobs.move(locked, JobStatus.CANCELLED, now=now):
                await tx.quotas.release(job.id)
                if case := await tx.reviews.open_for(job.id):
                    await tx.reviews.decide(case.id, CaseStatus.WITHDRAWN, BY_POLICY, "", now)
            await tx.commit()
        if job.status is not JobStatus.RUNNING:
            events.publish(JobEvent(job.id, job.member_id, JobStatus.CANCELLED))
    return len(barred)


def _moderates(origin: Origin) -> None:
    if not origin.community_id or not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
