"""The game of the style-based GAN: generator, critic of latents and critic of styles, one round at a time.

What is played for is in engines.training.losses; engines.training.gan plays it for as long as it is told.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.gan.networks import (
    LAYERS,
    LAYERS_PER_GROUP,
    Components,
    Generator,
    Sizes,
    bands,
    condition_of,
)
from engines.training.classifier import targets
from engines.training.conditions import HIDDEN, draw_mentioned, tokens_of
from engines.training.critic import Critic, StyleCritic
from engines.training.diffusion import channel_weights, face_weights
from engines.training.gan_mapping import PENALTY, component_weights
from engines.training.latents import LatentCharacters
from engines.training.losses import (
    Recipe,
    clip_weights,
    critic_relativistic,
    generator_relativistic,
    one_centred_penalty,
    zero_centred_penalty,
)
from engines.training.runs import Average

LAZY = 8
"""Steps between zero-centred penalties, which then count this many times (Karras et al. 2020, section 3.1)."""
AVERAGE_EVERY = 2
MOST_NOISE = 0.6
"""Of styles, whose own deviation is 1."""
MAPPING_RATE = 0.2
"""Learning rate of the mapping network in proportion to the synthesis's."""
CLIP = 2.0
"""Longest gradient: styles multiply, so a rare sample's is a thousand times the usual."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the generator's loss counts; `reconstruction` 0 leaves the adversary alone."""

    reconstruction: float = 10.0
    adversary: float = 0.3
    styles: float = 1.0
    """Of the critic of styles."""
    attributes: float = 0.1
    """Of the cross entropy of the critics' heads on what was asked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Real latents (B, C, h, w), what a caption would mention (B, HIDDEN), and class indices (B, attributes) or -1.

    `shown` are the indices of everything visible, `asked` those that the condition names.
    """

    latents: Tensor
    condition: Tensor
    shown: Tensor
    asked: Tensor


def draw_batch(data: LatentCharacters, count: int, rng: random.Random) -> Batch:
    """Fresh colours, wording and mirroring for characters drawn at random."""
    drawn = [data.draw(rng.randrange(len(data)), rng) for _ in range(count)]
    mentioned = [draw_mentioned(labels, rng) for _, labels in drawn]
    return Batch(
        torch.stack([latent for latent, _ in drawn]),
        condition_of(tokens_of(mentioned, rng)),
        targets([labels for _, labels in drawn]),
        targets(mentioned),
    )


