"""MobileNetV2 in eight bits, and its shipped weights on a plain picture."""

import torch

from engines.vision import photos
from engines.vision.assets import ASSETS


def test_packing_keeps_weights_to_within_half_a_step() -> None:
    weights = {"a": torch.randn(64, 80), "b": torch.randn(5), "c": torch.randn(128, 64, 1, 1) * 3}
    back = photos.unpack(photos.pack(weights))
    assert back.keys() == weights.keys()
    for name in ("a", "c"):
        step = weights[name].flatten(1).abs().amax(1) / 127
        assert ((back[name] - weights[name]).flatten(1).abs().amax(1) <= step * 0.6).all()
    assert torch.allclose(back["b"], weights["b"], atol=1e-2)


def test_the_shipped_weights_fill_the_network_and_answer_by_what_they_see() -> None:
    net = photos.load(ASSETS)
    assert len(net.names) == 1000
    noise = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pooled, classes = net.read(torch.cat([torch.zeros(1, 3, 224, 224), noise]))
    assert pooled.shape == (2, 1280) and torch.allclose(classes.sum(1), torch.ones(2), atol=1e-4)
    assert not torch.allclose(classes[0], classes[1], atol=1e-3)
