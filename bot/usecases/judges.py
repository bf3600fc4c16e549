"""Who may decide a case: not whoever is too near to it."""

from bot.domain.errors import NotAllowed
from bot.domain.identity import Platform, Role
from bot.domain.jobs import Job
from bot.domain.moderation import ReviewCase, Stage
from bot.ports import UnitOfWork


async def check_judge(tx: UnitOfWork, case: ReviewCase, job: Job, by: str, role: Role) -> None:
    """Raise NotAllowed when a case is for owners, or for somebody else's eyes."""
    if case.escalated_at is not None and role is not Role.OWNER:
        raise NotAllowed("case-escalated")
    if case.second_wanted_by and await same_person(tx, case.second_wanted_by, by):
        raise NotAllowed("case-second-needed")
    if case.stage is Stage.APPEAL and await _concerned(tx, case, job, by):
        # Where nobody else ever decided anything, the last resort is the machine's owner, at the terminal or its page.
        alone = await tx.reviews.moderators(job.origin.platform, job.origin.community_id) <= {by}
        if not (alone and role is Role.OWNER and by.partition(":")[0] in (Platform.CONSOLE, Platform.WEB)):
            raise NotAllowed("appeal-other-moderator")


async def same_person(tx: UnitOfWork, one: str, other: str) -> bool:
    """Whether two accounts, 'platform:id', are one person's."""
    if one == other:
        return True
    mine = await _member(tx, one)
    return mine is not None and mine == await _member(tx, other)


async def _concerned(tx: UnitOfWork, appeal: ReviewCase, job: Job, by: str) -> bool:
    """Whether somebody made the decision that is appealed, or appeals against it."""
    first = await tx.reviews.get(appeal.first_case_id or "")
    decided = first is not None and first.decided_by is not None and await same_person(tx, first.decided_by, by)
    return decided or await _member(tx, by) == job.member_id


async def _member(tx: UnitOfWork, account: str) -> str | None:
    platform, _, user_id = account.partition(":")
    if platform not in set(Platform):
        return None
    try:
        return (await tx.members.behind(Platform(platform), user_id)).id
    except LookupError:
        return None
