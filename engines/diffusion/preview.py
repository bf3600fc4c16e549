"""Step previews: what a half-finished picture will look like, for a few milliseconds.

A preview is comfort: whatever goes wrong in it, there is none, and the picture goes on.
"""

import logging
import time
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from engines.diffusion.checkpoint import Pipeline
from engines.pictures import to_small_webp

log = logging.getLogger(__name__)

INTERVAL = 0.25
"""Seconds between two previews."""

X0_SOLVERS = ("dpmsolver++", "sde-dpmsolver++")
"""Solvers that keep their estimate of the finished latents after each step: much clearer than the noisy ones."""


class Previews:
    """Decodes latents roughly: by the codec's own linear part, or by a linear map learned from finished pictures."""

    def __init__(self) -> None:
        self._map: Tensor | None = None  # (channels + 1, 3): latent and 1 -> RGB
        self._shown = 0.0

    def due(self) -> bool:
        """Whether it is time for another preview."""
        return time.monotonic() - self._shown >= INTERVAL

    def show(self, pipeline: Pipeline, latents: Tensor, rows: list[int]) -> list[bytes | None]:
        """Return a small WebP of each of the `rows` of latents (B, C, h, w), or None where there is none."""
        self._shown = time.monotonic()
        try:
            picked = estimate(pipeline.scheduler, latents)[rows]
            pictures = self._decode(pipeline.vae, picked)
            return [None] * len(rows) if pictures is None else [to_small_webp(_image(rgb)) for rgb in pictures]
        except Exception as error:
            log.warning("no preview: %s", type(error).__name__)
            return [None] * len(rows)

    def learn(self, latents: Tensor, pictures: list[Image.Image]) -> None:
        """Fit the linear map from finished latents (B, C, h, w) and their pictures, once a checkpoint is drawing."""
        if self._map is not None or latents.ndim != 4:  # some transformers pack theirs: no previews there
            return
        try:
            size = (latents.shape[3], latents.shape[2])
            colours = [_tensor(picture.resize(size, Image.Resampling.BOX)) for picture in pictures]
            target = torch.stack(colours).permute(0, 2, 3, 1).flatten(0, 2)
            self._map = torch.linalg.lstsq(_features(latents), target).solution
        except Exception as error:
            log.warning("no previews can be learned: %s", type(error).__name__)

    @torch.no_grad()
    def _decode(self, vae: Any, latents: Tensor) -> Tensor | None:
        """Return approximate pictures (B, 3, H, W) in -1..1."""
        if hasattr(vae, "unproject"):
            return vae.unproject(latents / vae.config.scaling_factor).float().cpu()  # type: ignore[no-any-return]
        if self._map is None:
            return None
        batch, _, height, width = latents.shape
        return (_features(latents) @ self._map).reshape(batch, height, width, 3).permute(0, 3, 1, 2)


def estimate(scheduler: Any, latents: Tensor) -> Tensor:
    """Return the solver's estimate of the finished latents where it has one, else the noisy latents."""
    outputs = getattr(scheduler, "model_outputs", None)
    if outputs and outputs[-1] is not None and scheduler.config.get("algorithm_type") in X0_SOLVERS:
        return outputs[-1]  # type: ignore[no-any-return]
    return latents


def _features(latents: Tensor) -> Tensor:
    flat = latents.float().cpu().permute(0, 2, 3, 1).flatten(0, 2)  # (B*h*w, C)
    return torch.cat([flat, torch.ones(len(flat), 1)], dim=1)


def _tensor(picture: Image.Image) -> Tensor:
    values = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    return values.reshape(picture.height, picture.width, 3).permute(2, 0, 1).float() / 127.5 - 1


def _image(rgb: Tensor) -> Image.Image:
    values = ((rgb.clamp(-1, 1) + 1) * 127.5).to(torch.uint8).permute(1, 2, 0).contiguous()
    return Image.frombytes("RGB", (values.shape[1], values.shape[0]), values.numpy().tobytes())
