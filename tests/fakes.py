"""Stand-ins that behave: an engine, screens and a clock, all in memory."""

import asyncio
import io
from collections.abc import Sequence

from PIL import Image

from bot.domain.moderation import Category, Signal
from bot.ports import OnProgress
from engines.contract import (
    Embeddings,
    EngineError,
    FeatureExtraction,
    ImageProgress,
    Images,
    Request,
    Result,
    TextGeneration,
    TextProgress,
    Texts,
    TextToImage,
)

WORDS = (
    "Golden light, good company, and a trail worth every step.",
    "We came for the view and stayed for the laughter.",
    "Some evenings write themselves into memory.",
    "Dusty boots, full hearts.",
)


def png(colour: str = "teal", size: int = 64) -> bytes:
    """A small real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(buffer, "PNG")
    return buffer.getvalue()


class FakeClock:
    """A clock that stands until moved."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        """Seconds since 1970."""
        return self.time


class FakeEngine:
    """Answers pictures and words at once, or after `delay` seconds with progress; raises `error` if it is set.

    It cannot draw castles.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.error: EngineError | None = None
        self.requests: list[Request] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        """Answer one request."""
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
                return Images(images, seeds, "fake", 3, 1.0, 64, 64, self.delay, "castle" not in request.prompt)
            case TextGeneration():
                texts = WORDS[: request.num_return_sequences]
                for share in (3, 2, 1):
                    await asyncio.sleep(self.delay / 3)
                    if on_progress:
                        on_progress(TextProgress(tuple(text[: len(text) // share] for text in texts), 12))
                return Texts(texts, ("stop",) * len(texts), "fake", 40, self.delay)
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

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        """What the screens see in a picture."""
        if self.broken:
            raise RuntimeError("the screen broke")
        return [Signal(Category.SEXUAL, self.picture_score, "fake")] if self.picture_score else []
