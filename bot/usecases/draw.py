"""An avatar: the request in the engine's words, the pictures, the screens' verdict over all of them."""

from bot import prompting
from bot.domain.errors import Reason
from bot.domain.requests import AvatarRequest
from bot.usecases.made import Made, Shop, judged_images
from bot.usecases.rank import ranked


async def draw(request: AvatarRequest, upload: bytes | None, shop: Shop) -> Made:
    """Draw and screen; of more candidates than are wanted, the best by the dual encoder are kept.

    That is DALL-E's recipe (Ramesh et al. 2021, "Zero-Shot Text-to-Image Generation", section 2.6).
    """
    asked = prompting.text_to_image(request, upload)
    images = await shop.images(asked)
    notes = () if images.understood else (Reason.of("avatar-not-understood"),)
    if images.left_out:
        notes = (Reason.of("avatar-left-out", words=", ".join(images.left_out)),)
    if request.drawn == request.count:
        return await judged_images(images, shop, notes)
    order = await ranked(asked.prompt, images.images, shop.engine)
    best = Reason.of("avatar-best-of" if order else "avatar-unranked", drawn=request.drawn)
    chosen = (order or range(len(images.images)))[: request.count]
    return await judged_images(images, shop, (*notes, best), chosen)
