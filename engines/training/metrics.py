"""How far apart two sets of pictures are, by their features: numbers (N, D) of any classifier, here the judge's.

Figures of different feature extractors, or of sets of different sizes, cannot be compared with each other.
"""

from __future__ import annotations

import numpy as np

Features = np.ndarray
"""(N, D), one row a picture."""


def frechet_distance(first: Features, second: Features) -> float:
    """Distance of two Gaussians with the sets' moments (FID, Heusel et al. 2017); 0 for identical sets.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), the trace of the root by the symmetric C1^(1/2) C2 C1^(1/2).
    """
    (mean1, cov1), (mean2, cov2) = _moments(first), _moments(second)
    values, vectors = np.linalg.eigh(cov1)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    roots = np.sqrt(np.linalg.eigvalsh(root @ cov2 @ root).clip(min=0)).sum()
    return float(np.square(mean1 - mean2).sum() + np.trace(cov1) + np.trace(cov2) - 2 * roots)


def kernel_distance(first: Features, second: Features) -> float:
    """Unbiased squared maximum mean discrepancy, kernel (x.y / D + 1)^3 (KID, Binkowski et al. 2018).

    Its expectation is 0 for sets of one distribution, whatever their sizes; a single value may then be negative.
    """

    def kernel(a: Features, b: Features) -> np.ndarray:
        return np.asarray((a @ b.T / a.shape[1] + 1) ** 3)

    def within(a: Features) -> float:
        values = kernel(a, a)
        return float((values.sum() - np.trace(values)) / (len(a) * (len(a) - 1)))

    first, second = first.astype(np.float64), second.astype(np.float64)
    return within(first) + within(second) - 2 * float(kernel(first, second).mean())


def precision_recall(made: Features, real: Features, neighbours: int = 3) -> tuple[float, float]:
    """Share of made pictures among the real ones, and of real among the made (Kynkaanniemi et al. 2019).

    A picture is among a set when it is as near to one of it as that one's `neighbours`-th neighbour there.
    """

    def covered(points: Features, by: Features) -> float:
        radius = np.sort(_distances(by, by), axis=1)[:, min(neighbours, len(by) - 1)]  # [:, 0] is the point itself
        return float((_distances(points, by) <= radius + 1e-9).any(axis=1).mean())

    return covered(made, real), covered(real, made)


def inception_score(probabilities: list[np.ndarray]) -> float:
    """exp of the mean information between picture and class (Salimans et al. 2016), over several classifiers.

    `probabilities` has (N, classes) for each attribute. 1 where all pictures look the same or nothing is recognised;
    at most the geometric mean of the numbers of classes.
    """
    gains = []
    for part in probabilities:
        part = part.clip(min=1e-12)
        gains.append((part * (np.log(part) - np.log(part.mean(0)))).sum(1).mean())
    return float(np.exp(np.mean(gains)))


def _moments(features: Features) -> tuple[np.ndarray, np.ndarray]:
    values = features.astype(np.float64)
    return values.mean(0), np.atleast_2d(np.cov(values, rowvar=False))


def _distances(a: Features, b: Features) -> np.ndarray:
    squares = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T
    return np.asarray(np.sqrt(squares.clip(min=0)))
