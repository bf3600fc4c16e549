"""A picture that comes along with a request that is still being put together."""

from bot.domain.errors import InvalidRequest
from bot.domain.identity import Origin
from bot.domain.moderation import Stage
from bot.usecases.policy import current
from bot.usecases.screen import judged
from bot.usecases.submit import Desk


async def check_upload(image: bytes, origin: Origin, desk: Desk) -> None:
    """Refuse a picture that the screens do not simply let pass where it was sent."""
    policy = (await current(origin, desk.transactions)).of(origin)
    decision = await judged([desk.moderator.screen_image(image)], policy, Stage.UPLOAD)
    if not decision.verdict.passes and decision.cause:
        raise InvalidRequest("blocked", category=decision.cause.category.value)
