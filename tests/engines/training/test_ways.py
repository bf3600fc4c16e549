"""Ways from noise to pictures."""

import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import ways
from engines.training.conditions import tokens_of
from engines.training.latents import LatentCharacters
from tests.engines.training.test_diffusion import options  # noqa: F401 - a fixture
from tests.engines.training.test_distil import ROBOT


def test_a_way_begins_in_noise_and_ends_in_a_picture():
    timesteps, alpha, sigma = ways.angles()
    assert timesteps[0] == 999 and (timesteps.diff() < 0).all() and len(alpha) == ways.POINTS + 1
    assert torch.allclose(alpha**2 + sigma**2, torch.ones(ways.POINTS + 1), atol=1e-5)
    assert alpha[0] < 0.01 and (alpha[-1], sigma[-1]) == (1, 0)
    assert torch.equal(ways.angles(ways.POINTS // 2)[1], alpha[::2])  # so that the student meets the teacher


def test_the_deviation_that_guidance_adds_is_taken_back():
    class Loud(torch.nn.Module):
        """Says noise of deviation 1 where something was asked, and the same reversed where nothing was."""

        dtype = torch.float32

        def forward(self, x, timestep, tokens, return_dict):
            said = torch.randn(1, *x.shape[1:], generator=torch.Generator().manual_seed(0))
            return (torch.cat([-said, said]),)

    noise, tokens = torch.zeros(1, 16, 16, 16), tokens_of([ROBOT])
    plain, guided, rescaled = (
        float(ways.teacher_way(Loud(), noise, tokens, *how)[0, 1].std()) for how in ((1.0, 0.0), (3.0, 0.0), (3.0, 1.0))
    )
    assert guided > 2 * plain and rescaled == pytest.approx(plain, rel=1e-3)


def test_straight_ways_lead_from_noise_to_a_character(options):  # noqa: F811
    straight = ways.StraightWays(LatentCharacters(options.data))
    way, tokens = straight.draw(4, random.Random(0))
    assert way.shape == (4, ways.POINTS + 1, 16, 16, 16) and len(tokens) == 4 and len(straight) > 0
    _, alpha, sigma = ways.angles()
    noise = (way[:, 4] - alpha[4] * way[:, -1]) / sigma[4]
    assert torch.allclose(way[:, 0], alpha[0] * way[:, -1] + sigma[0] * noise, atol=1e-3)
