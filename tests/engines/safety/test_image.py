import io

import pytest
from PIL import Image

from engines.contract import ImageClassification, InvalidInput, Scores, TextClassification
from engines.safety.image import ImageScreen


def encoded(colour: str, kind: str = "PNG", size: tuple[int, int] = (64, 64)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_harmless_pictures_score_low(image_screen: ImageScreen, kind: str) -> None:
    assert image_screen.score(encoded("skyblue", kind)) < 0.2


@pytest.mark.parametrize("data", [b"", b"just text", encoded("red")[:60], b"GIF89a" + b"\0" * 20])
def test_an_unreadable_picture_fails_its_own_request_only(image_screen: ImageScreen, data: bytes) -> None:
    bad, good, other = image_screen.run(
        [ImageClassification((encoded("red"), data)), ImageClassification((encoded("red"),)), TextClassification(())],
        lambda *_: None,
        lambda _: False,
    )
    assert isinstance(bad, InvalidInput)
    assert isinstance(good, Scores) and set(good.scores[0]) == {"sexual"}
    assert isinstance(other, InvalidInput)


def test_avatars_drawn_by_others_score_low(image_screen: ImageScreen) -> None:
    dicebear = pytest.importorskip("dicebear")
    resvg = pytest.importorskip("resvg_py")
    styles = pytest.importorskip("dicebear_styles")
    import json
    from importlib.resources import files

    for name in ("avataaars", "lorelei", "pixel-art"):
        style = dicebear.Style(json.loads(files(styles).joinpath(f"{name}.json").read_text("utf-8")))
        for seed in ("ada", "grace"):
            svg = str(dicebear.Avatar(style, {"seed": seed, "backgroundColor": ["#f2d3b1"]}))
            png = bytes(resvg.svg_to_bytes(svg_string=svg, width=256, height=256, skip_system_fonts=True))
            assert image_screen.score(png) < 0.3
