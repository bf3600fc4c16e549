"""Where a picture comes from, and what came of it."""

from dataclasses import dataclass

from bot.domain.identity import Origin
from bot.domain.jobs import Artifact, Job
from bot.ports import Transactions, UnitOfWork
from bot.usecases import account

CHILDREN_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Family:
    """A picture with the member's own pictures that it was made of, and those made of it, newest first."""

    picture: tuple[Artifact, Job]
    parents: tuple[tuple[Artifact, Job], ...]
    children: tuple[tuple[Artifact, Job], ...]


async def family(origin: Origin, artifact_id: str, transactions: Transactions) -> Family:
    """The family of one of the member's own pictures; of relatives, those that are still there."""
    artifact, job = await account.artwork(origin, artifact_id, transactions)
    async with transactions() as tx:
        owned = await tx.artifacts.owned(job.member_id, job.parents)
        parents = [owned[parent] for parent in dict.fromkeys(job.parents) if parent in owned]
        children = await tx.artifacts.children(artifact.id, CHILDREN_SHOWN)
        return Family((artifact, job), await _with_jobs(tx, parents), await _with_jobs(tx, children))


async def _with_jobs(tx: UnitOfWork, artifacts: list[Artifact]) -> tuple[tuple[Artifact, Job], ...]:
    found = [(artifact, await tx.jobs.get(artifact.job_id)) for artifact in artifacts]
    return tuple((artifact, job) for artifact, job in found if job is not None)
