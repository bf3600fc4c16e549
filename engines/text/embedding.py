"""Sentence embeddings with all-MiniLM-L6-v2: what ranks captions by how much they are about their topic."""

from collections.abc import Hashable, Sequence

from engines.contract import (
    Cancelled,
    Embeddings,
    Engine,
    EngineError,
    EngineOptions,
    FeatureExtraction,
    InvalidInput,
    IsCancelled,
    Report,
    Request,
    Result,
)
from engines.sentence_encoder import SentenceEncoder

NAME = "all-MiniLM-L6-v2"
BATCH = 64


def load(options: EngineOptions) -> Engine:
    """Load MiniLM; it is small enough to run on the CPU beside anything. ModelUnavailable when its wheel is damaged."""
    return EmbeddingEngine(SentenceEncoder())


class EmbeddingEngine:
    """One sentence encoder; see engines.contract.Engine."""

    name = NAME
    max_batch = BATCH

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    def batch_key(self, request: Request) -> Hashable:
        """Any texts may share a batch."""
        return self.name

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request, in order; the texts of all of them go through the model together."""
        answers: list[Result | EngineError] = []
        texts: list[str] = []
        for index, request in enumerate(batch):
            if not isinstance(request, FeatureExtraction):
                answers.append(InvalidInput(f"{self.name} serves feature-extraction only."))
            elif is_cancelled(index):
                answers.append(Cancelled("The request is no longer wanted."))
            else:
                answers.append(Embeddings((), self.name))
                texts.extend(_sound(text) for text in request.texts)
        vectors = iter(self._encoder.embed(texts, BATCH).tolist())
        for index, (request, answer) in enumerate(zip(batch, answers, strict=True)):
            if isinstance(request, FeatureExtraction) and isinstance(answer, Embeddings):
                answers[index] = Embeddings(tuple(tuple(next(vectors)) for _ in request.texts), self.name)
        return answers


def _sound(text: str) -> str:
    """Replace lone surrogates, which the tokenizer cannot read."""
    return text.encode("utf-8", "replace").decode("utf-8")
