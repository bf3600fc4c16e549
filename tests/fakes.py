"""Stand-ins that behave: an engine, screens and a clock, all in memory."""

import asyncio
import colorsys
import io
import math
from collections.abc import Sequence

from PIL import Image, ImageColor

from bot.domain.moderation import Category, Signal
from bot.ports import OnProgress
from engines.contract import (
    Animation,
    Description,
    Embeddings,
    EngineError,
    FeatureExtraction,
    ImageFeatureExtraction,
    ImageMixing,
    ImageProgress,
    Images,
    ImageToText,
    Morphing,
    Request,
    Result,
    StyleTransfer,
    TextGeneration,
    TextProgress,
    Texts,
    TextToImage,
    Upscaling,
)

WORDS = (
    "Golden light, good company, and a trail worth every step.",
    "We came for the view and stayed for the laughter.",
    "Some evenings write themselves into memory.",
    "Dusty boots, full hearts.",
)

SEEN = Description(
    "A portrait with green hair.", 0.9, "avatar", {"hair": "green"}, "green hair, round glasses", "fake", 0.1
)


def png(colour: str = "teal", size: int = 64) -> bytes:
    """A small real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(buffer, "PNG")
    return buffer.getvalue()


def webp(frames: int = 6, size: int = 64) -> bytes:
    """A small real animation through the colours."""
    buffer = io.BytesIO()
    first, *rest = (Image.new("RGB", (size, size), f"hsl({index * 60 % 360}, 60%, 50%)") for index in range(frames))
    first.save(buffer, "WEBP", save_all=True, append_images=rest, duration=80, loop=0)
    return buffer.getvalue()


def hue(image: bytes) -> tuple[float, float]:
    """A unit vector that points where a picture's middle is on the wheel of colours."""
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    red, green, blue = picture.getpixel((picture.width // 2, picture.height // 2))  # type: ignore[misc]
    return _pointing(colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0])


def hue_of(words: str) -> tuple[float, float]:
    """The same of the last of the words that is a colour's name; red without one."""
    names = [word for word in words.lower().split() if word in ImageColor.colormap]
    red, green, blue, *_ = ImageColor.getrgb(names[-1] if names else "red")
    return _pointing(colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0])


def _pointing(turn: float) -> tuple[float, float]:
    return math.cos(2 * math.pi * turn), math.sin(2 * math.pi * turn)


class FakeClock:
    """A clock that stands until moved, or goes on by `tick` seconds whenever somebody looks."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now
        self.tick = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        self.time += self.tick
        return self.time


class FakeEngine:
    """Answers pictures and words at once, or after `delay` seconds with progress; raises `error` if it is set.

    It cannot draw castles, nor robots with beards. Pictures show what `description` says; without one, it cannot tell.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.error: EngineError | None = None
        self.requests: list[Request] = []
        self.description: Description | None = None
        self.looked_at: list[bytes] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        """Answer one request."""
        if isinstance(request, ImageToText):
            self.looked_at.append(request.image)
        else:
            self.requests.append(request)
        await self.gate.wait()
        if self.error:
            raise self.error
        match request:
            case TextToImage():
                for step in range(1, 4):
                    await asyncio.sleep(self.delay / 3)
                    if on_progress:
                        on_progress(ImageProgress(step, 3, png("gray", 32)))
                seeds = tuple(request.seed + index for index in range(request.num_images))
                images = tuple(png(f"hsl({seed % 360}, 60%, 50%)") for seed in seeds)
                understood = "castle" not in request.prompt
                left_out = ("beard",) if "robot with a beard" in request.prompt else ()
                return Images(images, seeds, "fake", 3, 1.0, 64, 64, self.delay, understood, left_out)
            case TextGeneration():
                texts = WORDS[: request.num_return_sequences]
                for share in (3, 2, 1):
                    await asyncio.sleep(self.delay / 3)
                    if on_progress:
                        on_progress(TextProgress(tuple(text[: len(text) // share] for text in texts), 12))
                return Texts(texts, ("stop",) * len(texts), "fake", 40, self.delay)
            case ImageMixing():
                seeds = tuple(request.seed + index for index in range(request.num_images))
                children = tuple(png(f"hsl({seed % 360}, 80%, 40%)") for seed in seeds)
                return Images(children, seeds, "gan", 0, 0, 64, 64, 0.1)
            case Upscaling():
                side = 64 * request.scale
                return Images((png("navy", side),), (0,), "upscaler", 0, 0, side, side, 0.1)
            case StyleTransfer():
                return Images((png("maroon"),), (request.seed,), "manner", 0, 0, 64, 64, 0.1)
            case Morphing():
                return Animation(webp(6), "image/webp", 6, 64, 64, "gan", 0.1)
            case ImageToText() if self.description:
                return self.description
            case ImageFeatureExtraction():
                return Embeddings(tuple(map(hue, request.images)), "clip-1")
            case FeatureExtraction(model="clip"):
                return Embeddings(tuple(map(hue_of, request.texts)), "clip-1")
            case FeatureExtraction():
                return Embeddings(tuple((1.0, float(index)) for index, _ in enumerate(request.texts)), "fake")
        raise EngineError("the fake engine does not know this task")


class FakeModerator:
    """Flags texts that contain 'hold me' or 'block me', and pictures if told to."""

    def __init__(self) -> None:
        self.picture_score = 0.0
        self.broken = False
        self.category = Category.VIOLENCE

    async def screen_text(self, text: str, terms: Sequence[str] = ()) -> Sequence[Signal]:
        """What the screens see in a text."""
        if self.broken:
            raise RuntimeError("the screen broke")
        score = 0.95 if "block me" in text else 0.7 if "hold me" in text else 0.0
        own = [Signal(Category.OWN_TERMS, 1.0, "own-terms", term) for term in terms if term in text]
        return own + ([Signal(self.category, score, "fake", text[:20])] if score else [])

    async def screen_animation(self, animation: bytes) -> Sequence[Signal]:
        """What the screens see in an animation."""
        return await self.screen_image(animation)

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        """What the screens see in a picture."""
        if self.broken:
            raise RuntimeError("the screen broke")
        return [Signal(Category.SEXUAL, self.picture_score, "fake")] if self.picture_score else []
