"""For pictures in the README of real runs: `huashen run` on a stand-in, and a page drawn and photographed."""

import asyncio
import base64
import io
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

IMAGES = Path(__file__).with_name("images")
PATIENCE = 300.0
"""Seconds: at the first start the models are prepared."""


@asynccontextmanager
async def huashen(settings: Mapping[str, str]) -> AsyncIterator[None]:
    """`huashen run` in a process of its own; state in a new folder, or in HUASHEN_DATA_DIR where models are ready."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"HUASHEN_DATA_DIR": os.environ.get("HUASHEN_DATA_DIR", folder), "HUASHEN_WEB__PORT": "0"}
        program = Path(sys.executable).with_name("huashen")
        bot = await asyncio.create_subprocess_exec(program, "run", env=os.environ | own | settings)
        try:
            yield
        finally:
            bot.terminate()
            await bot.wait()


def keep(shot: bytes, name: str) -> None:
    """Write a PNG as docs/images/NAME.webp: a fifth of its size, and a repository keeps every one of them for ever."""
    IMAGES.mkdir(exist_ok=True)
    Image.open(io.BytesIO(shot)).convert("RGB").save(IMAGES / f"{name}.webp", quality=84, method=6)


async def photograph(page: str, name: str, width: int) -> None:
    """Keep what an HTML page looks like."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": width, "height": 400}, device_scale_factor=1.5)
        await tab.set_content(page)
        keep(await tab.screenshot(full_page=True), name)
        await browser.close()


def image(data: bytes, width: int, kind: str = "image/png") -> str:
    """A picture inside the page."""
    return f'<img width="{width}" src="data:{kind};base64,{base64.b64encode(data).decode()}">'
