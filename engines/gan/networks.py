"""The style-based generator of latents: a mapping network, a modulated synthesis, and the way back into styles.

StyleGAN2 (Karras et al. 2020) at the size of the codec's latents, 4x4 to 16x16. The mapping network is told what the
prompt asked for; styles can be read off any picture, so that it can be a parent. A style has one vector for each layer
of the synthesis (w+, Abdal et al. 2019).

One thing is different: where StyleGAN2 starts from a constant, here the styles of each resolution also mix principal
components of that resolution's part of the training latents. A sum of components is a blurred picture to begin with,
and the modulated convolutions make it crisp, which takes a hundredth of the time that drawing from a constant takes.
Reading styles off a picture is projecting it on the components: no network, no search.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from engines.avatar.forms import FORMS

GROUPS = ("coarse", "middle", "fine")
"""Layers by the resolution they work at: 4x4, 8x8 and 16x16; two layers each."""
LAYERS_PER_GROUP = 2
LAYERS = len(GROUPS) * LAYERS_PER_GROUP
SIDES = (4, 8, 16)
WEIGHTS, CONFIG = "generator.safetensors", "config.json"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Widths of the networks; `condition` is that of `condition_of`, `channels` the latents'."""

    condition: int
    channels: int = 16
    noise: int = 64
    style: int = 128
    hidden: int = 512
    widths: tuple[int, int, int] = (160, 128, 80)


class Mapping(nn.Module):
    """Noise z (B, noise) and a condition c (B, condition) to styles (B, LAYERS, style)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.enter = nn.Linear(sizes.noise + sizes.condition, sizes.hidden)
        self.middle = nn.ModuleList(nn.Linear(sizes.hidden, sizes.hidden) for _ in range(2))
        self.leave = nn.Linear(sizes.hidden, LAYERS * sizes.style)

    def forward(self, noise: Tensor, condition: Tensor) -> Tensor:
        """The styles of each sample."""
        h = F.leaky_relu(self.enter(torch.cat([noise, condition], dim=1)), 0.2)
        for middle in self.middle:
            h = h + F.leaky_relu(middle(h), 0.2)
        return cast(Tensor, self.leave(h)).view(len(h), LAYERS, -1)


class Components(nn.Module):
    """Principal components of one band of the latents: a group's styles (B, N) to maps (B, C, size, size) and back.

    N is LAYERS_PER_GROUP times the style's width. Each component is as long as its standard deviation, so that styles
    have unit variance.
    """

    def __init__(self, sizes: Sizes, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(sizes.channels, size, size))
        count = LAYERS_PER_GROUP * sizes.style
        self.register_buffer("maps", torch.randn(count, sizes.channels, size, size) / size)

    mean: Tensor
    maps: Tensor

    def forward(self, style: Tensor) -> Tensor:
        """The sum of components that the styles ask for."""
        return self.mean + (style @ self.maps.flatten(1)).view(-1, *self.mean.shape)

    def read(self, band: Tensor) -> Tensor:
        """The styles (B, N) whose sum of components is nearest to a band (B, C, size, size)."""
        flat = self.maps.flatten(1)
        return (band - self.mean).flatten(1) @ (flat / (flat.square().sum(dim=1, keepdim=True) + 1e-6)).T


class ModulatedConv(nn.Module):
    """3x3 convolution whose input channels are scaled by a style, and whose outputs are brought back to unit variance.

    Scaling the input and dividing the output equals modulating and demodulating the weights (Karras et al. 2020,
    equations 1 and 3), but shares one convolution between the samples of a batch.
    """

    def __init__(self, inputs: int, outputs: int, style: int, up: bool) -> None:
        super().__init__()
        self.up = up
        self.affine = nn.Linear(style, inputs)
        nn.init.ones_(self.affine.bias)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) / (inputs * 9) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Features (B, inputs, h, w) to (B, outputs, h or 2h, w or 2w)."""
        scale = self.affine(style)
        energy = self.weight.float().square().sum(dim=(2, 3))  # (outputs, inputs)
        demodulation = (scale.float().square() @ energy.T + 1e-8).rsqrt()
        x = F.conv2d(x * scale[:, :, None, None], self.weight, padding=1)
        if self.up:  # after the convolution, for a quarter of its price
            x = F.interpolate(x, scale_factor=2, mode="bilinear")
        return F.leaky_relu(x * demodulation[:, :, None, None].to(x.dtype) + self.bias[:, None, None], 0.2) * 2**0.5


