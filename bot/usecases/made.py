"""What an engine made of a request, screened, before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Reason
from bot.domain.jobs import JobResult
from bot.domain.moderation import Decision, ModerationPolicy, Stage, Verdict
from bot.ports import EngineClient, Moderator, OnProgress
from bot.usecases.screen import judged
from engines.contract import Animation, EngineError, Images, Request

_SUFFIXES = {"image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "video/mp4": ".mp4"}


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded bytes with what the gallery wants to know; sizes in pixels. See Artifact for `alt` and `kept`."""

    data: bytes
    media_type: str
    width: int
    height: int
    seed: int
    alt: str = ""
    kept: bool = True

    @property
    def suffix(self) -> str:
        """How the name of its file ends."""
        return _SUFFIXES.get(self.media_type, ".bin")


@dataclass(frozen=True, slots=True)
class Made:
    """The result, its pictures, and what the screens say of it at `stage`; `judgements` are all that led to that."""

    result: JobResult
    decision: Decision
    stage: Stage
    pictures: tuple[Picture, ...] = ()
    judgements: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Shop:
    """What making something needs: the models, the screens, a community's policy, and `deadline` seconds."""

    engine: EngineClient
    moderator: Moderator
    policy: ModerationPolicy
    progress: OnProgress
    deadline: float

    async def images(self, request: Request) -> Images:
        """The pictures that a model makes of a request."""
        images = await self.engine.run(request, self.progress, self.deadline)
        if not isinstance(images, Images):
            raise EngineError("the engine answered a picture request with something else")
        return images

    async def animation(self, request: Request) -> Animation:
        """The animation that a model makes of a request."""
        animation = await self.engine.run(request, self.progress, self.deadline)
        if not isinstance(animation, Animation):
            raise EngineError("the engine answered an animation request with something else")
        return animation


async def judged_images(
    images: Images,
    shop: Shop,
    notes: tuple[Reason, ...] = (),
    chosen: Sequence[int] | None = None,
    *,
    kept: bool = True,
) -> Made:
    """The pictures at the `chosen` places, or all, with the screens' verdict over them together."""
    places = range(len(images.images)) if chosen is None else chosen
    screened = (shop.moderator.screen_image(images.images[place]) for place in places)
    decision = await judged(screened, shop.policy, Stage.PICTURE)
    result = JobResult(
        model=images.model,
        seconds=images.seconds,
        seed=images.seeds[places[0]],
        num_inference_steps=images.num_inference_steps,
        guidance_scale=images.guidance_scale,
        covered=decision.verdict is Verdict.BLUR,
        notes=notes,
    )
    size = images.width, images.height
    pictures = tuple(
        Picture(images.images[place], "image/png", *size, images.seeds[place], kept=kept) for place in places
    )
    return Made(result, decision, Stage.PICTURE, pictures, (decision,))
