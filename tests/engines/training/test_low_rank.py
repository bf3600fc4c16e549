"""Learning on in factors of low rank, and what is published of it."""

import argparse

import pytest
import torch
from torch import nn

from engines.avatar.delta import factors_of, read_weights
from engines.training.low_rank import begin, learn_low_rank, publish

NAME = "net.safetensors"


def network():
    return nn.Sequential(nn.Conv2d(8, 16, 3), nn.Flatten(), nn.Linear(16, 40), nn.ReLU(), nn.Linear(40, 2))


def moved(model, trained):
    torch.manual_seed(1)
    optimiser = torch.optim.SGD(trained, 0.05)
    for _ in range(3):
        optimiser.zero_grad()
        model(torch.randn(5, 8, 3, 3)).square().sum().backward()
        optimiser.step()


@pytest.fixture
def published(tmp_path):
    torch.manual_seed(0)
    publish(network(), tmp_path / NAME, 0)
    return tmp_path


def test_nothing_has_changed_before_anything_was_learned():
    model, pictures = network(), torch.randn(2, 8, 3, 3)
    before = model(pictures)
    learn_low_rank(model, 2, ())
    assert torch.equal(model(pictures), before)


def test_matrices_keep_still_and_their_changes_are_of_low_rank(published):
    model = network()
    trained = begin(model, argparse.Namespace(weights=published, rank=2), NAME, [model[4]])
    before = [model[0].weight.detach(), model[2].weight.detach(), model[4].weight.detach().clone()]
    moved(model, trained)
    changes = [(layer.weight - old).detach() for layer, old in zip((model[0], model[2], model[4]), before, strict=True)]
    assert all(change.abs().max() > 1e-4 for change in changes)
    assert [int(torch.linalg.matrix_rank(c.flatten(1), rtol=1e-4)) for c in changes[:2]] == [2, 2]
    assert model[4].weight is dict(model.named_parameters())["4.weight"]  # a layer that learns whole is as it was
    frozen = [name for name, one in model.named_parameters() if not one.requires_grad]
    assert frozen == ["0.parametrizations.weight.original", "2.parametrizations.weight.original"]


def test_what_was_learned_lies_beside_the_weights_and_is_read_with_them(published):
    plain = (published / NAME).read_bytes()
    model = network()
    moved(model, begin(model, argparse.Namespace(weights=published, rank=2), NAME))
    publish(model, published / NAME, 2)
    assert (published / NAME).read_bytes() == plain and factors_of(published / NAME).name == "net.factors.safetensors"
    again = network()
    again.load_state_dict(read_weights(published / NAME))
    pictures = torch.randn(4, 8, 3, 3)
    assert torch.allclose(again(pictures), model(pictures), atol=0.02)
    assert not torch.equal(again[0].weight, read_weights_of_before(plain, published)["0.weight"].float())


def read_weights_of_before(plain, folder):
    (folder / "before.safetensors").write_bytes(plain)
    return read_weights(folder / "before.safetensors")


def test_without_a_rank_everything_learns_and_is_published_whole(published):
    model = network()
    assert len(begin(model, argparse.Namespace(weights=None, rank=0), NAME)) == 6
    publish(model, published / "other.safetensors", 0)
    assert not factors_of(published / "other.safetensors").exists()
    assert torch.equal(read_weights(published / "other.safetensors")["0.weight"], model[0].weight.half())
