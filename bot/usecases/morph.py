"""Pictures that turn into each other in a loop; the screens look at a sample of the frames."""

from collections.abc import Sequence

from bot.domain.jobs import JobResult
from bot.domain.moderation import Stage, Verdict
from bot.domain.requests import MorphRequest
from bot.usecases.made import Made, Picture, Shop
from bot.usecases.screen import judged
from engines.contract import Morphing


async def morph(request: MorphRequest, images: Sequence[bytes], shop: Shop) -> Made:
    """Animate and screen."""
    animation = await shop.animation(Morphing(tuple(images), model=request.model))
    decision = await judged([shop.moderator.screen_animation(animation.data)], shop.policy, Stage.PICTURE)
    result = JobResult(model=animation.model, seconds=animation.seconds, covered=decision.verdict is Verdict.BLUR)
    picture = Picture(animation.data, animation.media_type, animation.width, animation.height, seed=0)
    return Made(result, decision, Stage.PICTURE, (picture,), (decision,))
