"""What a request asks of a model, checked and with the defaults filled in."""

from dataclasses import dataclass
from pathlib import Path

from engines.contract import InvalidInput, TextToImage

MAX_STEPS = 150
MAX_IMAGES = 64
MAX_SEED = 2**63 - 1
MAX_GUIDANCE = 50.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a checkpoint is made for: sizes in pixels, and its own defaults.

    `image_steps` are its steps where it starts from a picture, and `negative_guidance` its guidance where there is a
    negative prompt: a model without guidance would not read it. A model with an `upscaler` (a folder) draws squares of
    one size, `drawn`, and larger ones are enlarged from it. A model with `examples` (a file) completes what prompts
    leave open.
    """

    name: str
    width: int
    height: int
    multiple: int
    min_size: int
    max_size: int
    num_inference_steps: int
    guidance_scale: float
    image_steps: int | None = None
    negative_guidance: float | None = None
    upscaler: Path | None = None
    drawn: int | None = None
    examples: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the pictures of one batch have in common: requests with equal plans may share one.

    The pipeline draws `drawn` pixels a side, where that is not None, and what it drew is enlarged to width and height.
    `strength` is None for text-to-image. `negative` is part of it because a pipeline may treat no
    negative prompt unlike an empty one, and a picture must not depend on its neighbours' prompts.
    """

    width: int
    height: int
    num_inference_steps: int
    guidance_scale: float
    strength: float | None
    lora: str | None
    negative: bool
    drawn: int | None = None


def make_plan(request: TextToImage, facts: Facts, loras: frozenset[str]) -> Plan:
    """Return the plan of a request; raises InvalidInput, in one sentence, when the model cannot do what it asks."""
    steps, guidance = request.num_inference_steps, request.guidance_scale
    if steps is None:
        steps = (facts.image_steps if request.image is not None else None) or facts.num_inference_steps
    if guidance is None:
        negative = facts.negative_guidance if request.negative_prompt else None
        guidance = facts.guidance_scale if negative is None else negative
    _check_range("The number of steps", steps, 1, MAX_STEPS)
    _check_range("The guidance scale", guidance, 0, MAX_GUIDANCE)
    _check_range("The number of pictures", request.num_images, 1, MAX_IMAGES)
    _check_range("The seed", request.seed, 0, MAX_SEED - request.num_images)
    if request.lora is not None and request.lora not in loras:
        known = f"Known: {', '.join(sorted(loras))}." if loras else "None are installed."
        raise InvalidInput(f"There is no LoRA named '{request.lora[:80]}'. {known}")
    width, height = _sides(request, facts)
    return Plan(
        width=width,
        height=height,
        num_inference_steps=steps,
        guidance_scale=guidance,
        strength=None if request.image is None else _strength(request.strength, steps),
        lora=request.lora,
        negative=bool(request.negative_prompt),
        drawn=facts.drawn,
    )


def _check_range(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise InvalidInput(f"{what} has to be between {low:g} and {high:g}.")


def _sides(request: TextToImage, facts: Facts) -> tuple[int, int]:
    """Return width and height; where there are squares only, either says both."""
    asked_width, asked_height = request.width, request.height
    if facts.drawn is not None:
        asked_width, asked_height = asked_width or asked_height, asked_height or asked_width
    width = _check_size("width", asked_width, facts.width, facts)
    height = _check_size("height", asked_height, facts.height, facts)
    if facts.drawn is not None and width != height:
        raise InvalidInput("This model draws squares: the width and the height have to be equal.")
    return width, height


def _check_size(which: str, asked: int | None, native: int, facts: Facts) -> int:
    if asked is None:
        return native
    if not facts.min_size <= asked <= facts.max_size or asked % facts.multiple:
        raise InvalidInput(
            f"The {which} has to be a multiple of {facts.multiple} "
            f"between {facts.min_size} and {facts.max_size} pixels for this model."
        )
    return asked


def _strength(strength: float, steps: int) -> float:
    """Return a strength that leaves at least one step: pipelines take int(steps * strength) of them."""
    _check_range("The strength", strength, 0, 1)
    return min(1.0, max(strength, (1 + 1e-6) / steps))
