"""Serves style transfer: one picture painted in the manner of another, with previews, until it is no longer wanted."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from engines.contract import (
    Cancelled,
    Engine,
    EngineError,
    EngineOptions,
    ImageProgress,
    Images,
    InvalidInput,
    IsCancelled,
    Report,
    Request,
    Result,
    StyleTransfer,
)
from engines.device import choose_device
from engines.pictures import open_picture, to_png, to_small_webp
from engines.vision import photos
from engines.vision.assets import ASSETS
from engines.vision.painting import STAGES, paint, steps_in_all
from engines.vision.tower import to_tensor

NAME = "mobilenet-v2-style"
SIZE = STAGES[-1][0]
EVERY = 4
"""Steps between two reports."""


class Painter:
    """Paints one request after the other; see engines.contract.Engine."""

    name = NAME
    max_batch = 1

    def __init__(self, net: Any, device: torch.device) -> None:
        """`net`: the MobileNetV2 of transformers."""
        self._net, self._device = net.to(device), device

    def batch_key(self, request: Request) -> Hashable:
        """All paintings are of one size."""
        return self.name

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Paint each request; one that fails does not fail the others."""
        return [self._answer(index, request, report, is_cancelled) for index, request in enumerate(batch)]

    def _answer(self, index: int, request: Request, report: Report, is_cancelled: IsCancelled) -> Result | EngineError:
        if not isinstance(request, StyleTransfer):
            return InvalidInput(f"{self.name} serves style-transfer only.")
        if not 0 <= request.strength <= 1:
            return InvalidInput("The strength is a number from 0 to 1.")
        try:
            content, style = (to_tensor(open_picture(data), SIZE) for data in (request.content, request.style))
        except InvalidInput as error:
            return error

        def step(done: int, total: int, picture: Tensor) -> bool:
            if is_cancelled(index):
                return False
            if done % EVERY == 0:
                report(index, ImageProgress(done, total, to_small_webp(_picture(picture))))
            return True

        began = time.perf_counter()
        content, style = content.to(self._device), style.to(self._device)
        painting = paint(self._net, content, style, request.strength, request.seed, step)
        if painting is None:
            return Cancelled("The request is no longer wanted.")
        seconds = time.perf_counter() - began
        png = to_png(_picture(painting))
        return Images((png,), (request.seed,), self.name, steps_in_all(), 0.0, SIZE, SIZE, seconds)


def load(options: EngineOptions) -> Engine:
    """Load MobileNetV2 on the device of the options; ModelUnavailable where its weights are missing or damaged."""
    return Painter(photos.load(ASSETS).model.mobilenet_v2, choose_device(options))


def _picture(pixels: Tensor) -> Image.Image:
    """(1, 3, H, W) in -1..1 as a picture."""
    return Image.fromarray(((pixels[0].permute(1, 2, 0).cpu() + 1) * 127.5).round().byte().numpy())
