"""A fake engine that a spawned child can import: what it does is said in the request's prompt."""

import os
import signal
import time
from collections.abc import Hashable, Sequence

from engines.contract import (
    Embeddings,
    Engine,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    FeatureExtraction,
    ImageProgress,
    Images,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
    TextToImage,
)
from engines.registry import Models, ModelSpec


class FakePictures:
    """Answers each picture with its prompt, its seed and the size of the batch it was in.

    Prompts: 'work:S' takes S seconds and obeys cancellation; 'hang:S' takes S seconds and does not;
    'kill', 'exit', 'raise', 'invalid', 'lost' do what they say; 'size:N' sends N bytes back.
    """

    name = "fake"
    max_batch = 8

    def batch_key(self, request: Request) -> Hashable:
        assert isinstance(request, TextToImage)
        if request.prompt == "bad key":
            raise InvalidInput("This cannot be batched.")
        return request.num_inference_steps

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        answers: list[Result | EngineError] = []
        requests = [request for request in batch if isinstance(request, TextToImage)]
        for request in requests:
            action, _, argument = request.prompt.partition(":")
            if action == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            elif action == "exit":
                os._exit(3)
            elif action == "raise":
                raise ValueError("a secret prompt")
            elif action == "hang":
                time.sleep(float(argument))
        seconds = max((float(r.prompt[5:]) for r in requests if r.prompt.startswith("work:")), default=0.0)
        end = time.monotonic() + seconds
        step = 0
        while time.monotonic() < end and not all(is_cancelled(i) for i in range(len(batch))):
            time.sleep(0.01)
            step += 1
            for i in range(len(batch)):
                report(i, ImageProgress(step, int(seconds * 100)))
        for request in requests:
            if request.prompt == "invalid":
                answers.append(InvalidInput("No."))
            elif request.prompt == "lost":
                answers.append(EngineUnreachable("The device is lost."))
            else:
                size = int(request.prompt[5:]) if request.prompt.startswith("size:") else 0
                answers.append(answer(request, len(batch), size))
        return answers


class FakeEmbeddings:
    """Embeds every text as its length."""

    name = "fake"
    max_batch = 64

    def batch_key(self, request: Request) -> Hashable:
        return None

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        return [
            Embeddings(tuple((float(len(text)),) for text in request.texts), self.name)
            for request in batch
            if isinstance(request, FeatureExtraction)
        ]


def answer(request: TextToImage, batch: int, size: int = 0) -> Images:
    """The picture of a request: `seconds` carries the size of its batch."""
    picture = f"{request.prompt} {request.seed}".encode().ljust(size, b".")
    return Images((picture,), (request.seed,), "fake", 1, 1.0, 8, 8, float(batch))


def load_pictures(options: EngineOptions) -> Engine:
    return FakePictures()


def load_embeddings(options: EngineOptions) -> Engine:
    return FakeEmbeddings()


def load_broken(options: EngineOptions) -> Engine:
    raise ModelUnavailable("weights.safetensors is missing; run `huashen models --restore`.")


def load_slowly(options: EngineOptions) -> Engine:
    time.sleep(60)
    return FakePictures()


MODELS: Models = {
    (spec.task, spec.name): spec
    for spec in (
        ModelSpec("text-to-image", "embedded", "main", load_pictures),
        ModelSpec("text-to-image", "urgent", "main", load_pictures, urgent=True),
        ModelSpec("text-to-image", "broken", "main", load_broken),
        ModelSpec("text-to-image", "slow", "main", load_slowly),
        ModelSpec("feature-extraction", "embedded", "light", load_embeddings),
    )
}
