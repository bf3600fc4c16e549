from pathlib import Path

import pytest

from engines.contract import (
    Cancelled,
    Embeddings,
    Engine,
    EngineOptions,
    FeatureExtraction,
    InvalidInput,
    Message,
    TextGeneration,
)
from engines.text.embedding import load


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return load(EngineOptions(tmp_path_factory.mktemp("data"), device="cpu"))


def embed(engine: Engine, *texts: str) -> tuple[tuple[float, ...], ...]:
    (answer,) = engine.run([FeatureExtraction(texts)], lambda index, progress: None, lambda index: False)
    assert isinstance(answer, Embeddings)
    return answer.vectors


def dot(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_are_units_and_near_for_near_meanings(engine: Engine) -> None:
    dog, puppy, tax = embed(
        engine, "a dog sleeps on the sofa", "a puppy naps on the couch", "the tax on imported steel"
    )
    assert all(dot(vector, vector) == pytest.approx(1, abs=1e-4) for vector in (dog, puppy, tax))
    assert dot(dog, puppy) > 0.6 > 0.2 > dot(dog, tax)


def test_order_is_kept_and_neighbours_do_not_matter(engine: Engine) -> None:
    texts = ("a", "a rather long sentence about nothing much at all", "", "雨", "half \ud800 a character", "a" * 5000)
    together = embed(engine, *texts)
    for text, vector in zip(texts, together, strict=True):
        assert embed(engine, text)[0] == pytest.approx(vector, abs=1e-5)


def test_a_batch_answers_each(engine: Engine) -> None:
    ask = FeatureExtraction(("rain", "snow"))
    batch = [ask, TextGeneration((Message("user", "x"),)), FeatureExtraction(()), ask]
    first, wrong, none, gone = engine.run(batch, lambda index, progress: None, lambda index: index == 3)
    assert isinstance(first, Embeddings) and len(first.vectors) == 2
    assert isinstance(wrong, InvalidInput)
    assert none == Embeddings((), engine.name)
    assert isinstance(gone, Cancelled)
    assert engine.batch_key(ask) == engine.batch_key(FeatureExtraction(("else",)))


def test_nothing_is_written(engine: Engine, tmp_path: Path) -> None:
    assert not list(tmp_path.iterdir())
