"""What moderators do about a case before one of them decides it: take it, pass it on, talk about it."""

from uuid import uuid4

from bot.domain.errors import Conflict, InvalidRequest
from bot.domain.jobs import Job
from bot.domain.moderation import CaseStatus, Note, Opinion, Report, ReviewCase
from bot.domain.requests import clean_text
from bot.ports import Clock, Transactions, UnitOfWork
from bot.usecases import audit
from bot.usecases.review import NOTE_LIMIT, case_in, locked

LEASE = 600.0
"""Seconds for which a case is somebody's."""


async def claim(case_id: str, by: str, transactions: Transactions, clock: Clock) -> ReviewCase:
    """Take a case for ten minutes, or for ten more; Conflict when somebody else has it.

    It says who is at work and hinders nobody: a decision from elsewhere still counts.
    """
    now = clock.now()
    async with transactions() as tx:
        case, job = await _open(tx, case_id)
        if not await tx.casework.claim(case.id, by, now, now + LEASE):
            left = -(-int((case.claimed_until or now) - now) // 60)
            raise Conflict("case-claimed", by=case.claimed_by or "", minutes=max(1, left))
        return await _done(tx, now, by, job, "claim", case.id)


async def unclaim(case_id: str, by: str, transactions: Transactions, clock: Clock) -> ReviewCase:
    """Give a case back."""
    async with transactions() as tx:
        case, job = await locked(tx, case_id)
        if not await tx.casework.unclaim(case.id, by):
            raise Conflict("case-not-claimed")
        return await _done(tx, clock.now(), by, job, "unclaim", case.id)


async def escalate(case_id: str, by: str, transactions: Transactions, clock: Clock) -> ReviewCase:
    """Leave it to an owner: from now on only they decide."""
    now = clock.now()
    async with transactions() as tx:
        case, job = await _open(tx, case_id)
        if not await tx.casework.escalate(case.id, now):
            raise Conflict("case-escalated-already")
        return await _done(tx, now, by, job, "escalate", case.id)


async def ask_second(case_id: str, by: str, approve: bool, transactions: Transactions, clock: Clock) -> ReviewCase:
    """Say what one thinks, and leave the decision to somebody else."""
    now = clock.now()
    async with transactions() as tx:
        case, job = await _open(tx, case_id)
        if not await tx.casework.want_second(case.id, by):
            raise Conflict("case-second-already")
        await tx.casework.opine(Opinion(case.id, by, approve, now))
        return await _done(tx, now, by, job, "ask-second", case.id)


async def add_note(case_id: str, by: str, text: str, transactions: Transactions, clock: Clock) -> Note:
    """Tell the other moderators something about a case; its member never sees it."""
    now, text = clock.now(), clean_text(text)[:NOTE_LIMIT]
    if not text:
        raise InvalidRequest("note-empty")
    async with transactions() as tx:
        case, job = await locked(tx, case_id)
        note = Note(uuid4().hex, case.id, by, text, now)
        await tx.casework.note(note)
        await _done(tx, now, by, job, "note", case.id)
    return note


async def notes(case_id: str, transactions: Transactions) -> list[Note]:
    """What moderators told each other about a case, oldest first."""
    async with transactions() as tx:
        return await tx.casework.notes((await case_in(tx, case_id)).id)


async def opinions(case_id: str, transactions: Transactions) -> list[Opinion]:
    """What each moderator thought of a case, oldest first."""
    async with transactions() as tx:
        return await tx.casework.opinions([(await case_in(tx, case_id)).id])


async def reports(case_id: str, transactions: Transactions) -> list[Report]:
    """Who reported it, and what they said: no report is anonymous to moderators."""
    async with transactions() as tx:
        return await tx.reports.of_case((await case_in(tx, case_id)).id)


async def _open(tx: UnitOfWork, case_id: str) -> tuple[ReviewCase, Job]:
    case, job = await locked(tx, case_id)
    if case.status is not CaseStatus.OPEN:
        raise Conflict("case-already-decided", case=case.id[:8], status=case.status.value)
    return case, job


async def _done(tx: UnitOfWork, now: float, by: str, job: Job, action: str, case_id: str) -> ReviewCase:
    await audit.log(tx, now, by, job.origin.community, action, case_id)
    case = await case_in(tx, case_id)
    await tx.commit()
    return case
