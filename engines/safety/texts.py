"""What screens of texts have in common: several requests are read as one list of texts."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence

from engines.contract import (
    EngineError,
    InvalidInput,
    IsCancelled,
    Report,
    Request,
    Result,
    Scores,
    TextClassification,
)


class ScoresTexts(ABC):
    """An engine that answers TextClassification by its `score`."""

    name: str
    max_batch = 4
    """Requests read together. Company saves little on a CPU, and of sixteen at once the first should not wait for the
    last: while the next are read, the database takes these."""

    def batch_key(self, request: Request) -> Hashable:
        """All texts may share a batch: padding is masked."""
        return "text-classification"

    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Score the texts of all requests together."""
        wanted = [request.texts if isinstance(request, TextClassification) else () for request in batch]
        scores = iter(self.score([text for texts in wanted for text in texts]))
        return [
            Scores(tuple(next(scores) for _ in texts), self.name)
            if isinstance(request, TextClassification)
            else InvalidInput("This model classifies texts.")
            for request, texts in zip(batch, wanted, strict=True)
        ]

    @abstractmethod
    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Label -> probability for each text, in order."""
