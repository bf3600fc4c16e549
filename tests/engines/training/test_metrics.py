"""Distances that are known in closed form, and what identical sets must give."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.training import metrics, text_metrics

pytest.importorskip("sacrebleu", reason="the training extra is not installed")
pytest.importorskip("rouge_score", reason="the training extra is not installed")

WORDS = st.lists(st.sampled_from(["a", "cat", "sat", "on", "the", "mat"]), min_size=1, max_size=12).map(" ".join)


def gaussian(mean, deviations, count=4000, seed=0):
    """A set whose sample mean and covariance are exactly those asked for."""
    values = np.random.default_rng(seed).normal(size=(count, len(mean)))
    values -= values.mean(0)
    values = values @ np.linalg.inv(np.linalg.cholesky(np.cov(values, rowvar=False))).T
    return values * np.asarray(deviations) + np.asarray(mean)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.lists(st.floats(0.1, 3), min_size=3, max_size=3))
def test_the_frechet_distance_of_two_gaussians_is_the_closed_form(mean, deviations):
    first, second = gaussian([0, 0, 0], [1, 1, 1], 50), gaussian(mean, deviations, 50, seed=1)
    closed = sum(m**2 for m in mean) + sum((1 - d) ** 2 for d in deviations)
    assert metrics.frechet_distance(first, second) == pytest.approx(closed, abs=1e-6)


def test_identical_sets_have_no_distance_even_with_fewer_pictures_than_features():
    features = np.random.default_rng(0).normal(size=(20, 64))
    assert metrics.frechet_distance(features, features) == pytest.approx(0, abs=1e-4)
    assert metrics.precision_recall(features, features) == (1.0, 1.0)


def test_the_kernel_distance_is_unbiased_and_grows_with_the_gap():
    rng = np.random.default_rng(0)
    same = [metrics.kernel_distance(rng.normal(size=(40, 8)), rng.normal(size=(40, 8))) for _ in range(60)]
    assert abs(np.mean(same)) < 3 * np.std(same) / math.sqrt(len(same))
    base = rng.normal(size=(100, 8))
    gaps = [metrics.kernel_distance(base, rng.normal(size=(100, 8)) + shift) for shift in (0.5, 1.0, 2.0)]
    assert 0 < gaps[0] < gaps[1] < gaps[2]


def test_the_kernel_distance_of_two_points_is_what_pen_and_paper_give():
    """Kernel (xy + 1)^3 in one dimension: within {0, 1} it is 1, within {1, 2} 27, across (1 + 1 + 8 + 27) / 4."""
    first, second = np.array([[0.0], [1.0]]), np.array([[1.0], [2.0]])
    assert metrics.kernel_distance(first, second) == pytest.approx(1 + 27 - 2 * 37 / 4)


def test_precision_tells_quality_and_recall_variety():
    rng = np.random.default_rng(0)
    real = np.concatenate([rng.normal(size=(50, 4)), rng.normal(size=(50, 4)) + 20])
    one_mode = rng.normal(size=(100, 4))
    precision, recall = metrics.precision_recall(one_mode, real)
    assert precision > 0.8 and 0.2 < recall < 0.55
    assert metrics.precision_recall(real + 100, real) == (0.0, 0.0)


def test_the_inception_score_runs_from_one_to_the_number_of_classes():
    certain = np.eye(5).repeat(4, axis=0)
    assert metrics.inception_score([certain]) == pytest.approx(5)
    assert metrics.inception_score([np.full((20, 5), 0.2)]) == pytest.approx(1)
    assert metrics.inception_score([certain, np.full((20, 5), 0.2)]) == pytest.approx(math.sqrt(5))


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_a_text_is_its_own_best_reference(texts):
    assert text_metrics.rouge(texts, texts)["rougeL"] == pytest.approx(1)
    assert text_metrics.rouge(texts, texts)["rouge1"] == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(WORDS, WORDS)
def test_rouge_is_between_nought_and_one_and_takes_no_order_of_the_pair(text, reference):
    there, back = text_metrics.rouge([text], [reference]), text_metrics.rouge([reference], [text])
    assert all(0 <= value <= 1 for value in there.values())
    assert there == pytest.approx(back)
    assert there["rougeL"] <= there["rouge1"] + 1e-9


def test_rouge_of_an_example_by_hand():
    scores = text_metrics.rouge(["police kill the gunman"], ["Police killed the gunman."])
    assert scores == pytest.approx({"rouge1": 3 / 4, "rouge2": 1 / 3, "rougeL": 3 / 4})


def test_bleu_is_a_hundred_for_the_reference_and_nothing_for_other_words():
    text = "a small robot waves from a yellow hill"
    assert text_metrics.bleu([text], [text]) == pytest.approx(100)
    assert text_metrics.bleu(["nobody knew why it rained"], [text]) < 5


def test_distinct_counts_repetition():
    assert text_metrics.distinct(["one two", "three four"], 1) == 1
    assert text_metrics.distinct(["so so so so"], 1) == pytest.approx(1 / 4)
    assert text_metrics.distinct([""], 2) == 0


def test_perplexity_of_a_uniform_guess_is_the_number_of_choices():
    assert text_metrics.perplexity(5 * math.log(1 / 8), 5) == pytest.approx(8)
