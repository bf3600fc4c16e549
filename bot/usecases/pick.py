"""A member's own pictures as they are named where there is nothing to point at: by number, or by an id's beginning."""

from collections.abc import Sequence

from bot.domain.errors import InvalidRequest, NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact
from bot.domain.requests import Source
from bot.ports import Transactions

BEGINNING = 4
"""Characters of an id that are enough, where they name just one picture; fewer are a number."""
NUMBERED = 200
"""Pictures, the newest, that can be named by their number."""


async def picked(origin: Origin, names: Sequence[str], transactions: Transactions) -> tuple[Source, ...]:
    """The pictures of these names: 1 is the newest of the gallery; NotFound for what names none of theirs."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        gallery: list[Artifact] | None = None
        found = []
        for name in (each.removeprefix("#") for each in names):
            if name.isdecimal() and len(name) < BEGINNING:
                gallery = gallery if gallery is not None else await tx.artifacts.of_member(member.id, NUMBERED)
                if not 1 <= int(name) <= len(gallery):
                    raise NotFound("picture-number", number=name, count=len(gallery))
                found.append(gallery[int(name) - 1])
                continue
            if len(name) < BEGINNING:
                raise InvalidRequest("picture-unnamed", name=name)
            named = await tx.artifacts.named(member.id, name.lower())
            if len(named) != 1:
                raise NotFound("picture-unnamed", name=name[:40])
            found += named
        await tx.commit()
    return tuple(Source(artifact.id) for artifact in found)


async def numbers(origin: Origin, transactions: Transactions) -> dict[str, int]:
    """The numbers of the member's newest pictures by their ids."""
    async with transactions() as tx:
        member = await tx.members.resolve(origin)
        gallery = await tx.artifacts.of_member(member.id, NUMBERED)
        await tx.commit()
    return {artifact.id: number for number, artifact in enumerate(gallery, 1)}
