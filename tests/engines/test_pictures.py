"""What strangers send as a picture: decoded, or refused with one clear sentence."""

import contextlib
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engines.contract import InvalidInput
from engines.pictures import MAX_BYTES, crop_to, open_picture, to_png, to_small_webp


def encode(picture: Image.Image, format: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of some bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


RED = Image.new("RGB", (40, 20), "red")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_four_formats(format: str) -> None:
    picture = open_picture(encode(RED, format))
    assert (picture.mode, picture.size) == ("RGB", (40, 20))
    red, green, blue = picture.getpixel((20, 10))
    assert red > 250 and green < 8 and blue < 8


def test_transparency_becomes_white() -> None:
    assert open_picture(encode(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG")).getpixel((1, 1)) == (255, 255, 255)
    assert open_picture(encode(Image.new("RGBA", (4, 4), (0, 0, 0, 128)), "PNG")).getpixel((1, 1)) == (127, 127, 127)
    palette = Image.new("P", (4, 4), 0)
    assert open_picture(encode(palette, "GIF", transparency=0)).getpixel((1, 1)) == (255, 255, 255)


def test_a_telephone_s_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways: rotate by 90 degrees
    assert open_picture(encode(RED, "JPEG", exif=exif)).size == (20, 40)


def test_the_first_frame_of_an_animation() -> None:
    blue = Image.new("RGB", (40, 20), "blue")
    assert open_picture(encode(RED, "GIF", save_all=True, append_images=[blue])).getpixel((1, 1)) == (255, 0, 0)


def test_sixteen_bit_grey_keeps_its_middle() -> None:
    grey = Image.new("I;16", (4, 4), 0x8000)
    assert open_picture(encode(grey, "PNG")).getpixel((1, 1)) == pytest.approx((128, 128, 128), abs=1)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a readable"),
        (b"hello, I am text", "not a readable"),
        (b"GIF89a", "not a readable"),
        (encode(RED, "BMP"), "not a readable"),
        (encode(RED, "TIFF"), "not a readable"),
        (b"%PDF-1.7\n" + encode(RED, "JPEG"), "not a readable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a readable"),
        (bomb(30_000, 30_000), "megapixels|not a readable"),
        (bomb(7_000, 7_000), "megapixels"),
        (bomb(5_000, 5_000), "damaged"),
        (encode(Image.effect_noise((64, 64), 90), "PNG")[:-900], "damaged"),
        (encode(Image.effect_noise((64, 64), 90), "JPEG")[:-400], "damaged"),
        (encode(Image.effect_noise((64, 64), 90), "WEBP")[:-200], "damaged|not a readable"),
        (encode(RED, "PNG") + b"<script>alert(1)</script>", "something else at once"),
        (encode(RED, "GIF") + b"<?php system('id');", "something else at once"),
        (b"\x00" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_refused_and_how(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        open_picture(data)


def test_a_picture_that_is_also_an_archive_is_refused() -> None:
    out = BytesIO(encode(RED, "PNG"))
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("virus.exe", b"MZ")
    with pytest.raises(InvalidInput, match="something else at once"):
        open_picture(out.getvalue())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.data())
def test_damage_anywhere_is_decoded_or_refused_and_never_crashes(format: str, data: st.DataObject) -> None:
    picture = bytearray(encode(RED, format))
    for _ in range(data.draw(st.integers(1, 4))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InvalidInput):
        assert open_picture(bytes(picture)).mode == "RGB"


def test_only_pixels_go_further() -> None:
    exif = Image.Exif()
    exif[0x010E] = "my home address"
    data = encode(RED, "JPEG", exif=exif)
    assert b"my home address" in data
    assert b"my home address" not in to_png(open_picture(data))


def test_cropping_keeps_the_centre() -> None:
    wide = Image.new("RGB", (300, 100), "white")
    wide.paste("red", (100, 0, 200, 100))
    square = crop_to(wide, 64, 64)
    assert square.size == (64, 64)
    assert square.getpixel((3, 32)) == square.getpixel((60, 32)) == (255, 0, 0)


def test_a_preview_is_small() -> None:
    preview = to_small_webp(Image.effect_noise((512, 256), 60).convert("RGB"))
    assert len(preview) < 10_000
    assert Image.open(BytesIO(preview)).size == (128, 64)
