"""The adversarial losses, one small pure function each, and the penalties that some of them need.

`real` and `fake` are the critic's logits (B,) on real and on generated pictures of the same conditions. The critic's
loss and the generator's are both minimised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

AdversarialLoss = Callable[[Tensor, Tensor], Tensor]
Critic = Callable[[Tensor], Tensor]


def critic_cross_entropy(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(x) - log(1 - D(G(z))): the critic of Goodfellow et al. 2014, equation 1."""
    return (F.softplus(-real) + F.softplus(fake)).mean()


def generator_minimax(real: Tensor, fake: Tensor) -> Tensor:
    """log(1 - D(G(z))): Goodfellow et al. 2014, equation 1; its gradient vanishes where the critic is sure."""
    return -F.softplus(fake).mean()


def generator_non_saturating(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(G(z)): the alternative of Goodfellow et al. 2014, section 3, with the same fixed point."""
    return F.softplus(-fake).mean()


def critic_wasserstein(real: Tensor, fake: Tensor) -> Tensor:
    """E D(G(z)) - E D(x): minus the dual of the earth mover's distance, for a 1-Lipschitz D (Arjovsky et al. 2017)."""
    return fake.mean() - real.mean()


def generator_wasserstein(real: Tensor, fake: Tensor) -> Tensor:
    """-E D(G(z)) (Arjovsky et al. 2017, algorithm 1)."""
    return -fake.mean()


def critic_relativistic(real: Tensor, fake: Tensor) -> Tensor:
    """-log sigmoid(D(x) - D(G(z))): is the real one of a pair more real? Jolicoeur-Martineau 2018, Huang 2024."""
    return F.softplus(fake - real).mean()


def generator_relativistic(real: Tensor, fake: Tensor) -> Tensor:
    """-log sigmoid(D(G(z)) - D(x)): the same pair with the roles exchanged."""
    return F.softplus(real - fake).mean()


def zero_centred_penalty(critic: Critic, pictures: Tensor) -> Tensor:
    """E |grad D|^2 / 2: R1 on real pictures, R2 on generated ones (Mescheder et al. 2018)."""
    return _squared_gradient(critic, pictures).mean() / 2


def one_centred_penalty(critic: Critic, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """E (|grad D| - 1)^2 at points between real and generated pictures (Gulrajani et al. 2017); `mix` (B,) in 0..1."""
    between = torch.lerp(fake.detach(), real, mix.view(-1, *[1] * (real.ndim - 1)))
    return ((_squared_gradient(critic, between) + 1e-12).sqrt() - 1).square().mean()


@torch.no_grad()
def clip_weights(critic: nn.Module, limit: float) -> None:
    """Clamp every weight to +-limit, the crude Lipschitz bound of Arjovsky et al. 2017."""
    for weight in critic.parameters():
        weight.clamp_(-limit, limit)


def hinge(real: Tensor, fake: Tensor) -> Tensor:
    """The critic's hinge loss (Lim and Ye 2017); the generator's is -D(fake)."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def balance(loss: Tensor, adversary: Tensor, last: Tensor) -> float:
    """The factor at which an adversary's gradient in the weights `last` is as long as the other loss's, at most 1.

    Esser et al. 2021 (VQGAN), equation 7.
    """
    ours, theirs = (torch.autograd.grad(one, last, retain_graph=True)[0].norm() for one in (loss, adversary))
    return float((ours / (theirs + 1e-6)).clamp(max=1))


def kullback_leibler(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) in nats, averaged over the batch (Kingma and Welling 2014, appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()


def _squared_gradient(critic: Critic, pictures: Tensor) -> Tensor:
    pictures = pictures.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(pictures).sum(), pictures, create_graph=True)
    return gradient.square().flatten(1).sum(dim=1)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way of playing the game: its two losses, its penalties, and the optimiser's settings that belong to it.

    `r1`, `r2` and `one_centred` are weights of penalties, `clip` a bound on the critic's weights, 0 for none;
    `critic_steps` is how often the critic moves for each move of the generator; `initial` is the standard deviation of
    all weights at the start, 0 for PyTorch's own.
    """

    critic: AdversarialLoss
    generator: AdversarialLoss
    r1: float = 0.0
    r2: float = 0.0
    one_centred: float = 0.0
    clip: float = 0.0
    critic_steps: int = 1
    learning_rate: float = 3e-4
    betas: tuple[float, float] = (0.0, 0.99)
    initial: float = 0.0


RECIPES: dict[str, Recipe] = {
    "minimax": Recipe(critic_cross_entropy, generator_minimax),
    # Radford et al. 2016, section 4: Adam with 2e-4 and 0.5, weights from N(0, 0.02).
    "dcgan": Recipe(
        critic_cross_entropy, generator_non_saturating, learning_rate=2e-4, betas=(0.5, 0.999), initial=0.02
    ),
    "non-saturating+r1": Recipe(critic_cross_entropy, generator_non_saturating, r1=5.0),
    # Arjovsky et al. 2017 move the critic five times and clip at 0.01 after RMSProp; here Adam without momentum.
    "wasserstein": Recipe(critic_wasserstein, generator_wasserstein, clip=0.03, critic_steps=5, learning_rate=3e-4),
    "wasserstein-gp": Recipe(
        critic_wasserstein, generator_wasserstein, one_centred=10.0, critic_steps=5, betas=(0.0, 0.9)
    ),
    "relativistic": Recipe(critic_relativistic, generator_relativistic, r1=5.0, r2=5.0),
}
