"""Fits what tells avatars, other drawings and photographs apart: one linear layer on MobileNetV2's features.

    python -m engines.training.kinds --data DIR512 --drawings DIR --photos DIR --codec RUN/codec \
        --mobilenet engines/assets/vision --out RUN

ImageNet's features know photographs from drawings already (Kornblith et al. 2019), so a few dozen photographs of your
own, cropped anew, are enough; nothing of them is kept but the layer's weights.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.training.data import read_chunks
from engines.training.drawings import draw_plain
from engines.training.render import draw_colours, tint
from engines.training.runs import limit_threads
from engines.vision import photos
from engines.vision.describe import KINDS
from engines.vision.tower import to_tensor

DECAY = 2e-3
"""Weight of the squared weights: keeps the layer from being surer than a few hundred pictures allow."""


def avatars(folder: Path, codec: PatchAutoencoder, count: int, rng: random.Random) -> Iterator[Image.Image]:
    """Renders in fresh colours, every third of them as the picture model's codec gives it back."""
    drawn = [one for chunk in read_chunks(folder) for one in chunk]
    for index, one in enumerate(rng.sample(drawn, count)):
        pixels = tint(one.planes, draw_colours(one.labels, one.slots, rng)[1])
        picture = Image.fromarray((pixels * 255).astype(np.uint8))
        yield _through(codec, picture) if index % 3 == 0 else picture


@torch.no_grad()
def _through(codec: PatchAutoencoder, picture: Image.Image) -> Image.Image:
    latents = codec.project(F.avg_pool2d(to_tensor(picture, 256), 2))
    made = cast(Decoded, codec.decode(latents)).sample[0]
    return Image.fromarray(((made.permute(1, 2, 0) + 1) * 127.5).round().byte().numpy())


def others(folder: Path, part: str, count: int, rng: random.Random) -> Iterator[Image.Image]:
    """Drawings that are no avatars, a third of them plain shapes, gradients, text and noise."""
    pixels = np.load(folder / f"{part}.npz", allow_pickle=False)["pixels"]
    for index in range(count):
        yield draw_plain(rng).picture if index % 3 == 0 else Image.fromarray(pixels[rng.randrange(len(pixels))])


def crops(folder: Path, count: int, rng: random.Random) -> Iterator[Image.Image]:
    """Parts of the folder's photographs, from a quarter of one to the whole."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".png", ".jpg", ".jpeg"))
    opened = [Image.open(path).convert("RGB") for path in paths]
    for index in range(count):
        photo = opened[index % len(opened)]
        side = int(min(photo.size) * rng.uniform(0.5, 1))
        left, top = rng.randint(0, photo.width - side), rng.randint(0, photo.height - side)
        yield photo.crop((left, top, left + side, top + side))


@torch.no_grad()
def features(net: photos.Photos, pictures: Iterator[Image.Image], rng: random.Random) -> Tensor:
    """MobileNetV2's features (N, 1280), of pictures that were smaller before now and then."""
    rows = []
    for picture in pictures:
        if rng.random() < 0.4:
            side = rng.randint(80, 200)
            picture = picture.resize((side, side), Image.Resampling.BICUBIC)
        rows.append(net.read(to_tensor(picture, photos.SIZE))[0])
    return torch.cat(rows)


def fit(parts: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Logistic regression on features by kind: weight (kinds, F) and bias (kinds); kinds weigh the same."""
    rows, wanted = torch.cat(parts), torch.cat([torch.full((len(part),), i) for i, part in enumerate(parts)])
    share = torch.tensor([len(rows) / len(part) for part in parts])
    weight, bias = (
        torch.zeros(len(parts), rows.shape[1], requires_grad=True),
        torch.zeros(len(parts), requires_grad=True),
    )
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = F.cross_entropy(rows @ weight.T + bias, wanted, weight=share) + DECAY * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    cast(Any, optimiser).step(closure)
    return weight.detach(), bias.detach()


def main() -> None:
    """Collect the features, fit, and save kinds.safetensors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="taken-apart characters")
    parser.add_argument("--drawings", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of photographs")
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--mobilenet", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200, help="pictures of each kind")
    options = parser.parse_args()
    limit_threads(1)
    rng, net, codec = random.Random(0), photos.load(options.mobilenet), PatchAutoencoder.from_pretrained(options.codec)
    found = {
        "avatar": avatars(options.data, cast(PatchAutoencoder, codec.eval()), options.count, rng),
        "drawing": others(options.drawings, "train", options.count, rng),
        "photo": crops(options.photos, options.count, rng),
    }
    weight, bias = fit([features(net, found[kind], rng) for kind in KINDS])
    options.out.mkdir(parents=True, exist_ok=True)
    save_file({"weight": weight.half(), "bias": bias}, options.out / "kinds.safetensors")


if __name__ == "__main__":
    main()
