"""A case with everything that a moderator weighs, as one reading of the database."""

from dataclasses import dataclass

from bot.domain.errors import NotFound
from bot.domain.identity import Member, Platform
from bot.domain.moderation import Note, Opinion, Report, ReviewCase
from bot.domain.sanctions import Standing
from bot.ports import Clock, Transactions, UnitOfWork
from bot.usecases import review, sanctions
from bot.usecases.review import CaseView

LAST = 5
"""Other cases of the same member that are shown beside this one."""


@dataclass(frozen=True, slots=True)
class Docket:
    """A case, what moderators said of it, and who it is about; an appeal comes with the `first` decision."""

    view: CaseView
    notes: tuple[Note, ...]
    opinions: tuple[Opinion, ...]
    reports: tuple[tuple[Report, Member | None], ...]
    member: Member
    standing: Standing
    others: tuple[ReviewCase, ...]
    first: ReviewCase | None


async def docket(
    case_id: str, place: tuple[Platform, str | None] | None, transactions: Transactions, clock: Clock
) -> Docket:
    """A case by its id; of another place than this one there is none, as if it did not exist."""
    async with transactions() as tx:
        found = await docket_in(tx, await review.case_in(tx, case_id), clock.now())
    origin = found.view.job.origin
    if place not in (None, (origin.platform, origin.community_id)):
        raise NotFound("case-not-found", case=case_id)
    return found


async def docket_in(tx: UnitOfWork, case: ReviewCase, now: float) -> Docket:
    """A case with what belongs to it, within a transaction."""
    view = await review.view_in(tx, case)
    job = view.job
    member = await tx.members.get(job.member_id)
    if member is None:
        raise NotFound("case-not-found", case=case.id)
    others = await tx.reviews.of_member(member.id, job.origin.platform, job.origin.community_id)
    return Docket(
        view,
        tuple(await tx.casework.notes(case.id)),
        tuple(await tx.casework.opinions([case.id])),
        tuple([(report, await tx.members.get(report.member_id)) for report in await tx.reports.of_case(case.id)]),
        member,
        await sanctions.standing_in(tx, member.id, job.origin, now),
        tuple(other for other in others if other.id != case.id)[:LAST],
        await _first(tx, case),
    )


async def _first(tx: UnitOfWork, case: ReviewCase) -> ReviewCase | None:
    return await tx.reviews.get(case.first_case_id) if case.first_case_id else None
