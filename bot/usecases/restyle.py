"""A picture painted anew: as an avatar in a style by name, or in the manner of another picture."""

from bot import prompting
from bot.domain.errors import Reason
from bot.domain.requests import STRENGTH, AvatarRequest, RestyleRequest
from bot.usecases.describe import description, words_to_restyle
from bot.usecases.made import Made, Shop, judged_images
from engines.contract import StyleTransfer


async def restyle(request: RestyleRequest, image: bytes, manner: bytes | None, shop: Shop) -> Made:
    """Paint and screen; without words of the member's, the words are what is read from the picture."""
    if manner is not None:
        far = STRENGTH if request.strength is None else request.strength
        asked = StyleTransfer(image, manner, far, request.seed or 0, request.model)
        return await judged_images(await shop.images(asked), shop)
    notes: tuple[Reason, ...] = ()
    prompt = request.prompt
    if not prompt:
        prompt = words_to_restyle(await description(image, shop.engine, shop.deadline))
        notes = (Reason.of("restyle-seen", prompt=prompt),)
    far = prompting.style(request.style or "").strength if request.strength is None else request.strength
    avatar = AvatarRequest(prompt, style=request.style, strength=far, seed=request.seed, model=request.model)
    images = await shop.images(prompting.text_to_image(avatar, image))
    return await judged_images(images, shop, notes)
