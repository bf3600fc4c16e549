"""A moderator's decision about something held: the first one wins, and the member is told.

A decision with `grace` takes effect only when so many seconds are over: until then the job stays as it is, so that
taking the decision back undoes nothing. The janitor calls `settle`; after a crash it still finds what is due.
"""

import math
from dataclasses import dataclass

from bot.domain.audit import Detail
from bot.domain.errors import Conflict, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Artifact, Job, JobStatus
from bot.domain.moderation import CaseStatus, Category, Opinion, ReviewCase, Stage
from bot.domain.policy import Policy
from bot.domain.requests import CaptionRequest, clean_text
from bot.ports import Clock, Events, JobEvent, Transactions, UnitOfWork
from bot.usecases import audit, effects
from bot.usecases.judges import check_judge

GRACE = 60.0
"""Seconds in which a decision can be taken back, where a face offers that."""
NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its job and what the job made."""

    case: ReviewCase
    job: Job
    artifacts: tuple[Artifact, ...]

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the files that a moderator has to see: what was made, before that what it is to be made from.

        Captions that are held may be about a picture, which is kept as long as they are.
        """
        about = isinstance(self.job.request, CaptionRequest) and self.job.status is JobStatus.HELD
        if self.job.result is None or about:
            return self.job.uploads
        return tuple(artifact.name for artifact in self.artifacts)


async def cases(
    transactions: Transactions,
    status: CaseStatus = CaseStatus.OPEN,
    limit: int = 50,
    community: tuple[Platform, str] | None = None,
) -> list[CaseView]:
    """Cases of one status, oldest first, of everywhere or of one community."""
    async with transactions() as tx:
        return [await view_in(tx, case) for case in await tx.reviews.list(status, limit, community)]


async def show(case_id: str, transactions: Transactions) -> CaseView:
    """One case by its id or an unmistakable beginning of it."""
    async with transactions() as tx:
        return await view_in(tx, await case_in(tx, case_id))


async def for_moderator(case_id: str, origin: Origin, transactions: Transactions) -> CaseView:
    """A case as a platform's moderator may see and decide it: only one of their own community."""
    if not origin.role.at_least(Role.MODERATOR) or not origin.community_id:
        raise NotAllowed("moderators-only")
    view = await show(case_id, transactions)
    asked = view.job.origin
    if (asked.platform, asked.community_id) != (origin.platform, origin.community_id):
        raise NotAllowed("moderators-only")
    return view


async def approve(
    case_id: str,
    by: str,
    transactions: Transactions,
    events: Events,
    clock: Clock,
    policy: Policy,
    note: str = "",
    *,
    role: Role = Role.MODERATOR,
    grace: float = 0.0,
) -> CaseView:
    """Let it go: a prompt goes into the queue, a picture or caption to its member; what was reported stays."""
    made = _Ruling(CaseStatus.APPROVED, by, role, note, grace, policy.deadline)
    return await _decide(case_id, made, transactions, events, clock)


async def reject(
    case_id: str,
    by: str,
    transactions: Transactions,
    events: Events,
    clock: Clock,
    note: str = "",
    *,
    role: Role = Role.MODERATOR,
    reason: Category | None = None,
    strike: bool = True,
    grace: float = 0.0,
) -> CaseView:
    """Refuse it and tell the member why. What was generated stays charged: the work was done."""
    made = _Ruling(CaseStatus.REJECTED, by, role, note, grace, reason=reason, strike=strike)
    return await _decide(case_id, made, transactions, events, clock)


async def undo(
    case_id: str,
    by: str,
    transactions: Transactions,
    events: Events,
    clock: Clock,
    *,
    role: Role = Role.MODERATOR,
) -> CaseView:
    """Take one's own decision back before it takes effect (owners: anybody's); the case waits again."""
    now = clock.now()
    async with transactions() as tx:
        case, job = await locked(tx, case_id)
        if not case.decided:
            raise Conflict("case-not-decided", case=case.id[:8])
        if case.decided_by != by and role is not Role.OWNER:
            raise NotAllowed("undo-not-yours")
        if not await tx.reviews.undo(case.id, now):
            raise Conflict("undo-too-late", seconds=int(GRACE))
        await audit.log(tx, now, by, job.origin.community, "undo", case.id)
        view = await view_in(tx, await case_in(tx, case.id))
        await tx.commit()
    events.publish(JobEvent(job.id, job.member_id, job.status))
    return view


async def settle(transactions: Transactions, events: Events, clock: Clock, policy: Policy) -> int:
    """Let decisions take effect whose time to be taken back is over; answers how many."""
    now = clock.now()
    async with transactions() as tx:
        due = await tx.reviews.settling(now)
    for case in due:
        async with transactions() as tx:
            _, job = await locked(tx, case.id)
            # Somebody may just have taken it back: of the two one changes the row.
            if not await tx.reviews.settle(case.id, now):
                continue
            try:
                status = await effects.carry_out(tx, case, job, now, policy.deadline)
                await _opine(tx, case)
            except Conflict:
                # Its member stopped it meanwhile: there is nothing left to decide about.
                status = job.status
                await tx.reviews.withdraw(case.id, now)
            await tx.commit()
        events.publish(JobEvent(job.id, job.member_id, status))
    return len(due)


