"""Small engines that a spawned process can import: slow enough to be killed in the middle."""

import time
from collections.abc import Hashable, Sequence

from engines.contract import (
    Engine,
    EngineError,
    EngineOptions,
    ImageClassification,
    ImageProgress,
    Images,
    InvalidInput,
    IsCancelled,
    Report,
    Request,
    Result,
    Scores,
    TextClassification,
    TextToImage,
)
from engines.registry import Models, ModelSpec
from tests.fakes import png

STEPS, STEP_SECONDS = 6, 0.05


class SlowPictures:
    """Draws one colour in STEPS steps."""

    name = "slow"
    max_batch = 4

    def batch_key(self, request: Request) -> Hashable:
        return None

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        for step in range(1, STEPS + 1):
            time.sleep(STEP_SECONDS)
            for index in range(len(batch)):
                report(index, ImageProgress(step, STEPS))
        return [self._draw(request) for request in batch]

    def _draw(self, request: Request) -> Result | EngineError:
        if not isinstance(request, TextToImage):
            return InvalidInput("pictures only")
        picture = png(f"hsl({request.seed % 360}, 50%, 50%)")
        return Images((picture,), (request.seed,), self.name, STEPS, 1.0, 64, 64, STEPS * STEP_SECONDS)


class Harmless:
    """Sees no harm in anything."""

    name = "harmless"
    max_batch = 8

    def batch_key(self, request: Request) -> Hashable:
        return None

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        return [self._score(request) for request in batch]

    def _score(self, request: Request) -> Result | EngineError:
        match request:
            case TextClassification(texts=inputs):
                labels = ("sexual", "violence", "hate", "harassment", "self-harm", "illegal")
            case ImageClassification(images=inputs):
                labels = ("sexual",)
            case _:
                return InvalidInput("screens only")
        return Scores(tuple(dict.fromkeys(labels, 0.0) for _ in inputs), self.name)


def load_pictures(options: EngineOptions) -> Engine:
    return SlowPictures()


def load_harmless(options: EngineOptions) -> Engine:
    return Harmless()


MODELS: Models = {
    (spec.task, spec.name): spec
    for spec in (
        ModelSpec("text-to-image", "embedded", "main", load_pictures),
        ModelSpec("text-classification", "embedded", "light", load_harmless),
        ModelSpec("image-classification", "embedded", "light", load_harmless),
    )
}
