"""Grids, circles, and files that fit."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters import pictures
from tests.fakes import png, webp


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(("count", "size"), [(1, (64, 64)), (2, (136, 64)), (3, (136, 136)), (4, (136, 136))])
def test_a_grid_has_a_cell_for_each(count: int, size: tuple[int, int]) -> None:
    sheet = opened(pictures.grid([png()] * count))
    assert sheet.size == size


def test_a_grid_keeps_the_order() -> None:
    sheet = opened(pictures.grid([png(colour) for colour in ("red", "lime", "blue", "white")]))
    corners = [sheet.getpixel(at) for at in ((32, 32), (104, 32), (32, 104), (104, 104))]
    assert [max(range(3), key=lambda band: corner[band]) for corner in corners[:3]] == [0, 1, 2]  # type: ignore[index]
    assert min(corners[3]) > 240  # type: ignore[type-var, arg-type]


@settings(deadline=None, max_examples=8)
@given(st.lists(st.integers(1, 2100), min_size=1, max_size=5))
def test_a_grid_is_never_larger_than_chat_programs_show(sizes: list[int]) -> None:
    sheet = opened(pictures.grid([png(size=size) for size in sizes]))
    assert max(sheet.size) <= pictures.GRID_LIMIT + 64


def test_circles_show_the_middle_on_light_and_on_dark() -> None:
    wide = Image.new("RGB", (300, 100), "black")
    wide.paste("red", (100, 0, 200, 100))
    buffer = io.BytesIO()
    wide.save(buffer, "PNG")
    sheet = opened(pictures.circles(buffer.getvalue()))
    assert sheet.getpixel((0, 0)) == (255, 255, 255)
    assert sheet.getpixel((0, sheet.height - 1)) == (0x31, 0x33, 0x38)
    x = 16
    for size in pictures.SIZES:
        for middle in (sheet.height // 4, 3 * sheet.height // 4):
            assert sheet.getpixel((x + size // 2, middle)) == (255, 0, 0)
            assert sheet.getpixel((x, middle - size // 2)) == sheet.getpixel((0, middle))
        x += size + 16


def test_what_fits_is_left_as_it_is() -> None:
    picture = png()
    assert pictures.fit(picture, "a.png", len(picture)) == (picture, "a.png")


@pytest.mark.parametrize("name", ["a.b.png", "noending"])
def test_what_does_not_fit_becomes_a_smaller_webp(name: str) -> None:
    noise = Image.effect_noise((512, 512), 80).convert("RGBA")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    data, new = pictures.fit(buffer.getvalue(), name, 20_000)
    assert len(data) <= 20_000
    assert new == f"{name.removesuffix('.png')}.webp"
    assert Image.open(io.BytesIO(data)).format == "WEBP"


def test_the_pictures_of_a_grid_carry_their_numbers() -> None:
    sheet = Image.open(io.BytesIO(pictures.grid([png("white", 128), png("white", 128)]))).convert("L")
    first, second = sheet.crop((0, 0, 40, 40)), sheet.crop((136, 0, 176, 40))
    assert first.getextrema()[0] < 80 and second.getextrema()[0] < 80, "a dark disc in each corner"
    assert first.tobytes() != second.tobytes(), "with another number"


def test_an_animation_that_is_too_large_still_moves_when_it_fits() -> None:
    noise = io.BytesIO()
    first, *rest = (Image.effect_noise((128, 128), 90).convert("RGB") for _ in range(5))
    first.save(noise, "WEBP", save_all=True, append_images=rest, duration=80, loop=0, quality=95)
    data, name = pictures.fit(noise.getvalue(), "a.webp", len(noise.getvalue()) // 3)
    moving = Image.open(io.BytesIO(data))
    assert (getattr(moving, "n_frames", 1), name) == (5, "a.webp") and len(data) <= len(noise.getvalue()) // 3
    assert pictures.fit(webp(), "b.webp", 10**6) == (webp(), "b.webp")
