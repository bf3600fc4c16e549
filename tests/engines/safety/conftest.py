from pathlib import Path

import pytest

from engines.contract import EngineOptions
from engines.safety.image import ImageScreen
from engines.safety.image import load as load_image
from engines.safety.text import TextScreen
from engines.safety.text import load as load_text


@pytest.fixture(scope="session")
def text_screen() -> TextScreen:
    return load_text(EngineOptions(data_dir=Path("unused")))


@pytest.fixture(scope="session")
def image_screen() -> ImageScreen:
    return load_image(EngineOptions(data_dir=Path("unused"), threads=1))
