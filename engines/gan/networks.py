"""The style-based generator of latents: a mapping network, a modulated synthesis, and an encoder back into styles.

StyleGAN2 (Karras et al. 2020) at the size of the codec's latents, 4x4 to 16x16. The mapping network is told what the
prompt asked for; the encoder gives each layer of the synthesis its own style (w+, Abdal et al. 2019), so that any
picture can be a parent.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

GROUPS = ("coarse", "middle", "fine")
"""Layers by the resolution they work at: 4x4, 8x8 and 16x16; two layers each."""
LAYERS_PER_GROUP = 2
LAYERS = len(GROUPS) * LAYERS_PER_GROUP
WEIGHTS, CONFIG = "generator.safetensors", "config.json"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Widths of the networks; `condition` is the width of the text encoder's tokens, `channels` the latents'."""

    condition: int
    channels: int = 16
    noise: int = 64
    style: int = 128
    hidden: int = 256
    widths: tuple[int, int, int] = (192, 128, 64)
    encoder: tuple[int, int, int] = (64, 96, 128)


class Mapping(nn.Module):
    """Noise z (B, noise) and a condition c (B, condition) to a style w (B, style)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.enter = nn.Linear(sizes.noise + sizes.condition, sizes.hidden)
        self.middle = nn.Linear(sizes.hidden, sizes.hidden)
        self.leave = nn.Linear(sizes.hidden, sizes.style)

    def forward(self, noise: Tensor, condition: Tensor) -> Tensor:
        """The style of each sample."""
        h = F.leaky_relu(self.enter(torch.cat([noise, condition], dim=1)), 0.2)
        h = h + F.leaky_relu(self.middle(h), 0.2)
        return cast(Tensor, self.leave(h))


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

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Features (B, inputs, h, w) to latents (B, channels, h, w)."""
        return cast(Tensor, self.conv(x * self.affine(style)[:, :, None, None]))


class Synthesis(nn.Module):
    """Styles (B, LAYERS, style) to latents (B, channels, 16, 16), each resolution adding to those below it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.constant = nn.Parameter(torch.randn(1, sizes.widths[0], 4, 4))
        before = (sizes.widths[0], *sizes.widths[:2])
        self.first = nn.ModuleList(
            ModulatedConv(a, b, sizes.style, up=i > 0) for i, (a, b) in enumerate(zip(before, sizes.widths, strict=True))
        )
        self.second = nn.ModuleList(ModulatedConv(b, b, sizes.style, up=False) for b in sizes.widths)
        self.leave = nn.ModuleList(ToLatents(b, sizes.channels, sizes.style) for b in sizes.widths)

    def forward(self, styles: Tensor) -> Tensor:
        """The latents of each sample."""
        x = self.constant.expand(len(styles), -1, -1, -1)
        latents: Tensor | None = None
        for i, (first, second, leave) in enumerate(zip(self.first, self.second, self.leave, strict=True)):
            style = styles[:, LAYERS_PER_GROUP * i], styles[:, LAYERS_PER_GROUP * i + 1]
            x = second(first(x, style[0]), style[1])
            added = leave(x, style[1])
            latents = added if latents is None else added + F.interpolate(latents, scale_factor=2, mode="bilinear")
        assert latents is not None
        return latents


class Encoder(nn.Module):
    """Latents (B, channels, 16, 16) to a style per layer, and to the noise that the mapping would have drawn.

    The noise is a Gaussian per dimension (Kingma and Welling 2014): training uses it to tell the mapping network which
    of all the pictures of a condition it is to make.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        fine, middle, coarse = sizes.encoder
        self.body = nn.Sequential(
            nn.Conv2d(sizes.channels, fine, 3, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(fine, middle, 3, padding=1, stride=2), nn.LeakyReLU(0.2),
            nn.Conv2d(middle, middle, 3, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(middle, coarse, 3, padding=1, stride=2), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(coarse * 16, 2 * sizes.hidden), nn.LeakyReLU(0.2),
        )  # fmt: skip
        self.styles = nn.Linear(2 * sizes.hidden, LAYERS * sizes.style)
        self.noise = nn.Linear(2 * sizes.hidden, 2 * sizes.noise)

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Styles (B, LAYERS, style), and mean and log variance (B, noise) of the noise."""
        h = self.body(latents)
        mean, log_variance = self.noise(h).chunk(2, dim=1)
        return self.styles(h).unflatten(1, (LAYERS, -1)), mean, log_variance


class Generator(nn.Module):
    """The three networks that make and breed pictures."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.mapping, self.synthesis, self.encoder = Mapping(sizes), Synthesis(sizes), Encoder(sizes)

    def save(self, folder: Path) -> None:
        """Write weights in float16 and the sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        half = {name: value.half().contiguous() for name, value in self.state_dict().items()}
        save_file(half, folder / WEIGHTS, metadata={"format": "pt"})
        (folder / CONFIG).write_text(json.dumps(asdict(self.sizes), indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> Generator:
        """Read what `save` wrote, as float32, ready to draw; raises OSError or ValueError where it cannot be read."""
        said = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        generator = Generator(Sizes(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}))
        state = load_file(folder / WEIGHTS)
        generator.load_state_dict({name: value.float() for name, value in state.items()})
        return generator.eval().requires_grad_(False)


def repeat(style: Tensor) -> Tensor:
    """One style (B, style) for every layer: (B, LAYERS, style)."""
    return style[:, None].expand(-1, LAYERS, -1)


def condition_of(tokens: Tensor) -> Tensor:
    """The text encoder's tokens (B, attributes, H) as one vector (B, H): each attribute has places of its own."""
    return tokens.sum(dim=1)
