"""Mixing and mirroring in latent space is the same as doing it with pictures."""

import random

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.codec import PatchAutoencoder
from engines.training.codec import fit_components, mirror_signs
from engines.training.latents import PARTS, part_latents
from engines.training.render import SLOTS, take_apart, tint
from engines.training.styles import draw


@pytest.fixture(scope="module")
def planes():
    rng = random.Random(0)
    return np.stack([take_apart(draw(rng), str(i), 128) for i in range(4)])


@pytest.fixture(scope="module")
def codec(planes):
    colours = np.random.default_rng(1).random((SLOTS + 1, 3)).astype(np.float32)
    pictures = torch.from_numpy(np.stack([tint(p, colours) for p in planes])).permute(0, 3, 1, 2) * 2 - 1
    codec = PatchAutoencoder(latent_channels=8, width=(16, 16, 16), blocks=(1, 1, 1))
    codec.mean, codec.basis, codec.scale = fit_components(pictures, 8)
    return codec


def test_pouring_colours_into_latents_equals_encoding_the_tinted_picture(planes, codec):
    colours = np.random.default_rng(2).random((SLOTS + 1, 3)).astype(np.float32)
    picture = torch.from_numpy(tint(planes[0], colours)).permute(2, 0, 1)[None] * 2 - 1
    weights = torch.cat([torch.ones(1), torch.from_numpy(colours).flatten()])
    mixed = (weights @ part_latents(codec, planes[:1])[0].view(PARTS, -1)).view(1, 8, 16, 16)
    assert torch.allclose(mixed, codec.project(picture), atol=0.05)


def test_mirroring_a_latent_equals_encoding_the_mirror_image(codec, planes):
    picture = torch.from_numpy(tint(planes[1], np.ones((SLOTS + 1, 3)))).permute(2, 0, 1)[None] * 2 - 1
    mirrored = codec.project(picture).flip(-1) * mirror_signs(codec.basis)[:, None, None]
    assert torch.allclose(mirrored, codec.project(picture.flip(-1)), atol=1e-3)


def test_the_codec_has_the_surface_of_an_autoencoder(codec):
    latents = codec.encode(torch.zeros(2, 3, 256, 256)).latents
    assert latents.shape == (2, 8, 16, 16)
    assert codec.eval().decode(latents).sample.shape == (2, 3, 256, 256)
    assert codec.decode(latents[:, :, :8], return_dict=False)[0].shape == (2, 3, 128, 256)
    assert codec.config.scaling_factor == 1.0
    assert 2 ** (len(codec.config.block_out_channels) - 1) == 16


def test_components_alone_give_back_a_picture_of_the_same_size(codec):
    picture = torch.rand(1, 3, 128, 128) * 2 - 1
    assert codec.unproject(codec.project(picture)).shape == picture.shape
