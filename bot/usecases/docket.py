"""A case with everything that a moderator weighs, as one reading of the database."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
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
    names: Mapping[str, str]
    """Of the accounts that had to do with it: who of them are members, by account."""


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
    notes, opinions = await tx.casework.notes(case.id), await tx.casework.opinions([case.id])
    first = await _first(tx, case)
    accounts = [case.claimed_by, case.decided_by, case.second_wanted_by, first.decided_by if first else None]
    accounts += [note.by for note in notes] + [opinion.by for opinion in opinions]
    others = await tx.reviews.of_member(member.id, job.origin.platform, job.origin.community_id)
    return Docket(
        view,
        tuple(notes),
        tuple(opinions),
        tuple([(report, await tx.members.get(report.member_id)) for report in await tx.reports.of_case(case.id)]),
        member,
        await sanctions.standing_in(tx, member.id, job.origin, now),
        tuple(other for other in others if other.id != case.id)[:LAST],
        first,
        await names(tx, accounts),
    )


async def known(accounts: Iterable[str | None], transactions: Transactions) -> dict[str, str]:
    """`names` in a transaction of its own."""
    async with transactions() as tx:
        return await names(tx, accounts)


async def names(tx: UnitOfWork, accounts: Iterable[str | None]) -> dict[str, str]:
    """The names under which accounts, 'platform:id', are known; who never asked for anything has none."""
    found = {}
    for account in set(filter(None, accounts)):
        platform, _, user_id = account.partition(":")
        with suppress(LookupError):
            if platform in set(Platform):
                found[account] = (await tx.members.behind(Platform(platform), user_id)).display_name
    return {account: name for account, name in found.items() if name}


async def _first(tx: UnitOfWork, case: ReviewCase) -> ReviewCase | None:
    return await tx.reviews.get(case.first_case_id) if case.first_case_id else None
