"""Style transfer: the manner comes over, the content stays, progress is told and a stop is obeyed."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from engines.contract import Cancelled, ImageProgress, Images, InvalidInput, StyleTransfer
from engines.vision import painting
from engines.vision.style import Painter
from tests.engines.vision.tiny import mobilenet, png


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    monkeypatch.setattr(painting, "STAGES", ((32, 6), (48, 6)))
    return Painter(mobilenet().model.mobilenet_v2, torch.device("cpu"))


CONTENT, STYLE = png("black", spot="white"), png("#d93a3a", spot="#ffd84d")


def mean(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)), dtype=float).mean((0, 1))


def test_the_painting_takes_the_colours_of_the_manner_as_far_as_it_shall(painter: Painter) -> None:
    requests = [StyleTransfer(CONTENT, STYLE, strength) for strength in (0.0, 1.0)]
    kept, taken = painter.run(requests, lambda *_: None, lambda _: False)
    assert isinstance(kept, Images) and isinstance(taken, Images)
    grey, red = mean(kept.images[0]), mean(taken.images[0])
    assert np.ptp(grey) < 12 and red[0] - red[2] > 60
    (alone,) = painter.run(requests[1:], lambda *_: None, lambda _: False)
    assert alone.images == taken.images


def test_progress_is_told_and_a_stop_obeyed(painter: Painter) -> None:
    told: list[ImageProgress] = []
    (answer,) = painter.run(
        [StyleTransfer(CONTENT, STYLE)], lambda _, progress: told.append(progress), lambda _: len(told) > 1
    )
    assert isinstance(answer, Cancelled)
    assert [(one.step, one.total) for one in told] == [(0, 12), (4, 12)]
    assert told[0].preview is not None and told[0].preview[8:12] == b"WEBP"


def test_what_cannot_be_painted_is_said(painter: Painter) -> None:
    requests = [StyleTransfer(b"x", STYLE), StyleTransfer(CONTENT, STYLE, 1.5)]
    assert all(isinstance(one, InvalidInput) for one in painter.run(requests, lambda *_: None, lambda _: False))
