"""Teaches the mapping network in style space alone, before any picture is drawn: thousands of samples a second.

Styles are the components' weights of real latents. A variational autoencoder (Kingma and Welling 2014; with a condition
Sohn et al. 2015) gives the mapping network every kind of picture to make, and a critic of styles takes the blur out, as
in BicycleGAN (Zhu et al. 2017).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from engines.gan.networks import Components, Generator
from engines.training.critic import StyleCritic
from engines.training.losses import (
    critic_relativistic,
    generator_relativistic,
    kullback_leibler,
    zero_centred_penalty,
)

BATCH = 128
POOL = 12_000
"""Samples drawn at once: drawing costs more than training on them."""
PENALTY, LAZY = 1.0, 8
RECONSTRUCTION, DIVERGENCE, READING = 10.0, 1e-2, 0.1

Drawn = tuple[Tensor, Tensor, Tensor, Tensor]
"""Styles (B, LAYERS, S), conditions (B, H), indices of what is shown and what is asked."""
Reading = Callable[[list[Tensor], Tensor], Tensor]


def component_weights(generator: Generator) -> Tensor:
    """How much each number of a style shows in the latents (LAYERS * S,), 1 for the one that shows most."""
    energy = []
    for components, enlarged in zip(generator.synthesis.components, (16.0, 4.0, 1.0), strict=True):
        energy.append(cast(Components, components).maps.flatten(1).square().sum(dim=1) * enlarged)
    weights = torch.cat(energy).sqrt()
    return weights / weights.max()


def fit_mapping(
    generator: Generator, critic: StyleCritic, draw: Callable[[int], Drawn], reading: Reading, minutes: float,
    now: Callable[[], float] = time.process_time,
) -> None:  # fmt: skip
    """Train `generator.mapping` and `critic` for so many minutes of processor time, or of another clock's."""
    weights = component_weights(generator)
    loss_weights = weights.square() / weights.square().sum()
    noise = generator.sizes.noise
    posterior = nn.Sequential(nn.Linear(len(weights), 512), nn.LeakyReLU(0.2), nn.Linear(512, 2 * noise))
    players = [*generator.mapping.parameters(), *posterior.parameters()], list(critic.parameters())
    optimisers = [torch.optim.Adam(one, lr=1e-3, betas=(0.5, 0.99), fused=True) for one in players]
    start, step, rng, figures = now(), 0, random.Random(0), dict[str, float]()
    pool, used = draw(POOL), 0
    while (part := (now() - start) / (60 * minutes)) < 1:
        if used > 4 * POOL:
            pool, used = draw(POOL), 0
        used += BATCH
        rows = torch.tensor(rng.sample(range(len(pool[0])), BATCH))
        real, condition, shown, asked = (tensor[rows] for tensor in pool)
        real = real.flatten(1)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = 1e-3 * min(1.0, (step + 1) / 100, 2.2 * (1 - part) + 0.02)
        mean, log_variance = posterior(real * weights).chunk(2, dim=1)
        log_variance = log_variance.clamp(-8, 2)
        told = mean + (log_variance / 2).exp() * torch.randn_like(mean)
        made = generator.mapping(torch.cat([told, torch.randn_like(told)]), condition.repeat(2, 1)).flatten(1)
        again, fake = made.chunk(2)

        logits, heads = critic(real, condition)
        loss = critic_relativistic(logits, critic(fake.detach(), condition)[0]) + READING * reading(heads, shown)
        if step % LAZY == 0:
            for one in (real, fake):
                loss = loss + LAZY * PENALTY * zero_centred_penalty(lambda x: critic(x, condition)[0], one)  # noqa: B023
        _move(optimisers[1], players[1], loss)

        critic.requires_grad_(False)
        judged, heads = critic(fake, condition)
        adversary = generator_relativistic(critic(real, condition)[0].detach(), judged)
        asked_loss = reading(heads, asked)
        critic.requires_grad_(True)
        gap = ((again - real).square() * loss_weights).sum(dim=1).mean()
        divergence = kullback_leibler(mean, log_variance)
        total = adversary + READING * asked_loss + RECONSTRUCTION * gap + DIVERGENCE * divergence
        _move(optimisers[0], players[0], total)
        step += 1
        losses = {"adversary": adversary, "asked": asked_loss, "gap": gap, "divergence": divergence}
        for name, value in losses.items():
            figures[name] = 0.98 * figures.get(name, value.item()) + 0.02 * value.item()
        if step % 200 == 0:
            print(f"mapping {part:.0%}", step, {name: round(value, 3) for name, value in figures.items()}, flush=True)


def _move(optimiser: torch.optim.Optimizer, weights: list[nn.Parameter], loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(weights, 2.0)
    optimiser.step()
