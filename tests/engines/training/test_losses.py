"""The adversarial losses: their values, what they pull at, and the penalties."""

import math

import pytest
import torch

from engines.training import losses


def gradient(loss, real, fake):
    fake = fake.clone().requires_grad_()
    loss(real, fake).backward()
    return fake.grad


def test_a_critic_that_knows_nothing_pays_two_bits_of_log_two():
    zeros = torch.zeros(4)
    assert losses.critic_cross_entropy(zeros, zeros).item() == pytest.approx(2 * math.log(2))
    assert losses.critic_relativistic(zeros, zeros).item() == pytest.approx(math.log(2))
    assert losses.critic_wasserstein(zeros, zeros).item() == 0


@pytest.mark.parametrize("name", losses.RECIPES)
def test_critic_and_generator_pull_the_fake_logits_apart(name):
    recipe, real, fake = losses.RECIPES[name], torch.tensor([0.3, 1.0]), torch.tensor([-0.5, 0.2])
    assert (gradient(recipe.critic, real, fake) > 0).all()  # downhill: lower logits of fakes
    assert (gradient(recipe.generator, real, fake) < 0).all()


def test_minimax_gives_up_where_the_critic_is_sure_and_the_alternative_does_not():
    real, fake = torch.tensor([0.0]), torch.tensor([-12.0])
    assert abs(gradient(losses.generator_minimax, real, fake).item()) < 1e-4
    assert gradient(losses.generator_non_saturating, real, fake).item() == pytest.approx(-1, abs=1e-4)


def test_relativistic_losses_see_differences_of_pairs_only():
    real, fake = torch.randn(5), torch.randn(5)
    for loss in (losses.critic_relativistic, losses.generator_relativistic):
        assert torch.allclose(loss(real, fake), loss(real + 3, fake + 3))


def test_penalties_of_a_linear_critic_are_known():
    slope = torch.tensor([3.0, 4.0])
    pictures = torch.randn(6, 2)
    critic = lambda x: x @ slope  # noqa: E731
    assert losses.zero_centred_penalty(critic, pictures).item() == pytest.approx(12.5)
    assert losses.one_centred_penalty(critic, pictures, -pictures, torch.rand(6)).item() == pytest.approx(16.0)


def test_a_penalty_can_be_descended():
    critic = torch.nn.Linear(2, 1)
    losses.zero_centred_penalty(lambda x: critic(x.square())[:, 0], torch.ones(3, 2)).backward()
    assert critic.weight.grad.abs().sum() > 0


def test_clipping_bounds_every_weight():
    critic = torch.nn.Linear(4, 4)
    losses.clip_weights(critic, 0.01)
    assert max(weight.abs().max().item() for weight in critic.parameters()) <= 0.01 + 1e-7


def test_the_divergence_is_nothing_for_a_standard_normal():
    assert losses.kullback_leibler(torch.zeros(2, 3), torch.zeros(2, 3)).item() == 0
    assert losses.kullback_leibler(torch.ones(2, 3), torch.zeros(2, 3)).item() == pytest.approx(1.5)


def test_the_hinge_leaves_alone_what_the_critic_is_sure_of():
    sure, unsure = torch.tensor([2.0]), torch.tensor([0.5])
    assert losses.hinge(sure, -sure).item() == 0
    assert losses.hinge(unsure, -unsure).item() == pytest.approx(1.0)
    assert gradient(losses.hinge, sure, unsure).item() == 1 and gradient(losses.hinge, sure, -sure).item() == 0


def test_an_adversary_pulls_as_hard_as_the_other_loss_and_never_harder_than_it_wants():
    last = torch.ones(3, requires_grad=True)
    small, large = 0.1 * last.sum(), 5 * last.sum()
    assert losses.balance(small, large, last) == pytest.approx(0.02, rel=1e-3)
    assert losses.balance(large, small, last) == 1
