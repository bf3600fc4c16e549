"""Pictures in the order of how well they fit words, as the dual encoder sees it."""

from collections.abc import Sequence
from operator import mul

from bot.ports import EngineClient
from engines.contract import Embeddings, EngineError, FeatureExtraction, ImageFeatureExtraction

DUAL_ENCODER = "clip"
"""The name of the text model whose space pictures share."""
WAIT = 60.0
"""Seconds; the encoder may still be loading."""


async def ranked(words: str, images: Sequence[bytes], engine: EngineClient) -> list[int] | None:
    """Places of the pictures, the best first; None when the encoder cannot say."""
    try:
        text = await embedded(FeatureExtraction((words,), DUAL_ENCODER), engine)
        pictures = await embedded(ImageFeatureExtraction(tuple(images)), engine)
    except EngineError:
        return None
    scores = [cosine(text.vectors[0], vector) for vector in pictures.vectors]
    return sorted(range(len(images)), key=scores.__getitem__, reverse=True)


async def embedded(request: FeatureExtraction | ImageFeatureExtraction, engine: EngineClient) -> Embeddings:
    """A vector for each text or picture; EngineError when there is not."""
    asked = request.texts if isinstance(request, FeatureExtraction) else request.images
    answer = await engine.run(request, deadline=WAIT)
    if not isinstance(answer, Embeddings) or len(answer.vectors) != len(asked):
        raise EngineError("the engine answered an embedding request with something else")
    return answer


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine between two unit vectors."""
    return float(sum(map(mul, one, other)))
