"""The upscaling engine: what it answers, and what it refuses."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engines.avatar import embedded
from engines.avatar.upscaler import Upscaler
from engines.contract import Cancelled, EngineOptions, Images, InvalidInput, Upscaling
from engines.diffusion.upscaling import LONGEST, UpscalingEngine, load
from engines.host.inline import InlineHost
from engines.pictures import to_png


def picture(size: tuple[int, int] = (20, 12)) -> bytes:
    return to_png(Image.new("RGB", size, "teal"))


def answer(request: Upscaling, cancelled: bool = False) -> object:
    engine = UpscalingEngine(Upscaler(channels=8, blocks=1).eval())
    return engine.run([request], lambda *_: None, lambda _: cancelled)[0]


@pytest.mark.parametrize("scale", [2, 4])
def test_a_picture_grows_by_the_scale(scale: int) -> None:
    images = answer(Upscaling(picture(), scale))
    assert isinstance(images, Images)
    opened = Image.open(BytesIO(images.images[0]))
    assert opened.size == (images.width, images.height) == (20 * scale, 12 * scale)
    assert opened.getpixel((5, 5)) == (0, 128, 128)


def test_what_is_refused() -> None:
    engine = UpscalingEngine(Upscaler(channels=8, blocks=1).eval())
    with pytest.raises(InvalidInput, match="2 or 4 times"):
        engine.batch_key(Upscaling(picture(), 3))
    too_large = answer(Upscaling(picture((LONGEST // 2 + 1, 4))))
    assert isinstance(too_large, InvalidInput) and "at most 1024 pixels" in str(too_large)
    assert isinstance(answer(Upscaling(b"text")), InvalidInput)
    assert isinstance(answer(Upscaling(picture()), cancelled=True), Cancelled)


@pytest.mark.skipif(not (embedded.ASSETS / "upscaler").is_dir(), reason="the weights are not there")
async def test_the_embedded_weights_make_a_soft_edge_sharper_through_a_host(tmp_path: Path) -> None:
    assert load(EngineOptions(tmp_path)).name == "huashen-upscaler"
    disc = Image.new("RGB", (512, 512), "gold")
    disc.paste("navy", (128, 128, 384, 384))
    small = disc.resize((256, 256), Image.Resampling.BOX)
    host = InlineHost(EngineOptions(tmp_path, dtype="float32", threads=1))
    await host.start()
    try:
        images = await host.run(Upscaling(to_png(small)))
    finally:
        await host.aclose()
    assert isinstance(images, Images)

    def gap(candidate: Image.Image) -> float:
        pairs = zip(candidate.convert("L").tobytes(), disc.convert("L").tobytes(), strict=True)
        return sum((a - b) ** 2 for a, b in pairs)

    assert gap(Image.open(BytesIO(images.images[0]))) < gap(small.resize((512, 512), Image.Resampling.BICUBIC))
