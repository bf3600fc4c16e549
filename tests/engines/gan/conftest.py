"""Tiny networks, made once, and an engine that serves them."""

from collections.abc import Iterator

import pytest
import torch

from engines.gan.checkpoint import Parts
from engines.gan.engine import StyleEngine
from tests.engines.gan import tiny


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small only wait for their second thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return tiny.make_parts(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="session")
def engine(parts: Parts) -> StyleEngine:
    return StyleEngine(parts)
