"""A picture in a terminal: two pixels a character cell, the upper as foreground and the lower as background."""

import io

from PIL import Image
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.text import Text


def blocks(image: bytes, width: int = 32) -> Text:
    """An encoded picture of ours as half blocks, `width` cells wide and as tall as its shape asks."""
    with Image.open(io.BytesIO(image)) as picture:
        height = max(2, round(width * picture.height / picture.width)) // 2 * 2
        pixels = picture.convert("RGB").resize((width, height), Image.Resampling.BOX).load()
    assert pixels is not None
    text = Text()
    for row in range(0, height, 2):
        for column in range(width):
            upper, lower = (Color.from_rgb(*pixels[column, row + half]) for half in (0, 1))  # type: ignore[misc]
            segment = Segment("\u2580", Style(color=upper, bgcolor=lower))
            text.append(segment.text, segment.style)
        text.append("\n")
    text.rstrip()
    return text
