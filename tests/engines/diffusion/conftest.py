"""A tiny checkpoint, made once, and an engine that serves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engines.contract import EngineOptions
from engines.diffusion.engine import DiffusionEngine, load
from tests.engines.diffusion import tiny


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small only wait for their second thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_checkpoint(tmp_path_factory.mktemp("pictures") / "tiny")


@pytest.fixture(scope="session")
def options(checkpoint: Path) -> EngineOptions:
    lora = tiny.save_lora(checkpoint.parent / "bold.safetensors", checkpoint)
    broken = checkpoint.parent / "broken.safetensors"
    broken.write_bytes(b"not safetensors")
    loras = {"bold": lora, "broken": broken, "pickled": checkpoint.parent / "pickled.bin"}
    return EngineOptions(checkpoint.parent, picture_model=str(checkpoint), dtype="float32", threads=1, loras=loras)


@pytest.fixture(scope="session")
def engine(options: EngineOptions) -> DiffusionEngine:
    return load(options)