class ToLatents(nn.Module):
    """1x1 modulated convolution, not demodulated, to the latents' channels."""

    def __init__(self, inputs: int, channels: int, style: int) -> None:
        super().__init__()
        self.affine = nn.Linear(style, inputs)
        nn.init.ones_(self.affine.bias)
        self.conv = nn.Conv2d(inputs, channels, 1)
        nn.init.zeros_(self.conv.weight)  # components alone, to begin with

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Features (B, inputs, h, w) to latents (B, channels, h, w)."""
        return cast(Tensor, self.conv(x * self.affine(style)[:, :, None, None]))


class Synthesis(nn.Module):
    """Styles (B, LAYERS, style) to latents (B, channels, 16, 16), each resolution adding to those below it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        before, style = (sizes.widths[0], *sizes.widths[:2]), sizes.style
        pairs = list(enumerate(zip(before, sizes.widths, strict=True)))
        self.components = nn.ModuleList(Components(sizes, size) for size in SIDES)
        self.enter = nn.ModuleList(nn.Conv2d(sizes.channels, b, 1) for b in sizes.widths)
        self.first = nn.ModuleList(ModulatedConv(a, b, style, up=i > 0) for i, (a, b) in pairs)
        self.second = nn.ModuleList(ModulatedConv(b, b, style, up=False) for b in sizes.widths)
        self.leave = nn.ModuleList(ToLatents(b, sizes.channels, style) for b in sizes.widths)

    def forward(self, styles: Tensor) -> Tensor:
        """The latents of each sample."""
        x, blurred, crisp = styles.new_zeros(()), styles.new_zeros(()), styles.new_zeros(())
        for i in range(len(GROUPS)):
            group = styles[:, LAYERS_PER_GROUP * i : LAYERS_PER_GROUP * (i + 1)]
            style = group[:, 0], group[:, 1]
            if i:
                blurred, crisp = enlarge(blurred), enlarge(crisp)
            blurred = blurred + self.components[i](group.flatten(1))
            seen = self.enter[i](blurred)
            x = self.first[i](x, style[0]) + seen if i else self.first[i](seen, style[0])
            x = self.second[i](x, style[1])
            crisp = crisp + self.leave[i](x, style[1])
        return blurred + crisp

    def read(self, latents: Tensor) -> Tensor:
        """Styles (B, LAYERS, style) of which the components alone give back latents (B, C, 16, 16) best."""
        pairs = zip(self.components, bands(latents), strict=True)
        groups = [cast(Components, components).read(band) for components, band in pairs]
        return torch.cat(groups, dim=1).view(len(latents), LAYERS, -1)


def enlarge(maps: Tensor) -> Tensor:
    """Maps of twice the size."""
    return F.interpolate(maps, scale_factor=2, mode="bilinear")


def bands(latents: Tensor) -> list[Tensor]:
    """Latents (B, C, 16, 16) as a Laplacian pyramid: what each size of SIDES adds to the one before."""
    sizes = [F.adaptive_avg_pool2d(latents, side) for side in SIDES]
    return [sizes[0], *(larger - enlarge(smaller) for smaller, larger in pairwise(sizes))]


class Generator(nn.Module):
    """The networks that make and breed pictures."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.mapping, self.synthesis = Mapping(sizes), Synthesis(sizes)

    def save(self, folder: Path) -> None:
        """Write weights in float16 and the sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        half = {name: value.half().contiguous() for name, value in self.state_dict().items()}
        save_file(half, folder / WEIGHTS, metadata={"format": "pt"})
        (folder / CONFIG).write_text(json.dumps(asdict(self.sizes), indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> Generator:
        """Read what `save` wrote, as float32, ready to draw; raises OSError or ValueError where it cannot be read."""
        said: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        generator = Generator(Sizes(**plain))
        state = load_file(folder / WEIGHTS)
        generator.load_state_dict({name: value.float() for name, value in state.items()})
        return generator.eval().requires_grad_(False)


def condition_of(tokens: Tensor) -> Tensor:
    """Tokens (B, attributes + forms, H) as one vector (B, H): each attribute has places of its own.

    Forms are left out: the generator learned before there were any, and the denoiser settles them.
    """
    return tokens[:, : -len(FORMS)].sum(dim=1)
