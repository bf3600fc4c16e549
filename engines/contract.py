"""What an engine understands and answers: the one module of `engines` that `bot` sees.

Standard library only, and every value pickles small and plain, because requests and results
cross a process boundary. Tasks are named as Hugging Face names them.

Errors, drawn as a tree:

    EngineError                 something about this request went wrong in the engine
    ├── InvalidInput            the request itself cannot be served (an undecodable picture, ...)
    ├── ModelUnavailable        the model is unknown, or its files are missing or corrupt
    ├── OutOfMemory             the device has not enough memory for this request
    ├── Cancelled               the caller asked to stop, or the deadline passed
    └── EngineUnreachable       the engine process died or never answered: the request may be tried again
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class EngineError(Exception):
    """Something about this request went wrong in the engine."""


class InvalidInput(EngineError):
    """The request itself cannot be served, and would not be on a second try."""


class ModelUnavailable(EngineError):
    """The model is unknown, or its files are missing or corrupt; the text says which and how to restore it."""


class OutOfMemory(EngineError):
    """The device has not enough memory for this request."""


class Cancelled(EngineError):
    """The caller asked to stop, or the deadline passed."""


class EngineUnreachable(EngineError):
    """The engine process died or never answered; the request may be tried again."""


# --- text-to-image and image-to-image ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextToImage:
    """Draw `num_images` pictures; picture i uses `seed + i`. None leaves the choice to the model.

    `image` (encoded bytes) makes it image-to-image, with `strength` 0 (keep) to 1 (ignore).
    """

    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    num_images: int = 1
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    width: int | None = None
    height: int | None = None
    image: bytes | None = None
    strength: float = 0.6
    lora: str | None = None
    truncation_psi: float | None = None
    """For a style-based GAN: 0 is the average of what the prompt allows, 1 the whole range; diffusion ignores it."""
    model: str = "default"


@dataclass(frozen=True, slots=True)
class ImageMixing:
    """Breed `num_images` children of two encoded pictures with a style-based GAN; child i uses `seed + i`.

    `coarse`, `middle` and `fine` say for the layers of that scale how much comes from the second parent, 0 to 1; None
    leaves it to each child's seed.
    """

    first: bytes
    second: bytes
    coarse: float | None = None
    middle: float | None = None
    fine: float | None = None
    seed: int = 0
    num_images: int = 9
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Upscaling:
    """Enlarge an encoded picture by `scale`, inventing the detail that its kind of picture has."""

    image: bytes
    scale: int = 2
    model: str = "default"


@dataclass(frozen=True, slots=True)
class StyleTransfer:
    """Paint the encoded picture `content` in the manner of `style`; `strength` 0 keeps it, 1 is all manner."""

    content: bytes
    style: bytes
    strength: float = 0.6
    seed: int = 0
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Images:
    """PNG bytes and the seed that made each, with the checkpoint that drew them.

    `understood` is False where the model found nothing in the prompt that it can draw, and `left_out` is what it found
    but could not draw together with the rest, in words: 'beard' for a robot. Most models can tell neither.
    """

    images: tuple[bytes, ...]
    seeds: tuple[int, ...]
    model: str
    num_inference_steps: int
    guidance_scale: float
    width: int
    height: int
    seconds: float
    understood: bool = True
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageProgress:
    """Denoising step `step` of `total` is done; `preview` is a small WebP of the first picture, or None."""

    step: int
    total: int
    preview: bytes | None = None


# --- image-to-video ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Morphing:
    """A loop through two to five encoded pictures in the GAN's style space; its last frame leads to its first."""

    images: tuple[bytes, ...]
    frames: int = 60
    frames_per_second: int = 20
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Animation:
    """A looping animation: encoded bytes of `media_type`, with the size of its frames in pixels."""

    data: bytes
    media_type: str
    frames: int
    width: int
    height: int
    model: str
    seconds: float


# --- image-to-text ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImageToText:
    """Say in English what an encoded picture shows."""

    image: bytes
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Description:
    """One sentence fit for alt text, how sure the model is of it (0..1), and what it read.

    `kind` is 'avatar', 'drawing', 'photo' or 'unknown'. `attributes` (attribute -> value) are those of the embedded
    picture model where they were read, and `prompt` those words in an order that the picture model understands.
    """

    text: str
    confidence: float
    kind: str
    attributes: dict[str, str]
    prompt: str
    model: str
    seconds: float


