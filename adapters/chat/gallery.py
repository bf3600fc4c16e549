"""A member's pictures, a shelf at a time, with their bytes."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact, Job
from bot.ports import ArtifactStore
from bot.usecases import account
from bot.usecases.family import family
from bot.usecases.find import find
from bot.usecases.submit import Desk

SHELF = 9
"""Pictures on one page of the gallery."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pictures, newest first, each with its job and bytes; `older` is where the next shelf begins."""

    pictures: tuple[tuple[Artifact, Job, bytes], ...]
    older: float | None


async def shelf(origin: Origin, before: float | None, desk: Desk) -> Shelf:
    """The pictures before a moment, or the newest."""
    found = await account.gallery(origin, desk.transactions, SHELF + 1, before)
    kept = found[:SHELF]
    if len(found) > SHELF:
        # Pictures of one job share their moment: leave the last job to the next page rather than cut it in two.
        cut = found[SHELF][0].created_at
        kept = [pair for pair in kept if pair[0].created_at != cut] or kept
    images = await contents((artifact for artifact, _ in kept), desk.artifacts)
    older = kept[-1][0].created_at if len(found) > SHELF else None
    return Shelf(tuple((artifact, job, images[artifact.id]) for artifact, job in kept if artifact.id in images), older)


async def found(origin: Origin, words: str, desk: Desk) -> Shelf:
    """The member's pictures that fit words, the best first, as the only shelf."""
    pictures = [(artifact, job) for artifact, job, _ in await find(words, origin, desk, SHELF)]
    return await _shelf(pictures, desk)


async def relatives(origin: Origin, artifact_id: str, desk: Desk) -> tuple[Shelf, Shelf]:
    """The pictures that one of the member's own was made of, and the newest of those made of it."""
    tree = await family(origin, artifact_id, desk.transactions)
    return await _shelf(tree.parents, desk), await _shelf(tree.children[:SHELF], desk)


async def _shelf(pictures: Sequence[tuple[Artifact, Job]], desk: Desk) -> Shelf:
    images = await contents((artifact for artifact, _ in pictures), desk.artifacts)
    return Shelf(
        tuple((artifact, job, images[artifact.id]) for artifact, job in pictures if artifact.id in images), None
    )


async def contents(artifacts: Iterable[Artifact], store: ArtifactStore) -> dict[str, bytes]:
    """The pictures' bytes by their ids; without those whose files are gone, for the others can still be shown."""
    found = {}
    for artifact in artifacts:
        with suppress(NotFound):
            found[artifact.id] = await store.get(artifact.name)
    return found
