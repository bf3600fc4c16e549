"""Small untrained networks, and pictures to show them."""

import io

import torch
from PIL import Image

from engines.vision import photos
from engines.vision.captioner import Captioner
from engines.vision.describe import Networks
from engines.vision.dual import DualEncoder
from engines.vision.tower import PictureTower

ATTRIBUTES = [
    ("style", ("cartoon", "robot")), ("hair_colour", ("red", "green")), ("background", ("blue", "white")),
    ("gender", ("man", "woman")), ("drawing", ("shapes",)),
]  # fmt: skip
WORDS = ["<pad>", "<s>", "</s>", "a", ",", "robot"]


def tower(seed: int = 0) -> PictureTower:
    torch.manual_seed(seed)
    made = PictureTower(ATTRIBUTES, components=4, widths=(8, 8, 8), features=12)
    made.basis.copy_(torch.randn(4, 192) / 14)
    return made.requires_grad_(False).eval()


def captioner(for_tower: PictureTower, seed: int = 0) -> Captioner:
    torch.manual_seed(seed)
    sizes = [len(values) + 1 for _, values in for_tower.attributes]
    return Captioner(sizes, for_tower.channels, len(WORDS), width=20, depth=1, length=8).requires_grad_(False).eval()


def dual(for_tower: PictureTower, seed: int = 0) -> DualEncoder:
    torch.manual_seed(seed)
    return DualEncoder(for_tower.features, ATTRIBUTES[:2], width=8, hidden=8).requires_grad_(False).eval()


def mobilenet(seed: int = 0) -> photos.Photos:
    torch.manual_seed(seed)
    model = photos.build(num_labels=3, depth_multiplier=0.25, finegrained_output=True)
    return photos.Photos(model, ["golden retriever", "espresso", "umbrella"])


def networks(kind: str = "avatar", sure: float = 8.0) -> Networks:
    """Networks that take everything for `kind`."""
    made, net = tower(), mobilenet()
    width = net.model.classifier.in_features
    bias = torch.tensor([sure if name == kind else 0.0 for name in ("avatar", "drawing", "photo")])
    style = dict(zip([name for name, _ in ATTRIBUTES], made.heads, strict=True))["style"]
    style.weight.zero_()
    style.bias.copy_(torch.tensor([0.0, 0.0, 20.0] if kind == "drawing" else [0.0, 9.0, 0.0]))
    return Networks(made, captioner(made), WORDS, net, torch.zeros(3, width), bias)


def png(colour: str = "orange", size: tuple[int, int] = (90, 120), spot: str | None = None) -> bytes:
    picture = Image.new("RGB", size, colour)
    if spot:
        left, top, right, bottom = (int(part * side) for part, side in zip((0.3, 0.2, 0.7, 0.8), size * 2, strict=True))
        picture.paste(spot, (left, top, right, bottom))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
