"""A picture enlarged, with the detail that its kind of picture has."""

from bot.domain.requests import UpscaleRequest
from bot.usecases.made import Made, Shop, judged_images
from engines.contract import Upscaling


async def upscale(request: UpscaleRequest, image: bytes, shop: Shop) -> Made:
    """Enlarge and screen."""
    return await judged_images(await shop.images(Upscaling(image, request.scale, request.model)), shop)
