"""Pictures as chat platforms want them: several in one grid, an avatar as it will look small and round, files that fit.

CPU work of tens of milliseconds: call it in a thread.
"""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont, ImageSequence

LIGHT, DARK = "#ffffff", "#313338"
"""What chat programs put behind an avatar."""
SIZES = (128, 64, 32)
"""Pixels across at which chat programs show avatars: a profile, a member list, beside a message."""
GRID_LIMIT = 2048
"""Pixels across a grid."""
_GAP = 8
_QUALITIES = (90, 75, 60, 40)


def grid(images: Sequence[bytes]) -> bytes:
    """One WebP with all of them in rows, numbered from 1, each in a cell as large as the largest."""
    pictures = [_open(image) for image in images]
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    largest = max(max(picture.size) for picture in pictures)
    cell = min(largest, GRID_LIMIT // columns)
    sheet = Image.new("RGB", (columns * (cell + _GAP) - _GAP, rows * (cell + _GAP) - _GAP), DARK)
    for index, picture in enumerate(pictures):
        picture.thumbnail((cell, cell), Image.Resampling.LANCZOS)
        row, column = divmod(index, columns)
        corner = column * (cell + _GAP), row * (cell + _GAP)
        sheet.paste(picture.convert("RGB"), corner)
        if len(pictures) > 1:
            _number(sheet, str(index + 1), corner, max(18, cell // 9))
    return _webp(sheet, _QUALITIES[0])


def circles(image: bytes) -> bytes:
    """A PNG that shows the picture cut to a circle at each of SIZES, on a light and on a dark ground."""
    picture = _open(image).convert("RGB")
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    picture = picture.crop((left, top, left + side, top + side))
    margin = 16
    width = sum(SIZES) + margin * (len(SIZES) + 1)
    height = SIZES[0] + 2 * margin
    sheet = Image.new("RGB", (width, 2 * height), LIGHT)
    sheet.paste(DARK, (0, height, width, 2 * height))
    for row in range(2):
        x = margin
        for size in SIZES:
            small = picture.resize((size, size), Image.Resampling.LANCZOS)
            sheet.paste(small, (x, row * height + (height - size) // 2), _disc(size))
            x += size + margin
    return _png(sheet)


def enlarged(image: bytes, side: int) -> bytes:
    """The picture at least `side` pixels wide, a PNG where it had to grow."""
    picture = _open(image)
    if picture.width >= side:
        return image
    height = round(picture.height * side / picture.width)
    return _png(picture.convert("RGB").resize((side, height), Image.Resampling.BILINEAR))


def blank() -> bytes:
    """A small dark picture, for the place of one that nobody should see any more."""
    return _png(Image.new("RGB", (64, 64), DARK))


def fit(image: bytes, name: str, limit: int) -> tuple[bytes, str]:
    """The file and its name as they are when they fit into `limit` bytes, else as a WebP that does."""
    if len(image) <= limit:
        return image, name
    stem = name.rpartition(".")[0] or name
    if getattr(_open(image), "is_animated", False):
        return _smaller_animation(image, limit), f"{stem}.webp"
    picture = _open(image).convert("RGB")
    while True:
        for quality in _QUALITIES:
            smaller = _webp(picture, quality)
            if len(smaller) <= limit:
                return smaller, f"{stem}.webp"
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.LANCZOS)


def _smaller_animation(image: bytes, limit: int) -> bytes:
    """An animated WebP of at most `limit` bytes: first with more loss, then with fewer pixels."""
    moving = _open(image)
    frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(moving)]
    duration = moving.info.get("duration", 50)
    while True:
        for quality in _QUALITIES[1:]:
            buffer = io.BytesIO()
            frames[0].save(
                buffer, "WEBP", save_all=True, append_images=frames[1:], duration=duration, loop=0, quality=quality
            )
            if len(buffer.getvalue()) <= limit:
                return buffer.getvalue()
        half = max(1, frames[0].width // 2), max(1, frames[0].height // 2)
        frames = [frame.resize(half, Image.Resampling.LANCZOS) for frame in frames]


def _open(image: bytes) -> Image.Image:
    return Image.open(io.BytesIO(image))


def _number(sheet: Image.Image, text: str, corner: tuple[int, int], size: int) -> None:
    """A number on a dark disc, `size` pixels across, inside a corner: menus and buttons speak of it."""
    margin = size // 4
    left, top = corner[0] + margin, corner[1] + margin
    sheet.paste(DARK, (left, top), _disc(size))
    font = ImageFont.load_default(size * 0.62)
    ImageDraw.Draw(sheet).text((left + size / 2, top + size / 2), text, fill=LIGHT, font=font, anchor="mm")


def _disc(size: int) -> Image.Image:
    # Drawn four times as large, so that its edge is smooth.
    large = Image.new("L", (4 * size, 4 * size), 0)
    ImageDraw.Draw(large).ellipse((0, 0, 4 * size - 1, 4 * size - 1), fill=255)
    return large.resize((size, size), Image.Resampling.LANCZOS)


def _webp(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality)
    return buffer.getvalue()


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
