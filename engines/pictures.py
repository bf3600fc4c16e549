"""Pictures from strangers, decoded defensively, and our own, encoded.

Nothing of a stranger's file but its pixels goes any further: no metadata, no trailing data.
"""

import warnings
import zipfile
from io import BytesIO

from PIL import Image, ImageOps

from engines.contract import InvalidInput

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""Of the header, before anything is decoded: 120 MB of RGB, and more than a telephone takes."""
TOO_MANY_PIXELS = f"The picture is larger than {MAX_PIXELS // 10**6} megapixels."

FOREIGN = (b"%pdf-", b"<script", b"<?php", b"<html", b"<!doctype")
"""What a picture has no reason to hold, in lower case; files that are two things at once are refused.

Each has five bytes or more: compressed pixels hold any four of them by chance, once in some megabytes.
"""


def open_picture(data: bytes) -> Image.Image:
    """Decode a PNG, JPEG, WebP or the first frame of a GIF: upright, RGB, transparency flattened on white.

    Raises InvalidInput, in one sentence that can be shown, for anything else: other formats, text,
    truncated files, decompression bombs, files that are a picture and something else at once.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"The picture is larger than {MAX_BYTES // 2**20} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata; the cap below decides
            picture = Image.open(BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:  # Pillow's own limit, which is higher than ours
        raise InvalidInput(TOO_MANY_PIXELS) from None
    except Exception:
        raise InvalidInput("The file is not a readable PNG, JPEG, WebP or GIF picture.") from None
    if picture.width * picture.height > MAX_PIXELS:
        raise InvalidInput(TOO_MANY_PIXELS)
    if _is_something_else_too(data):
        raise InvalidInput("The file is a picture and something else at once; save it again as a plain PNG or JPEG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.load()
            return _flat(ImageOps.exif_transpose(picture))
    except MemoryError:
        raise
    except Exception:  # decoders answer a stranger's bytes with every kind of exception there is
        raise InvalidInput("The picture is damaged or cut off.") from None


def crop_to(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the largest centred part of the picture with these proportions, resized to `width` x `height`."""
    return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)


def to_png(picture: Image.Image) -> bytes:
    """Encode a picture as PNG, without metadata."""
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def to_small_webp(picture: Image.Image, longest: int = 128) -> bytes:
    """Encode a picture as a small WebP of at most `longest` pixels: a few KB, in about a millisecond."""
    picture.thumbnail((longest, longest))
    out = BytesIO()
    picture.save(out, "WEBP", quality=70, method=0)
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):  # 16-bit grey: Pillow's own conversion to 8 bits clips instead of scaling
        picture = picture.convert("F").point(lambda value: value / 257).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _is_something_else_too(data: bytes) -> bool:
    lower = data.lower()
    return any(mark in lower for mark in FOREIGN) or zipfile.is_zipfile(BytesIO(data))
