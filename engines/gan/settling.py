"""The denoiser's last steps, on what the generator made: ghosts of other shapes go, and outlines become one.

The generator mixes what it knows in one pass, and where it is not sure, shapes lie over each other. After a little
noise the denoiser of the diffusion model, which has the same latents, decides between them (SDEdit does so with strokes
of a brush, Meng et al. 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from torch import Tensor

STEPS_LEFT = 2
"""Of the denoiser's usual steps: with one more, a child would forget its parents."""


class Settler:
    """The denoiser, on the CPU."""

    def __init__(self, unet: Any, scheduler: Any, num_inference_steps: int, dtype: torch.dtype) -> None:
        """`scheduler` and `num_inference_steps` are those that the denoiser usually draws with."""
        self._unet, self._scheduler, self._steps, self._dtype = unet, scheduler, num_inference_steps, dtype

    def settle(self, latents: Tensor, tokens: Tensor) -> Tensor:
        """Settle latents (C, h, w) of what tokens (T, H) ask for; nothing asked for leaves all of it to the latents.

        The noise is always the same, so what is settled differs by no more than what was made.
        """
        # A scheduler counts its steps, so each picture has its own.
        scheduler = type(self._scheduler).from_config(self._scheduler.config)
        scheduler.set_timesteps(self._steps)
        left = scheduler.timesteps[-STEPS_LEFT:]
        kept = scheduler.alphas_cumprod[left[0]]
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
        x, told = (kept.sqrt() * latents + (1 - kept).sqrt() * noise)[None], tokens[None].to(self._dtype)
        for timestep in left:
            v = self._unet(x.to(self._dtype), timestep, told, return_dict=False)[0].float()
            x = scheduler.step(v, timestep, x, return_dict=False)[0]
        settled: Tensor = x[0]
        return settled


def load_settler(folder: Path, num_inference_steps: int, dtype: torch.dtype) -> Settler:
    """The denoiser of a pipeline's folder; raises OSError or ValueError where it cannot be read."""
    network: Any = UNet2DConditionModel
    scheduler: Any = DPMSolverMultistepScheduler
    unet = network.from_pretrained(folder / "unet", dtype=dtype, use_safetensors=True, local_files_only=True)
    unet.eval().requires_grad_(False)
    return Settler(unet, scheduler.from_pretrained(folder / "scheduler"), num_inference_steps, dtype)
