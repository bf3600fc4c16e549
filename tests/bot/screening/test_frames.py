"""An animation is judged by a sample of its frames, and by none when it cannot be taken apart."""

import io

from PIL import Image

from bot.domain.moderation import Category
from bot.ports import OnProgress
from bot.screening.frames import sample
from bot.screening.moderator import Screens
from engines.contract import ImageClassification, Request, Result, Scores
from tests.fakes import png, webp


class RedSeer:
    """Sees harm in what is red."""

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        assert isinstance(request, ImageClassification)
        return Scores(tuple({"sexual": 0.9 if red(image) else 0.01} for image in request.images), "fake")


def red(image: bytes) -> bool:
    r, g, b = Image.open(io.BytesIO(image)).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    return bool(r > 150 > g + b)


def moving(*colours: str) -> bytes:
    buffer = io.BytesIO()
    first, *rest = (Image.new("RGB", (64, 64), colour) for colour in colours)
    first.save(buffer, "WEBP", save_all=True, append_images=rest, duration=50, loop=0, lossless=True)
    return buffer.getvalue()


def test_the_sample_reaches_from_the_first_to_the_last() -> None:
    frames = sample(moving("red", *["blue", "teal"] * 20, "lime"), 4)
    assert len(frames) == 4 and red(frames[0]) and not red(frames[-1])
    assert len(sample(webp(3), 8)) == 3 and len(sample(png())) == 1


async def test_the_worst_frame_counts() -> None:
    screens = Screens(RedSeer())
    signals = await screens.screen_animation(moving("blue", "teal", "red", "lime"))
    assert [(signal.category, signal.score) for signal in signals] == [(Category.SEXUAL, 0.9)]
    signals = await screens.screen_animation(moving("blue", "teal", "lime"))
    assert signals[0].score == 0.01


async def test_what_cannot_be_taken_apart_is_held() -> None:
    for broken in (b"\x00\x00\x00\x18ftypmp42", b"", webp()[:200]):
        (signal,) = await Screens(RedSeer()).screen_animation(broken)
        assert signal.category is Category.UNSCREENED
