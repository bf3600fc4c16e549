"""The upscaling engine: any picture, two or four times as large."""

import time
from collections.abc import Hashable, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError

from engines.avatar import embedded
from engines.avatar.upscaler import SCALE, Upscaler, enlarge_images, load_upscaler
from engines.contract import (
    Cancelled,
    EngineError,
    EngineOptions,
    Images,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    OutOfMemory,
    Report,
    Request,
    Result,
    Upscaling,
)
from engines.device import choose_device, choose_dtype
from engines.pictures import open_picture, to_png

NAME = "huashen-upscaler"
SCALES = (SCALE, SCALE * SCALE)
LONGEST = 2048
"""Longest side of a result in pixels: 1024 px doubled, or 512 px twice."""


def load(options: EngineOptions) -> "UpscalingEngine":
    """Load the embedded upscaler; raises ModelUnavailable, naming the file, where it is missing or corrupt."""
    if options.threads:
        torch.set_num_threads(options.threads)
    return UpscalingEngine(read_upscaler(embedded.part("upscaler"), options))


def read_upscaler(folder: Path, options: EngineOptions) -> Upscaler:
    """Read the upscaler of a folder onto the options' device; raises ModelUnavailable where it is damaged."""
    device = choose_device(options)
    try:
        return load_upscaler(folder, device, choose_dtype(options, device))
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelUnavailable(f"The upscaler '{folder}' cannot be loaded: {str(error).splitlines()[0]}") from error


class UpscalingEngine:
    """A loaded upscaler; one picture at a time, as sizes differ."""

    name = NAME
    max_batch = 1

    def __init__(self, upscaler: Upscaler) -> None:
        """Serve this network."""
        self._upscaler = upscaler

    def batch_key(self, request: Request) -> Hashable:
        """Return the scale; raises InvalidInput where it is not one of SCALES."""
        assert isinstance(request, Upscaling)
        if request.scale not in SCALES:
            raise InvalidInput(f"A picture can be made {' or '.join(map(str, SCALES))} times as large.")
        return request.scale

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Enlarge each picture."""
        requests = [request for request in batch if isinstance(request, Upscaling)]
        return [self._answer(index, request, is_cancelled) for index, request in enumerate(requests)]

    def _answer(self, index: int, request: Upscaling, is_cancelled: IsCancelled) -> Result | EngineError:
        start = time.monotonic()
        try:
            picture = open_picture(request.image)
        except InvalidInput as error:
            return error
        if max(picture.size) * request.scale > LONGEST:
            return InvalidInput(f"The picture may be at most {LONGEST // request.scale} pixels a side for this.")
        for _ in range(SCALES.index(request.scale) + 1):
            if is_cancelled(index):
                return Cancelled("Cancelled.")
            try:
                (picture,) = enlarge_images(self._upscaler, [picture])
            except (torch.OutOfMemoryError, MemoryError):
                return OutOfMemory("This needs more memory than the device has; try a smaller picture.")
        return Images(
            images=(to_png(picture),),
            seeds=(0,),
            model=self.name,
            num_inference_steps=SCALES.index(request.scale) + 1,
            guidance_scale=0.0,
            width=picture.width,
            height=picture.height,
            seconds=time.monotonic() - start,
        )
