"""The picture engine: text-to-image and image-to-image through any diffusers pipeline."""

import inspect
import logging
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoPipelineForImage2Image
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor

from engines.avatar.completion import Examples, encode_prompts, left_out, read_examples
from engines.avatar.text_encoder import is_understood
from engines.avatar.upscaler import Upscaler, enlarge_images
from engines.contract import (
    Cancelled,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    ImageProgress,
    Images,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    OutOfMemory,
    Report,
    Request,
    Result,
    TextToImage,
)
from engines.diffusion.checkpoint import Pipeline, load_checkpoint
from engines.diffusion.lora import Loras
from engines.diffusion.plan import Facts, Plan, make_plan
from engines.diffusion.preview import Previews
from engines.diffusion.upscaling import read_upscaler
from engines.pictures import crop_to, open_picture, to_png

log = logging.getLogger(__name__)

MAX_BATCH = 8
FORGOTTEN = 0.85
"""Strength from which on so little of a picture is left that prompts are completed as if there were none."""


def load(options: EngineOptions) -> "DiffusionEngine":
    """Load the picture model that the options name."""
    pipeline, facts = load_checkpoint(options)
    upscaler = None if facts.upscaler is None else read_upscaler(facts.upscaler, options)
    examples = None if facts.examples is None else _read_examples(facts.examples, pipeline)
    return DiffusionEngine(pipeline, facts, options.loras, upscaler, examples)


def _read_examples(file: Path, pipeline: Pipeline) -> Examples:
    try:
        return read_examples(file, pipeline.text_encoder)
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelUnavailable(f"'{file}' cannot be used: {error}") from error


