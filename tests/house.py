"""A whole house on a real database with fake models: what use cases and adapters are tested in."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Job, JobStatus
from bot.domain.outcomes import Accepted, Outcome
from bot.domain.policy import Policy
from bot.domain.quota import QuotaPolicy, Window
from bot.domain.requests import AvatarRequest, MemberRequest
from bot.ports import UnitOfWork
from bot.runtime.events import LocalEvents
from bot.storage.artifacts import FileArtifacts
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.storage.voices import FileVoices
from bot.usecases.process import Bench
from bot.usecases.submit import Desk, submit
from tests.fakes import FakeClock, FakeEngine, FakeModerator

POLICY = Policy(
    quota=QuotaPolicy(dict.fromkeys(Role, 100), dict.fromkeys(Role, 60), community_day=1000),
)
ADA = Origin(Platform.CONSOLE, "ada", "terminal", community_id="home", display_name="Ada")
KNIGHT = AvatarRequest("a knight", seed=7)


class NullMeter:
    """Counts nothing."""

    def count(self, name: str, label: str = "") -> None:
        """Forget it."""

    def observe(self, name: str, seconds: float, label: str = "") -> None:
        """Forget it."""

    def level(self, name: str, value: float, label: str = "") -> None:
        """Forget it."""


@dataclass
class House:
    """Everything, and the few calls that tests make all the time."""

    desk: Desk
    bench: Bench
    engine: FakeEngine
    moderator: FakeModerator
    clock: FakeClock
    events: LocalEvents

    def transaction(self) -> UnitOfWork:
        """A new unit of work."""
        return self.desk.transactions()

    async def submit(self, request: MemberRequest = KNIGHT, origin: Origin = ADA) -> Outcome:
        """Ask for something."""
        return await submit(request, origin, self.desk)

    async def accepted(self, request: MemberRequest = KNIGHT, origin: Origin = ADA) -> Job:
        """Ask for something that must be accepted."""
        outcome = await self.submit(request, origin)
        assert isinstance(outcome, Accepted), outcome
        return await self.job(outcome.job_id)

    async def claim(self, owner: str = "worker") -> Job:
        """Take the next job."""
        async with self.transaction() as tx:
            job = await tx.jobs.claim(owner, self.clock.now(), self.clock.now() + POLICY.lease)
            await tx.commit()
        assert job
        return job

    async def job(self, job_id: str) -> Job:
        """A job as it is now."""
        async with self.transaction() as tx:
            job = await tx.jobs.get(job_id)
        assert job
        return job

    async def used(self, origin: Origin = ADA) -> int:
        """Units the member used today and yesterday: a test that moves the clock may pass midnight."""
        async with self.transaction() as tx:
            account = f"member:{(await tx.members.resolve(origin)).id}"
            today = Window.DAY.start(self.clock.now())
            days = (today, today - Window.DAY.seconds)
            return sum([await tx.quotas.used(account, start, Window.DAY.value) for start in days])

    async def in_status(self, status: JobStatus) -> int:
        """Jobs in a state."""
        async with self.transaction() as tx:
            return (await tx.jobs.counts()).get(status, 0)


def build(database: AsyncEngine, folder: Path, policy: Policy = POLICY) -> House:
    """A house over a database, with its files in a folder."""

    def transactions() -> UnitOfWork:
        return SqlUnitOfWork(database)

    engine, moderator, clock, events = FakeEngine(), FakeModerator(), FakeClock(), LocalEvents()
    store, meter, voices = FileArtifacts(folder), NullMeter(), FileVoices(folder / "tones")
    desk = Desk(transactions, moderator, store, events, clock, meter, policy, engine, voices)
    bench = Bench(transactions, engine, moderator, store, events, clock, meter, policy, voices)
    return House(desk, bench, engine, moderator, clock, events)


def origin(user: str, **changes: object) -> Origin:
    """Somebody else in the same place."""
    return replace(ADA, user_id=user, **changes)  # type: ignore[arg-type]
