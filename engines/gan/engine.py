"""The style-based engine: avatars in milliseconds, children of two pictures, and loops that morph through several."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from io import BytesIO
from itertools import pairwise

import torch
from PIL import Image

from engines.contract import (
    Animation,
    Cancelled,
    EngineError,
    EngineOptions,
    ImageMixing,
    ImageProgress,
    Images,
    InvalidInput,
    IsCancelled,
    Morphing,
    Report,
    Request,
    Result,
    TextToImage,
)
from engines.gan.checkpoint import LARGE, Parts, load_parts
from engines.gan.morph import trace
from engines.gan.networks import GROUPS
from engines.gan.styles import choose_shares, read_parent
from engines.pictures import to_png

MAX_BATCH = 8
MAX_IMAGES = 64
MAX_SEED = 2**63 - 1
TRUNCATION_PSI = 0.7
MIN_FRAMES, MAX_FRAMES = 12, 240
MAX_FRAMES_PER_SECOND = 50
"""Of WebP's viewers: browsers show anything faster at a tenth of the pace."""


def load(options: EngineOptions) -> StyleEngine:
    """Load the embedded style-based generator."""
    return StyleEngine(load_parts(options))


class StyleEngine:
    """Answers TextToImage, ImageMixing and Morphing; every picture is made alone, so batches change nothing."""

    def __init__(self, parts: Parts) -> None:
        """Serve these networks."""
        self.name = parts.name
        self.max_batch = MAX_BATCH
        self._parts = parts

    def batch_key(self, request: Request) -> Hashable:
        """Return the request's kind; raises InvalidInput when the model cannot do what it asks."""
        if isinstance(request, TextToImage):
            _check_drawing(request)
        elif isinstance(request, ImageMixing):
            _check_mixing(request)
        elif isinstance(request, Morphing):
            _check_morphing(request)
        return type(request).__name__

    @torch.inference_mode()
    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request by itself."""
        answers: list[Result | EngineError] = []
        for index, request in enumerate(batch):
            if is_cancelled(index):
                answers.append(Cancelled("Cancelled."))
                continue
            try:
                self.batch_key(request)
                answers.append(self._answer(index, request, report, is_cancelled))
            except EngineError as error:
                answers.append(error)
        return answers

    def _answer(self, index: int, request: Request, report: Report, is_cancelled: IsCancelled) -> Result:
        start = time.monotonic()
        if isinstance(request, TextToImage):
            return self._draw(request, start)
        if isinstance(request, ImageMixing):
            return self._mix(request, start)
        assert isinstance(request, Morphing)
        return self._morph(index, request, start, report, is_cancelled)

    def _draw(self, request: TextToImage, start: float) -> Images:
        tokens, understood = self._parts.read_prompt(request.prompt)
        psi = TRUNCATION_PSI if request.truncation_psi is None else request.truncation_psi
        seeds = tuple(range(request.seed, request.seed + request.num_images))
        latents = [self._parts.imagine(tokens, seed, psi) for seed in seeds]
        lacking = self._parts.examples.lacking(tokens, request.seed) if understood else ()
        return self._images(self._parts.draw(latents), seeds, start, understood, lacking)

    def _mix(self, request: ImageMixing, start: float) -> Images:
        generator = self._parts.generator
        first, second = (
            read_parent(generator, self._parts.read_picture(data)) for data in (request.first, request.second)
        )
        asked = tuple(getattr(request, group) for group in GROUPS)
        seeds = tuple(range(request.seed, request.seed + request.num_images))
        latents = [self._parts.breed(first, second, choose_shares(seed, asked)) for seed in seeds]
        return self._images(self._parts.draw(latents), seeds, start)

    def _images(
        self,
        pictures: list[Image.Image],
        seeds: tuple[int, ...],
        start: float,
        understood: bool = True,
        left_out: tuple[str, ...] = (),
    ) -> Images:
        return Images(
            images=tuple(to_png(picture) for picture in pictures),
            seeds=seeds,
            model=self.name,
            num_inference_steps=1,
            guidance_scale=1.0,
            width=pictures[0].width,
            height=pictures[0].height,
            seconds=time.monotonic() - start,
            understood=understood,
            left_out=left_out,
        )

    def _morph(
        self, index: int, request: Morphing, start: float, report: Report, is_cancelled: IsCancelled
    ) -> Animation:
        parts = self._parts
        parents = [read_parent(parts.generator, parts.read_picture(data)) for data in request.images]
        frames: list[Image.Image] = []
        for latents in trace(parts.generator, parents, request.frames, parts.codec.scale):
            if is_cancelled(index):
                raise Cancelled("Cancelled.")
            frames += parts.decode([latents])
            report(index, ImageProgress(len(frames), request.frames))
        out = BytesIO()
        frames[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=_durations(len(frames), request.frames_per_second),
            loop=0,  # for ever
            quality=80,
            method=2,
        )
        width, height = frames[0].size
        seconds = time.monotonic() - start
        return Animation(out.getvalue(), "image/webp", len(frames), width, height, self.name, seconds)


def _durations(frames: int, per_second: int) -> list[int]:
    """Milliseconds each frame is shown; whole ones, that add up to the right length."""
    ends = [round(1000 * frame / per_second) for frame in range(frames + 1)]
    return [after - before for before, after in pairwise(ends)]


def _check_drawing(request: TextToImage) -> None:
    if request.image is not None:
        raise InvalidInput("This model cannot start from a picture.")
    if request.lora is not None:
        raise InvalidInput("This model has no LoRAs.")
    if any(size not in (None, LARGE) for size in (request.width, request.height)):
        raise InvalidInput(f"This model draws {LARGE} x {LARGE} pixels only.")
    if request.truncation_psi is not None:
        _check_range("The truncation", request.truncation_psi, 0, 1)
    _check_range("The number of pictures", request.num_images, 1, MAX_IMAGES)
    _check_range("The seed", request.seed, 0, MAX_SEED - request.num_images)


def _check_mixing(request: ImageMixing) -> None:
    for group in GROUPS:
        if (share := getattr(request, group)) is not None:
            _check_range(f"The {group} share", share, 0, 1)
    _check_range("The number of pictures", request.num_images, 1, MAX_IMAGES)
    _check_range("The seed", request.seed, 0, MAX_SEED - request.num_images)


def _check_morphing(request: Morphing) -> None:
    _check_range("The number of pictures to morph", len(request.images), 2, 5)
    _check_range("The number of frames", request.frames, MIN_FRAMES, MAX_FRAMES)
    _check_range("The number of frames per second", request.frames_per_second, 1, MAX_FRAMES_PER_SECOND)


def _check_range(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise InvalidInput(f"{what} has to be between {low:g} and {high:g}.")