def cross_over(first: Tensor, second: Tensor, mixed: Tensor, rng: random.Random) -> Tensor:
    """Style-mixing regularisation (Karras et al. 2019): styles (B, LAYERS, S) where rows with `mixed` take some groups.

    Each such row takes one or two of the three groups of layers from `second`.
    """
    take = torch.zeros(len(first), LAYERS, 1)
    for row in mixed.nonzero()[:, 0].tolist():
        for group in rng.sample(range(LAYERS // LAYERS_PER_GROUP), rng.choice((1, 2))):
            take[row, LAYERS_PER_GROUP * group : LAYERS_PER_GROUP * (group + 1)] = 1
    return torch.lerp(first, second, take.to(first.dtype))


def reading_loss(logits: list[Tensor], wanted: Tensor) -> Tensor:
    """Cross entropy of the critic's heads, summed over attributes; -1 in `wanted` (B, attributes) does not count."""
    parts = [F.cross_entropy(row, wanted[:, i], ignore_index=-1) for i, row in enumerate(logits)]
    return torch.stack(parts).nan_to_num(0).sum()


class Game:
    """Generator and critics with their optimisers, and one step of training."""

    def __init__(
        self, generator: Generator, critic: Critic, style_critic: StyleCritic, recipe: Recipe, weights: Weights,
        pixels: Tensor,
    ) -> None:  # fmt: skip
        """`pixels` (C, h, w): weights of the reconstruction's squares."""
        self.generator, self.critic, self.style_critic = generator, critic, style_critic
        self.recipe, self.weights, self.pixels = recipe, weights, pixels
        if recipe.initial:
            for network in (generator, critic):
                _initialise(network, recipe.initial)
        self.players: tuple[nn.Module, ...] = (generator, critic, style_critic)
        how: dict[str, Any] = {"lr": recipe.learning_rate, "betas": recipe.betas, "fused": True}
        # With a mapping network that has learned already, the rest has to come after it.
        slow = MAPPING_RATE if weights.styles else 1.0
        groups = [
            {"params": list(generator.synthesis.parameters()), "share": 1.0},
            {"params": list(generator.mapping.parameters()), "share": slow},
        ]
        self.optimisers = [torch.optim.Adam(groups, **how)]
        self.optimisers += [torch.optim.Adam(player.parameters(), **how) for player in self.players[1:]]
        self.set_rate(recipe.learning_rate)
        self.step = 0
        self.average = Average(generator, 0.99)

    def set_rate(self, rate: float) -> None:
        """Set every learning rate."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * group.get("share", 1.0)

    def play(self, batch: Batch, adversarial: bool, rng: random.Random, bf16: bool) -> dict[str, float]:
        """Move the critics and the generator once; returns the losses."""
        figures: dict[str, float] = {}
        moves = self.step % self.recipe.critic_steps == 0
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16), torch.set_grad_enabled(moves):
            loss, fake, condition, asked = self._generate(batch, adversarial, rng, moves, figures)
        if fake is not None:
            self._move_critic(batch, fake.detach(), condition, figures, bf16)
        if moves:
            if fake is not None:
                loss = loss + self._against(batch, fake, condition, asked, figures, bf16)
            self._move(0, loss)
        self.step += 1
        if self.step % AVERAGE_EVERY == 0:
            self.average.update(self.generator)
        return figures

    def _generate(
        self, batch: Batch, adversarial: bool, rng: random.Random, moves: bool, figures: dict[str, float]
    ) -> tuple[Tensor, Tensor | None, Tensor, Tensor]:
        """The losses that need no critic of latents, and fake latents with what was asked of them."""
        g, w, x = self.generator, self.weights, batch.latents
        styles, made, loss, parts = None, None, torch.zeros(()), []
        condition, asked = batch.condition, batch.asked
        if w.reconstruction:
            styles = g.synthesis.read(x)
            parts.append(_blurred(styles))
        if adversarial:
            fresh = g.mapping(torch.randn(2 * len(x), g.sizes.noise), condition.repeat(2, 1))
            if styles is not None and w.styles and moves:
                loss = loss + w.styles * self._against_styles(styles.flatten(1), fresh, batch, figures)
            first, other = fresh.chunk(2)
            made, condition, asked = self._crossed(styles, first, other, condition, asked, rng)
            parts.append(made.to(parts[0].dtype) if parts else made)
        latents = g.synthesis(torch.cat(parts)).float()
        if styles is not None:
            gap = ((latents[: len(x)] - x).square() * self.pixels).mean()
            loss = loss + w.reconstruction * gap
            figures["gap"] = gap.item()
        if made is None:
            return loss, None, condition, asked
        return loss, latents[-len(x) :], condition, asked

    @staticmethod
    def _crossed(
        styles: Tensor | None, made: Tensor, other: Tensor, condition: Tensor, asked: Tensor, rng: random.Random
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Fresh styles of which some are mixed, and some replaced by children of two real pictures.

        Of such a child nothing is asked but to look real.
        """
        lots = torch.rand(len(made))
        made = cross_over(made, other, lots < 0.25, rng)
        if styles is None:
            return made, condition, asked
        children = lots > 0.75
        bred = cross_over(styles, styles.roll(1, 0), children, rng).to(made.dtype)
        nothing = condition_of(tokens_of([{}])).to(condition.dtype)
        return (
            torch.where(children[:, None, None], bred, made),
            torch.where(children[:, None], nothing, condition),
            torch.where(children[:, None], -1, asked),
        )

    def _against_styles(self, real: Tensor, fresh: Tensor, batch: Batch, figures: dict[str, float]) -> Tensor:
        """Move the critic of styles; returns the mapping network's loss against it."""
        fake, condition = fresh[: len(real)].flatten(1), batch.condition
        logits, heads = self.style_critic(real, condition)
        loss = critic_relativistic(logits, self.style_critic(fake.detach(), condition)[0])
        loss = loss + self.weights.attributes * reading_loss(heads, batch.shown)
        if self.step % LAZY == 0:
            for one in (real, fake):
                loss = loss + LAZY * PENALTY * zero_centred_penalty(lambda x: self.style_critic(x, condition)[0], one)
        self._move(2, loss)
        self.style_critic.requires_grad_(False)
        judged, heads = self.style_critic(fake, condition)
        adversary = generator_relativistic(self.style_critic(real, condition)[0].detach(), judged)
        reading = reading_loss(heads, batch.asked)
        self.style_critic.requires_grad_(True)
        figures |= {"styles": adversary.item()}
        return adversary + self.weights.attributes * reading

    def _move_critic(
        self, batch: Batch, fake: Tensor, condition: Tensor, figures: dict[str, float], bf16: bool
    ) -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            real, heads = self.critic(batch.latents, condition)
            adversary = self.recipe.critic(real, self.critic(fake, condition)[0])
            reading = reading_loss(heads, batch.shown)
        figures |= {"critic": adversary.item(), "reading": reading.item()}
        self._move(1, adversary + self.weights.attributes * reading + self._penalty(batch.latents, fake, condition))
        if self.recipe.clip:
            clip_weights(self.critic, self.recipe.clip)

    def _against(
        self, batch: Batch, fake: Tensor, condition: Tensor, asked: Tensor, figures: dict[str, float], bf16: bool
    ) -> Tensor:
        """The generator's adversarial loss, and what its pictures lack of what was asked."""
        self.critic.requires_grad_(False)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logits, heads = self.critic(fake, condition)
            with torch.no_grad():
                real = self.critic(batch.latents, condition)[0]
            adversary, reading = self.recipe.generator(real, logits), reading_loss(heads, asked)
        self.critic.requires_grad_(True)
        figures |= {"generator": adversary.item(), "asked": reading.item()}
        return self.weights.adversary * adversary + self.weights.attributes * reading

    def _penalty(self, real: Tensor, fake: Tensor, condition: Tensor) -> Tensor:
        def critic(pictures: Tensor) -> Tensor:
            logits: Tensor = self.critic(pictures, condition)[0]
            return logits

        recipe, penalty = self.recipe, torch.zeros(())
        if recipe.one_centred:
            penalty = penalty + recipe.one_centred * one_centred_penalty(critic, real, fake, torch.rand(len(real)))
        if self.step % LAZY == 0:
            if recipe.r1:
                penalty = penalty + LAZY * recipe.r1 * zero_centred_penalty(critic, real)
            if recipe.r2:
                penalty = penalty + LAZY * recipe.r2 * zero_centred_penalty(critic, fake)
        return penalty

    def _move(self, who: int, loss: Tensor) -> None:
        optimiser = self.optimisers[who]
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.players[who].parameters(), CLIP)
        optimiser.step()

    def state(self) -> dict[str, Any]:
        """Everything a continued run needs."""
        return {
            "players": [player.state_dict() for player in self.players],
            "optimisers": [one.state_dict() for one in self.optimisers],
            "average": self.average.state, "updates": self.average.updates, "step": self.step,
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from what `state` gave."""
        for player, optimiser, one, moments in zip(
            self.players, self.optimisers, state["players"], state["optimisers"], strict=True
        ):
            player.load_state_dict(one)
            optimiser.load_state_dict(moments)
        self.average.state, self.average.updates, self.step = state["average"], state["updates"], state["step"]


def _blurred(styles: Tensor) -> Tensor:
    """Styles (B, LAYERS, S) of which the first half has noise, as a denoising autoencoder's (Vincent et al. 2008).

    Styles of the mapping network lie a little off those of real pictures: the synthesis learns the way back.
    """
    half = len(styles) // 2
    strength = torch.rand(half, 1, 1) * MOST_NOISE
    return torch.cat([styles[:half] + strength * torch.randn_like(styles[:half]), styles[half:]])


def _initialise(network: nn.Module, deviation: float) -> None:
    for weight in network.parameters():
        if weight.ndim > 1:
            nn.init.normal_(weight, std=deviation)


@torch.no_grad()
def fit_components(generator: Generator, data: LatentCharacters, count: int, rng: random.Random) -> None:
    """Set the synthesis's components to the principal ones of `count` drawn latents, band by band."""
    latents = torch.stack([data.draw(rng.randrange(len(data)), rng)[0] for _ in range(count)])
    for one, band in zip(generator.synthesis.components, bands(latents), strict=True):
        components, mean = cast(Components, one), band.mean(dim=0)
        _, lengths, axes = torch.svd_lowrank((band - mean).flatten(1), q=len(components.maps), niter=2)
        components.mean = mean
        components.maps = (axes * lengths / count**0.5).T.reshape(-1, *mean.shape).contiguous()


def new_game(data: LatentCharacters, recipe: Recipe, weights: Weights) -> Game:
    """Networks of the published sizes for the data's latents."""
    channels = channel_weights(data.scale, 0.7)
    pixels = channels[:, None, None] * face_weights(data.shape[-1], 2.0)
    generator = Generator(Sizes(HIDDEN, data.shape[0]))
    fit_components(generator, data, min(3000, 4 * len(data)), random.Random(0))
    style_critic = StyleCritic(component_weights(generator), HIDDEN)
    return Game(generator, Critic(channels, HIDDEN), style_critic, recipe, weights, pixels)
