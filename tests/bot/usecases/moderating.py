"""What the tests of moderation do all the time."""

from dataclasses import replace

from bot.domain.community_policy import CommunityPolicy
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Delivery, Job, JobStatus, JobView
from bot.domain.moderation import CaseStatus, Category, ReviewCase
from bot.domain.outcomes import Held
from bot.domain.requests import AvatarRequest
from bot.usecases import policy, review
from bot.usecases.deliver import deliver_next
from bot.usecases.process import process
from bot.usecases.review import CaseView
from tests import house
from tests.house import ADA, POLICY, House

OWNER = house.origin("olga", role=Role.OWNER)
MODERATOR = house.origin("mo", role=Role.MODERATOR)
OTHER = house.origin("max", role=Role.MODERATOR)
MO, MAX = MODERATOR.asker, OTHER.asker


class Inbox:
    """A messenger that remembers what it was given; it takes no delivery twice."""

    platform = Platform.CONSOLE

    def __init__(self) -> None:
        self.told: list[JobStatus] = []
        self.views: list[JobView] = []
        self._seen: set[str] = set()

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        if delivery.id not in self._seen:
            self._seen.add(delivery.id)
            self.told.append(delivery.told)
            self.views.append(view)


async def delivered(home: House, inbox: Inbox) -> list[JobStatus]:
    while await deliver_next({Platform.CONSOLE: inbox}, home.transaction, home.clock):
        pass
    return inbox.told


async def held_prompt(home: House, origin: Origin = ADA) -> tuple[Job, str]:
    outcome = await home.submit(AvatarRequest("please hold me"), origin)
    assert isinstance(outcome, Held), outcome
    home.clock.time += 1
    return await home.job(outcome.job_id), outcome.case_id


async def held_picture(home: House, origin: Origin = ADA, score: float = 0.7) -> tuple[Job, str]:
    job = await home.accepted(origin=origin)
    home.moderator.picture_score = score
    assert await process(await home.claim(), home.bench) is JobStatus.HELD
    home.moderator.picture_score = 0.0
    home.clock.time += 1
    async with home.transaction() as tx:
        case = await tx.reviews.open_for(job.id)
    assert case
    return await home.job(job.id), case.id


async def drawn(home: House, origin: Origin = ADA) -> Job:
    job = await home.accepted(origin=origin)
    assert await process(await home.claim(), home.bench) is JobStatus.READY
    home.clock.time += 1
    return await home.job(job.id)


async def approve(home: House, case_id: str, by: str = MO, role: Role = Role.MODERATOR, grace: float = 0.0) -> CaseView:
    ports = home.transaction, home.events, home.clock
    return await review.approve(case_id, by, *ports, POLICY, role=role, grace=grace)


async def reject(
    home: House,
    case_id: str,
    by: str = MO,
    role: Role = Role.MODERATOR,
    grace: float = 0.0,
    reason: Category | None = None,
    strike: bool = True,
) -> CaseView:
    ports = home.transaction, home.events, home.clock
    return await review.reject(case_id, by, *ports, role=role, grace=grace, reason=reason, strike=strike)


async def overturn(home: House, case_id: str, by: str = MO) -> CaseView:
    return await review.overturn(case_id, by, home.transaction, home.events, home.clock, POLICY)


async def settle(home: House) -> int:
    return await review.settle(home.transaction, home.events, home.clock, POLICY)


async def case(home: House, case_id: str) -> ReviewCase:
    return (await review.show(case_id, home.transaction)).case


async def waiting(home: House) -> list[str]:
    return [view.case.id for view in await review.cases(home.transaction, CaseStatus.OPEN)]


async def set_policy(home: House, **changes: object) -> CommunityPolicy:
    before = await policy.current(ADA, home.transaction)
    changed = replace(before, **changes)  # type: ignore[arg-type]
    return await policy.change(OWNER, changed, before.version, home.transaction, home.clock)
