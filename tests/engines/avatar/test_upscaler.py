"""The upscaler: bicubic with a back-projection until trained, the same picture in tiles as whole, any size."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from engines.avatar.upscaler import Upscaler, enlarge, enlarge_images


@pytest.fixture
def trained() -> Upscaler:
    """An upscaler that adds something to every pixel."""
    torch.manual_seed(0)
    upscaler = Upscaler(channels=8, blocks=1).eval()
    for parameter in upscaler.leave.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return upscaler


def test_untrained_its_halves_are_nearer_to_the_picture_than_bicubic_s() -> None:
    picture = torch.rand(1, 3, 16, 24) - 0.5
    bicubic = F.interpolate(picture, scale_factor=2, mode="bicubic", align_corners=False)
    larger = Upscaler(channels=8, blocks=1).eval()(picture)
    gaps = [(F.avg_pool2d(one, 2) - picture).abs().mean() for one in (larger, bicubic)]
    assert gaps[0] < gaps[1] / 2


def test_tiles_leave_no_seam(trained: Upscaler) -> None:
    picture = torch.rand(2, 3, 70, 50) * 2 - 1
    assert torch.allclose(enlarge(trained, picture, tile=32), enlarge(trained, picture), atol=1e-5)
    assert not torch.allclose(enlarge(trained, picture), enlarge(Upscaler(8, 1).eval(), picture), atol=0.1)


@pytest.mark.parametrize("size", [(1, 1), (7, 4), (33, 18)])
def test_any_size_doubles(trained: Upscaler, size: tuple[int, int]) -> None:
    (larger,) = enlarge_images(trained, [Image.new("RGB", size, "teal")])
    assert larger.size == (2 * size[0], 2 * size[1])


def test_sixteen_bits_leave_flat_colours_as_they_are() -> None:
    upscaler = Upscaler(channels=8, blocks=1).eval().bfloat16()
    (larger,) = enlarge_images(upscaler, [Image.new("RGB", (8, 8), (201, 77, 130))])
    assert (np.asarray(larger) == (201, 77, 130)).all()