async def overturn(
    case_id: str,
    by: str,
    transactions: Transactions,
    events: Events,
    clock: Clock,
    policy: Policy,
    note: str = "",
    *,
    role: Role = Role.MODERATOR,
) -> CaseView:
    """Turn a decision round at any time: what was rejected goes out free of charge, what was approved is taken away."""
    now = clock.now()
    async with transactions() as tx:
        case, job = await locked(tx, case_id)
        if not case.decided:
            raise Conflict("case-not-decided", case=case.id[:8])
        if case.settled_at is None:
            raise Conflict("case-undo-first")
        await check_judge(tx, case, job, by, role)
        again = CaseStatus.APPROVED if case.status is CaseStatus.REJECTED else CaseStatus.REJECTED
        if not await tx.reviews.overturn(case, again, by, clean_text(note)[:NOTE_LIMIT], now):
            raise Conflict("case-already-decided", case=case.id[:8])
        if again is CaseStatus.REJECTED:
            status = await effects.take_away(tx, job, now, effects.OVERTURNED)
        elif case.stage is Stage.APPEAL:
            status = await effects.uphold(tx, case, job, now, policy.deadline)
        else:
            status = await effects.restore(tx, case.id, job, now, policy.deadline)
        # A report of what is gone, or an appeal against what is no more, needs no decision.
        if other := await tx.reviews.open_for(job.id):
            await tx.reviews.decide(other.id, CaseStatus.WITHDRAWN, by, "", now)
        await tx.casework.opine(Opinion(case.id, by, again is CaseStatus.APPROVED, now))
        await audit.log(tx, now, by, job.origin.community, "overturn", case.id, to=again.value, **_about(case))
        view = await view_in(tx, await case_in(tx, case.id))
        await tx.commit()
    events.publish(JobEvent(job.id, job.member_id, status))
    return view


async def view_in(tx: UnitOfWork, case: ReviewCase) -> CaseView:
    """A case with what belongs to it."""
    job = await tx.jobs.get(case.job_id)
    if job is None:
        raise NotFound("case-not-found", case=case.id)
    return CaseView(case, job, (await tx.artifacts.of_jobs([job.id])).get(job.id, ()))


async def case_in(tx: UnitOfWork, case_id: str) -> ReviewCase:
    """A case by its id or an unmistakable beginning of it."""
    case = await tx.reviews.get(case_id)
    if case is None:
        raise NotFound("case-not-found", case=case_id)
    return case


async def locked(tx: UnitOfWork, case_id: str) -> tuple[ReviewCase, Job]:
    """A case as it is now, and its job, which nobody else can move.

    The job goes first, here as wherever one is moved, so that no two wait for each other. A reported picture may be
    on its way to its member just now: READY becomes DELIVERED meanwhile.
    """
    job = await tx.jobs.locked((await case_in(tx, case_id)).job_id)
    if job is None:
        raise NotFound("case-not-found", case=case_id)
    return await case_in(tx, case_id), job


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What a moderator decides, and how."""

    status: CaseStatus
    by: str
    role: Role
    note: str
    grace: float
    deadline: float = 0.0
    reason: Category | None = None
    strike: bool = False


async def _decide(case_id: str, made: _Ruling, transactions: Transactions, events: Events, clock: Clock) -> CaseView:
    now, by = clock.now(), made.by
    approved = made.status is CaseStatus.APPROVED
    async with transactions() as tx:
        case, job = await locked(tx, case_id)
        await check_judge(tx, case, job, by, made.role)
        if not await tx.reviews.decide(
            case.id,
            made.status,
            by,
            clean_text(made.note)[:NOTE_LIMIT],
            now,
            reason=made.reason,
            strike=made.strike and case.stage is not Stage.APPEAL,
            settles_at=now + made.grace if made.grace else None,
        ):
            raise Conflict("case-already-decided", case=case.id[:8], status=case.status.value)
        case, status = await case_in(tx, case.id), job.status
        if not made.grace:
            status = await effects.carry_out(tx, case, job, now, made.deadline)
            await _opine(tx, case)
        action = "approve" if approved else "reject"
        await audit.log(tx, now, by, job.origin.community, action, case.id, grace=made.grace, **_about(case))
        view = await view_in(tx, case)
        await tx.commit()
    events.publish(JobEvent(job.id, job.member_id, status))
    return view


async def _opine(tx: UnitOfWork, case: ReviewCase) -> None:
    """A decision that takes effect is an opinion, too; one that was taken back never was."""
    if case.decided_by and case.decided_at is not None:
        approved = case.status is CaseStatus.APPROVED
        await tx.casework.opine(Opinion(case.id, case.decided_by, approved, case.decided_at))


def _about(case: ReviewCase) -> dict[str, Detail]:
    """What screens can be taught by, once a human has decided: no words."""
    cause = case.cause
    # JSON has no number for what is none.
    score = None if math.isnan(cause.score) else cause.score
    return {"stage": case.stage.value, "category": case.category.value, "source": cause.source, "score": score}
