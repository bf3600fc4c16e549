"""Figures of the picture model, on judges and encoders whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.contract import Embeddings, FeatureExtraction, InvalidInput, ModelUnavailable
from engines.training import figures
from engines.training.attributes import ATTRIBUTES
from engines.training.classifier import VISIBLE
from engines.training.folder import BadFolder


def seeing(labels):
    """A judge that sees these labels, and the first value of all else."""
    rows = []
    for name in VISIBLE:
        values = ATTRIBUTES[name]
        rows.append(torch.eye(len(values))[[values.index(one.get(name, values[0])) for one in labels]])
    return SimpleNamespace(judge=lambda latents: (torch.zeros(len(labels), 2), rows))


def test_a_picture_agrees_when_everything_asked_for_is_there():
    seen = [{"style": "robot", "top": "horns"}, {"style": "robot", "top": "ears"}, {"style": "monster"}]
    asked = [{"style": "robot", "top": "horns"}, {"style": "robot", "top": "horns"}, {}]
    assert figures.agreement(seeing(seen), torch.zeros(3, 1), asked) == pytest.approx(2 / 3)


def test_what_cannot_be_seen_is_not_held_against_a_picture():
    assert (
        figures.agreement(seeing([{"style": "cartoon"}]), torch.zeros(1, 1), [{"gender": "woman", "age": "old"}]) == 1
    )


class Vectors:
    def __init__(self, vectors):
        self.vectors = vectors

    def run(self, batch, report, is_cancelled):
        (request,) = batch
        assert len(request.texts if isinstance(request, FeatureExtraction) else request.images) == 3
        return [Embeddings(self.vectors, "fake") if self.vectors else InvalidInput("no")]


def test_the_dual_encoder_tells_own_prompts_from_mixed_up_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "load_pictures", lambda _: Vectors(tuple(map(tuple, np.eye(3)))))
    monkeypatch.setattr(figures, "load_texts", lambda _: Vectors(((1, 0, 0), (0, 1, 0), (0, 0.6, 0.8))))
    scores = figures.dual_scores(tmp_path, ["a", "b", "c"], torch.rand(3, 3, 8, 8))
    # Pictures 1, 2, 3 beside the prompts c, a, b; only b's picture has something of c.
    assert scores == pytest.approx({"dual_encoder": 2.8 / 3, "dual_encoder_mixed_up": 0.0})


def test_without_a_dual_encoder_its_score_is_left_out(tmp_path, monkeypatch):
    def lacking(_):
        raise ModelUnavailable("not there")

    monkeypatch.setattr(figures, "load_pictures", lacking)
    assert figures.dual_scores(tmp_path, ["a"], torch.rand(1, 3, 8, 8)) == {}


def test_a_run_without_weights_is_told_of(tmp_path):
    (tmp_path / "run" / "weights").mkdir(parents=True)
    with pytest.raises(BadFolder, match="has no weights"):
        figures.weights_of(tmp_path / "run")
    (tmp_path / "run" / "weights" / "manifest.json").write_text("{}")
    assert figures.weights_of(tmp_path / "run") == figures.weights_of(tmp_path / "run" / "weights")


def test_the_judge_that_is_shipped_reads_the_embedded_codecs_latents():
    reader = figures.Reader()
    features, probabilities = reader.read(reader.latents(torch.rand(2, 3, 256, 256)))
    assert features.shape == (2, 128) and len(probabilities) == len(VISIBLE)
    assert all(np.allclose(part.sum(1), 1, atol=1e-5) for part in probabilities)
    large = reader.latents(torch.ones(1, 3, 512, 512))
    assert torch.allclose(large, reader.latents(torch.ones(1, 3, 256, 256)), atol=1e-4)