@dataclass(frozen=True, slots=True)
class _Shot:
    """One picture to draw: for request `index` of the batch, from its own seed."""

    index: int
    request: TextToImage
    seed: int
    start: Image.Image | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a member is told of a prompt, as `Images` says."""

    understood: bool
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Watch:
    """Tells the callers of one batch how far it is, and stops it when none of them wants it any more."""

    report: Report
    is_cancelled: IsCancelled
    total: int
    done: int = 0
    latents: Tensor | None = None

    def unwanted(self, shots: list[_Shot]) -> bool:
        """Whether nobody waits for any of the shots."""
        return all(self.is_cancelled(shot.index) for shot in shots)


class _Stop(Exception):
    """Leaves a pipeline between two steps."""


class DiffusionEngine:
    """A loaded checkpoint that draws batches."""

    def __init__(
        self,
        pipeline: Pipeline,
        facts: Facts,
        loras: dict[str, Path],
        upscaler: Upscaler | None = None,
        examples: Examples | None = None,
    ) -> None:
        """`loras`: name -> safetensors file; `upscaler` and `examples` are there where `facts` tell of them."""
        self.name = facts.name
        self.max_batch = MAX_BATCH
        self._facts = facts
        self._text_to_image = pipeline
        self._image_to_image: Pipeline = None
        self._loras = Loras(pipeline, loras)
        self._upscaler = upscaler
        self._examples = examples
        self._previews = Previews()

    def batch_key(self, request: Request) -> Hashable:
        """Return the request's plan; raises InvalidInput when the model cannot do what it asks."""
        assert isinstance(request, TextToImage)
        return make_plan(request, self._facts, self._loras.names)

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Draw the pictures of each request; all have the plan of the first."""
        start = time.monotonic()
        requests = [request for request in batch if isinstance(request, TextToImage)]
        plan = make_plan(requests[0], self._facts, self._loras.names)
        self._loras.use(plan.lora)
        answers: dict[int, Result | EngineError] = {}
        shots: list[_Shot] = []
        for index, request in enumerate(requests):
            try:
                shots += self._shots(index, request, plan)
            except InvalidInput as error:
                answers[index] = error
        try:
            told = self._tell(plan, requests)
        except RuntimeError as error:
            raise _device_error(error) from error
        drawn = self._draw_all(plan, shots, report, is_cancelled)
        seconds = time.monotonic() - start
        for index in range(len(requests)):
            if index not in answers:
                mine = [(shot.seed, picture) for shot, picture in zip(shots, drawn, strict=True) if shot.index == index]
                answers[index] = self._answer(plan, mine, seconds, told[index])
        return [answers[index] for index in range(len(requests))]

    def _shots(self, index: int, request: TextToImage, plan: Plan) -> list[_Shot]:
        start = None
        if request.image is not None:
            start = crop_to(open_picture(request.image), plan.drawn or plan.width, plan.drawn or plan.height)
        return [_Shot(index, request, request.seed + i, start) for i in range(request.num_images)]

    def _answer(
        self, plan: Plan, mine: list[tuple[int, bytes | EngineError]], seconds: float, told: _Told
    ) -> Result | EngineError:
        pictures = []
        for _, picture in mine:
            if isinstance(picture, EngineError):
                return picture
            pictures.append(picture)
        return Images(
            images=tuple(pictures),
            seeds=tuple(seed for seed, _ in mine),
            model=self.name,
            num_inference_steps=plan.num_inference_steps,
            guidance_scale=plan.guidance_scale,
            width=plan.width,
            height=plan.height,
            seconds=seconds,
            understood=told.understood,
            left_out=told.left_out,
        )

    def _tell(self, plan: Plan, requests: Sequence[TextToImage]) -> list[_Told]:
        """What members are told of their prompts."""
        prompts = [request.prompt for request in requests]
        lacking: list[tuple[str, ...]] = [()] * len(requests)
        if (examples := self._completing(plan)) is not None:
            lacking = left_out(self._text_to_image, examples, prompts, [request.seed for request in requests])
        understood = is_understood(self._text_to_image, prompts)
        return [_Told(one, rest if one else ()) for one, rest in zip(understood, lacking, strict=True)]

    def _completing(self, plan: Plan) -> Examples | None:
        """What completes prompts; a picture that is kept in sight shows what its prompt leaves open."""
        in_sight = plan.strength is not None and plan.strength < FORGOTTEN
        return None if in_sight else self._examples

    def _draw_all(
        self, plan: Plan, shots: list[_Shot], report: Report, is_cancelled: IsCancelled
    ) -> list[bytes | EngineError]:
        """Draw every shot, in portions of at most `max_batch`."""
        steps = plan.num_inference_steps
        if plan.strength is not None:
            steps = int(steps * plan.strength)
        watch = _Watch(report, is_cancelled, total=steps * -(-len(shots) // self.max_batch))
        drawn: list[bytes | EngineError] = []
        halved = False
        while len(drawn) < len(shots):
            portion = shots[len(drawn) : len(drawn) + self.max_batch]
            try:
                drawn += self._draw(plan, portion, watch)
            except _Stop:
                drawn += [Cancelled("Cancelled.")] * len(portion)
            except (torch.OutOfMemoryError, MemoryError) as error:
                if halved or len(portion) == 1:
                    raise OutOfMemory("This needs more memory than the device has; try a smaller picture.") from error
                halved = True
                self.max_batch = max(1, len(portion) // 2)
                log.warning("out of memory with %d pictures, from now on %d at once", len(portion), self.max_batch)
                torch.cuda.empty_cache()
        return drawn

    def _draw(self, plan: Plan, shots: list[_Shot], watch: _Watch) -> list[bytes | EngineError]:
        """Run the pipeline once."""
        if watch.unwanted(shots):
            raise _Stop
        pipeline = self._pipeline(plan)
        arguments: dict[str, Any] = {
            "num_inference_steps": plan.num_inference_steps,
            "guidance_scale": plan.guidance_scale,
            # One generator a picture, on the CPU: a seed draws the same picture alone, in any batch, on any device.
            "generator": [torch.Generator().manual_seed(shot.seed) for shot in shots],
            "width": plan.drawn or plan.width,
            "height": plan.drawn or plan.height,
            "callback_on_step_end": self._on_step_end(shots, watch),
        }
        if plan.strength is not None:
            arguments |= {"image": [shot.start for shot in shots], "strength": plan.strength}
        # Pipelines differ: some take no negative prompt, and image-to-image ones read the size off the picture.
        known = inspect.signature(pipeline.__call__).parameters
        try:
            arguments |= self._prompts(plan, shots)
            output = pipeline(**{name: value for name, value in arguments.items() if name in known})
        except RuntimeError as error:
            raise _device_error(error) from error
        finally:
            pipeline.maybe_free_model_hooks()
        if watch.latents is not None:
            self._previews.learn(watch.latents, output.images)
        flagged = getattr(output, "nsfw_content_detected", None) or [False] * len(shots)
        return [
            InvalidInput("The model's own safety checker does not show this picture.") if hidden else to_png(picture)
            for picture, hidden in zip(self._finish(plan, output.images), flagged, strict=True)
        ]

    def _prompts(self, plan: Plan, shots: list[_Shot]) -> dict[str, Any]:
        """What the pipeline is told to draw."""
        prompts = [shot.request.prompt for shot in shots]
        negative = [shot.request.negative_prompt for shot in shots] if plan.negative else None
        if (examples := self._completing(plan)) is None:
            return {"prompt": prompts, "negative_prompt": negative}
        seeds = [shot.seed for shot in shots]
        return encode_prompts(self._text_to_image, examples, prompts, negative, seeds)

    def _finish(self, plan: Plan, pictures: list[Image.Image]) -> list[Image.Image]:
        """Bring pictures to the size that was asked for."""
        size = (plan.width, plan.height)
        if self._upscaler is None or pictures[0].size == size:
            return pictures
        larger = enlarge_images(self._upscaler, pictures)
        return [picture if picture.size == size else crop_to(picture, *size) for picture in larger]

    def _pipeline(self, plan: Plan) -> Pipeline:
        if plan.strength is None:
            return self._text_to_image
        if self._image_to_image is None:
            try:
                converter: Any = AutoPipelineForImage2Image
                pipeline = converter.from_pipe(self._text_to_image)  # shares every network
            except ValueError as error:
                raise InvalidInput("This model cannot start from a picture.") from error
            pipeline.set_progress_bar_config(disable=True)
            self._image_to_image = pipeline
        return self._image_to_image

    def _on_step_end(self, shots: list[_Shot], watch: _Watch) -> Any:
        first_row = {shot.index: row for row, shot in reversed(list(enumerate(shots)))}

        def on_step_end(pipeline: Pipeline, step: int, timestep: Any, state: dict[str, Any]) -> dict[str, Any]:
            if watch.unwanted(shots):
                raise _Stop
            watch.done = min(watch.done + 1, watch.total)  # steps are drawn again after a lack of memory
            watch.latents = state["latents"]
            previews: list[bytes | None] = [None] * len(first_row)
            if watch.done < watch.total and self._previews.due():
                previews = self._previews.show(pipeline, watch.latents, list(first_row.values()))
            for index, preview in zip(first_row, previews, strict=True):
                watch.report(index, ImageProgress(watch.done, watch.total, preview))
            return state

        return on_step_end


def _device_error(error: RuntimeError) -> Exception:
    """Return what a pipeline's error means: after a fault of the GPU this process can do nothing more with it."""
    if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error):
        return MemoryError()
    if isinstance(error, torch.AcceleratorError):
        return EngineUnreachable("The GPU failed; a new engine process takes over.")
    return error
