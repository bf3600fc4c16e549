"""Make the README's picture of the studio: `python docs/make_studio.py`.

Two avatars of fixed prompts and seeds, the first nine children of theirs, and frames of the loop between them.
"""

import asyncio
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from adapters.pictures import grid
from engines.contract import Animation, EngineOptions, ImageMixing, Images, Morphing, TextToImage
from engines.host.inline import InlineHost

TARGET = Path(__file__).parent / "images" / "studio.webp"
PROMPTS = (
    ("a laughing woman with long red hair and round glasses, in a green hoodie, yellow background", 12),
    ("a man with a black beard and sunglasses, in a blue shirt, pink background", 3),
)
SIDE = 240
FRAMES = 6


def opened(data: bytes, side: int) -> Image.Image:
    """A picture at `side` pixels."""
    return Image.open(BytesIO(data)).convert("RGB").resize((side, side), Image.Resampling.LANCZOS)


def frames_of(loop: bytes) -> list[Image.Image]:
    """`FRAMES` frames of the first half of a loop: from the first picture to the second."""
    film = Image.open(BytesIO(loop))
    shown = []
    for step in range(FRAMES):
        film.seek(round(step * (film.n_frames // 2) / (FRAMES - 1)))
        shown.append(film.convert("RGB").resize((SIDE * 9 // 2 // FRAMES,) * 2, Image.Resampling.LANCZOS))
    return shown


async def made() -> tuple[list[bytes], bytes, bytes]:
    """The parents, the grid of their children, and the loop."""
    with tempfile.TemporaryDirectory() as folder:
        host = InlineHost(EngineOptions(Path(folder)))
        await host.start()
        parents = []
        for prompt, seed in PROMPTS:
            drawn = await host.run(TextToImage(prompt, seed=seed))
            assert isinstance(drawn, Images)
            parents.append(drawn.images[0])
        children = await host.run(ImageMixing(parents[0], parents[1], seed=1))
        loop = await host.run(Morphing(tuple(parents)))
        assert isinstance(children, Images) and isinstance(loop, Animation)
        await host.aclose()
        return parents, grid(children.images), loop.data


def main() -> None:
    """Draw everything and put it side by side."""
    parents, children, loop = asyncio.run(made())
    sheet = Image.new("RGB", (SIDE * 9 // 2, SIDE * 3 + SIDE * 9 // 2 // FRAMES), "white")
    for row, parent in enumerate(parents):
        sheet.paste(opened(parent, SIDE * 3 // 2), (0, row * SIDE * 3 // 2))
    sheet.paste(opened(children, SIDE * 3), (SIDE * 3 // 2, 0))
    for column, frame in enumerate(frames_of(loop)):
        sheet.paste(frame, (column * frame.width, SIDE * 3))
    sheet.save(TARGET, quality=85)


if __name__ == "__main__":
    main()
