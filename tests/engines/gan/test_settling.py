"""Settling: the denoiser's last steps on what the generator made."""

import torch

from engines.gan.settling import STEPS_LEFT, Settler
from tests.engines.gan import tiny


def test_it_is_the_same_each_time_and_listens_to_what_was_asked(parts):
    latents, width = torch.randn(tiny.CHANNELS, 16, 16), parts.text_encoder.config.hidden_size
    tokens = parts.examples.unasked(width)
    first, again = parts.settler.settle(latents, tokens), parts.settler.settle(latents, tokens)
    assert first.shape == latents.shape and torch.equal(first, again) and not torch.equal(first, latents)
    asked = tokens.clone()
    asked[0] = asked[0].roll(-1)
    assert not torch.equal(parts.settler.settle(latents, asked), first)


def test_a_denoiser_that_knows_the_picture_gives_it_back():
    settler = tiny.make_settler(16)
    latents = torch.randn(tiny.CHANNELS, 16, 16)
    levels = settler._scheduler.alphas_cumprod

    class Knowing:
        """Answers the v that leads back to the latents."""

        asked = 0

        def __call__(self, x, timestep, tokens, return_dict):
            self.asked += 1
            alpha, sigma = levels[timestep].sqrt(), (1 - levels[timestep]).sqrt()
            return ((alpha * (x - alpha * latents) / sigma) - sigma * latents,)

    knowing = Knowing()
    settler = Settler(knowing, settler._scheduler, 4, torch.float32)
    settled = settler.settle(latents, torch.zeros(3, 16))
    assert torch.allclose(settled, latents, atol=1e-2) and knowing.asked == STEPS_LEFT
