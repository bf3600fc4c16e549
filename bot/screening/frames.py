"""Still pictures from an animation, for screens that know nothing else."""

import io

from PIL import Image, ImageSequence

SAMPLE = 8
"""Frames that are looked at: what a morph shows between two of them it shows in parts in both."""


def sample(animation: bytes, count: int = SAMPLE) -> list[bytes]:
    """Up to `count` frames as PNGs, evenly from the first to the last; ValueError or OSError where there are none.

    CPU work of tens of milliseconds: call it in a thread.
    """
    with Image.open(io.BytesIO(animation), formats=("WEBP", "GIF", "PNG")) as picture:
        total = getattr(picture, "n_frames", 1)
        wanted = {round(index * (total - 1) / max(1, count - 1)) for index in range(count)}
        return [_png(frame) for index, frame in enumerate(ImageSequence.Iterator(picture)) if index in wanted]


def _png(frame: Image.Image) -> bytes:
    buffer = io.BytesIO()
    frame.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
