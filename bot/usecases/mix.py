"""A grid of children of two pictures, none of them in the gallery until it is chosen."""

from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact
from bot.domain.requests import MixRequest
from bot.domain.studio import CHILDREN
from bot.ports import Transactions
from bot.usecases import account
from bot.usecases.made import Made, Shop, judged_images
from engines.contract import ImageMixing


async def mix(request: MixRequest, first: bytes, second: bytes, shop: Shop) -> Made:
    """Breed and screen."""
    asked = ImageMixing(
        first=first,
        second=second,
        coarse=request.coarse,
        middle=request.middle,
        fine=request.fine,
        seed=request.seed or 0,
        num_images=CHILDREN,
        model=request.model,
    )
    return await judged_images(await shop.images(asked), shop, kept=False)


async def choose(origin: Origin, artifact_id: str, transactions: Transactions) -> Artifact:
    """Put a child into its member's gallery; NotFound when it is gone or not theirs."""
    artifact, _ = await account.artwork(origin, artifact_id, transactions)
    async with transactions() as tx:
        await tx.artifacts.keep(artifact.id)
        kept = await tx.artifacts.get(artifact.id)
        await tx.commit()
    if kept is None:
        raise NotFound("picture-not-found")
    return kept
