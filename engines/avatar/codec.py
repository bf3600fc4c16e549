"""The codec of the embedded picture model: a linear encoder (PCA of patches) and a small learned decoder.

A linear encoder cannot be fooled, needs no training, and lets training mix pictures in latent space: the latent of a
weighted sum of pictures is the weighted sum of their latents. The decoder puts back the edges that PCA throws away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from diffusers import ModelMixin
from diffusers.configuration_utils import ConfigMixin, register_to_config
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass
class Encoded:
    """What `encode` returns: latents (B, C, H/16, W/16); named as diffusers' img2img pipeline expects."""

    latents: Tensor


@dataclass
class Decoded:
    """What `decode` returns: pictures (B, 3, H, W) in -1..1."""

    sample: Tensor


class _Block(nn.Module):
    """Residual pair of 3x3 convolutions, with the picture's mean feature added between them as global context."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.context = nn.Linear(channels, channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        h = F.silu(self.first(F.silu(x)) + self.context(x.mean(dim=(2, 3)))[:, :, None, None])
        return x + cast(Tensor, self.second(h))


class PatchAutoencoder(ModelMixin, ConfigMixin):
    """256 px pictures in -1..1 to latents of 16 x 16 patches and back, with AutoencoderKL's surface.

    Encoding: halve the picture, take 8x8 patches, project on `latent_channels` principal components and divide by
    std^0.7 (partial whitening), so that each channel has nearly, not exactly, unit variance.
    """

    _supports_gradient_checkpointing = False

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        latent_channels: int = 16,
        width: tuple[int, ...] = (128, 64, 32),
        blocks: tuple[int, ...] = (3, 3, 2),
        sample_size: int = 256,
        block_out_channels: tuple[int, ...] = (1, 1, 1, 1, 1),
        scaling_factor: float = 1.0,
    ) -> None:
        """`block_out_channels` only tells the pipelines, by its length, that latents are 16 times smaller."""
        super().__init__()  # type: ignore[no-untyped-call]
        grid = sample_size // 16
        self.register_buffer("mean", torch.zeros(192))
        self.register_buffer("basis", torch.zeros(latent_channels, 192))
        self.register_buffer("scale", torch.ones(latent_channels))
        self.place = nn.Parameter(torch.zeros(1, width[0], grid, grid))
        self.enter = nn.Conv2d(latent_channels, width[0], 3, padding=1)
        stages: list[nn.Module] = []
        for stage, (channels, count) in enumerate(zip(width, blocks, strict=True)):
            stages += [_Block(channels) for _ in range(count)]
            if stage + 1 < len(width):
                stages += [nn.Conv2d(channels, width[stage + 1] * 4, 3, padding=1), nn.PixelShuffle(2)]
        self.stages = nn.Sequential(*stages)
        self.leave = nn.Conv2d(width[-1], 48, 3, padding=1)

    mean: Tensor
    basis: Tensor
    scale: Tensor

    def project(self, half: Tensor) -> Tensor:
        """Encode pictures already halved, (B, 3, 8h, 8w), into latents (B, C, h, w)."""
        patches = F.pixel_unshuffle(half, 8) - self.mean[:, None, None]
        kernel = (self.basis / self.scale[:, None])[:, :, None, None]
        return F.conv2d(patches, kernel)

    def unproject(self, latents: Tensor) -> Tensor:
        """The picture that the principal components alone give: (B, C, h, w) to (B, 3, 8h, 8w)."""
        kernel = (self.basis * self.scale[:, None]).T[:, :, None, None]
        return F.pixel_shuffle(F.conv2d(latents, kernel) + self.mean[:, None, None], 8)

    def encode(self, x: Tensor, return_dict: bool = True) -> Encoded | tuple[Tensor]:
        """Pictures (B, 3, 16h, 16w) in -1..1 to latents (B, C, h, w)."""
        latents = self.project(F.avg_pool2d(x, 2))
        return Encoded(latents) if return_dict else (latents,)

    def decode(
        self, z: Tensor, return_dict: bool = True, generator: torch.Generator | None = None
    ) -> Decoded | tuple[Tensor]:
        """Latents (B, C, h, w) to pictures (B, 3, 16h, 16w) in -1..1; nothing is drawn from `generator`."""
        place: Tensor = self.place
        if place.shape[-2:] != z.shape[-2:]:
            place = F.interpolate(place, size=z.shape[-2:], mode="bilinear")
        detail = F.pixel_shuffle(self.leave(F.silu(self.stages(self.enter(z) + place))), 4)
        base = F.interpolate(self.unproject(z), scale_factor=2, mode="bilinear", align_corners=False)
        picture = (base + detail).clamp(-1, 1) if not self.training else base + detail
        return Decoded(picture) if return_dict else (picture,)

    def forward(self, sample: Tensor) -> Tensor:
        """Encode and decode pictures (B, 3, 16h, 16w)."""
        return cast(Decoded, self.decode(cast(Encoded, self.encode(sample)).latents)).sample