# --- text-generation --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat: role is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class TextGeneration:
    """Continue a chat `num_return_sequences` times, sampled under `seed`; `adapter` names a LoRA, None for none."""

    messages: tuple[Message, ...]
    num_return_sequences: int = 1
    max_new_tokens: int = 64
    temperature: float = 0.8
    top_p: float = 0.95
    seed: int = 0
    adapter: str | None = None
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Texts:
    """The candidates as generated, each with why it ended: 'stop' or 'length'."""

    texts: tuple[str, ...]
    finish_reasons: tuple[str, ...]
    model: str
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TextProgress:
    """Each candidate's text so far, and the tokens generated altogether."""

    texts: tuple[str, ...]
    tokens: int


# --- feature-extraction, text-classification, image-classification ----------------------------


@dataclass(frozen=True, slots=True)
class FeatureExtraction:
    """Embed sentences; rows of the answer are unit vectors, so a dot product is a cosine."""

    texts: tuple[str, ...]
    model: str = "default"


@dataclass(frozen=True, slots=True)
class ImageFeatureExtraction:
    """Embed encoded pictures in the space in which the dual encoder's FeatureExtraction puts texts."""

    images: tuple[bytes, ...]
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One unit vector of floats per text or picture."""

    vectors: tuple[tuple[float, ...], ...]
    model: str


@dataclass(frozen=True, slots=True)
class TextClassification:
    """Score each text by label."""

    texts: tuple[str, ...]
    model: str = "default"


@dataclass(frozen=True, slots=True)
class ImageClassification:
    """Score each encoded picture by label."""

    images: tuple[bytes, ...]
    model: str = "default"


@dataclass(frozen=True, slots=True)
class Scores:
    """For each input, label -> probability 0..1."""

    scores: tuple[dict[str, float], ...]
    model: str


Request = (
    TextToImage
    | ImageMixing
    | Upscaling
    | StyleTransfer
    | Morphing
    | ImageToText
    | TextGeneration
    | FeatureExtraction
    | ImageFeatureExtraction
    | TextClassification
    | ImageClassification
)
Result = Images | Animation | Description | Texts | Embeddings | Scores
Progress = ImageProgress | TextProgress

TASK_OF: dict[type, str] = {
    TextToImage: "text-to-image",
    ImageMixing: "image-mixing",
    Upscaling: "image-to-image",
    StyleTransfer: "style-transfer",
    Morphing: "image-to-video",
    ImageToText: "image-to-text",
    TextGeneration: "text-generation",
    FeatureExtraction: "feature-extraction",
    ImageFeatureExtraction: "image-feature-extraction",
    TextClassification: "text-classification",
    ImageClassification: "image-classification",
}
"""Hugging Face's names; 'image-mixing' and 'style-transfer' are ours, as it has none for them."""


# --- engines ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What every engine is told when it loads. `device` and `dtype` 'auto' choose by what is there.

    `picture_model`, `text_model`, `caption_model` (which describes pictures): 'embedded', a folder, or a hub name;
    `guard_model`: a folder, a hub name, or none.
    `offload`: 'auto', 'none', 'model' or 'sequential'. `threads` 0 lets the host choose. `loras`: name -> safetensors
    file.
    """

    data_dir: Path
    picture_model: str = "embedded"
    text_model: str = "embedded"
    caption_model: str = "embedded"
    guard_model: str = ""
    device: str = "auto"
    dtype: str = "auto"
    threads: int = 0
    compile: bool = False
    offload: str = "auto"
    loras: dict[str, Path] = field(default_factory=dict)


Report = Callable[[int, Progress], None]
"""report(i, progress): something to show about request i of the batch."""
IsCancelled = Callable[[int], bool]
"""is_cancelled(i): request i of the batch is no longer wanted."""


class Engine(Protocol):
    """One loaded model, called from one thread of the engine process."""

    name: str
    max_batch: int

    def batch_key(self, request: Request) -> Hashable:
        """Requests with equal keys may share a batch; a result never depends on its neighbours."""
        ...

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request of the batch, in order; one that fails does not fail the others."""
        ...
