"""An avatar: the request in the engine's words, the pictures, the screens' verdict over all of them."""

from bot import prompting
from bot.domain.errors import Reason
from bot.domain.jobs import JobResult
from bot.domain.moderation import ModerationPolicy, Stage, Verdict
from bot.domain.requests import AvatarRequest
from bot.ports import EngineClient, Moderator, OnProgress
from bot.usecases.made import Made, Picture
from bot.usecases.screen import judged
from engines.contract import EngineError, Images


async def draw(
    request: AvatarRequest,
    upload: bytes | None,
    engine: EngineClient,
    moderator: Moderator,
    policy: ModerationPolicy,
    progress: OnProgress,
    deadline: float,
) -> Made:
    """Draw and screen within `deadline` seconds."""
    images = await engine.run(prompting.text_to_image(request, upload), progress, deadline)
    if not isinstance(images, Images):
        raise EngineError("the engine answered a picture request with something else")
    decision = await judged((moderator.screen_image(image) for image in images.images), policy, Stage.PICTURE)
    result = JobResult(
        model=images.model,
        seconds=images.seconds,
        seed=images.seeds[0],
        num_inference_steps=images.num_inference_steps,
        guidance_scale=images.guidance_scale,
        covered=decision.verdict is Verdict.BLUR,
        notes=() if images.understood else (Reason.of("avatar-not-understood"),),
    )
    pictures = tuple(
        Picture(image, ".png", "image/png", images.width, images.height, seed)
        for image, seed in zip(images.images, images.seeds, strict=True)
    )
    return Made(result, decision, Stage.PICTURE, pictures, (decision,))
