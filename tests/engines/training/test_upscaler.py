"""The upscaler's training: what it is shown, and that a killed run continues where it was."""

import argparse
import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from torch.nn import functional as F

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.upscaler import Upscaler
from engines.training import data, diffusion, upscaler
from engines.training.runs import Run


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two chunks of three characters of 64 px, a tiny codec and a tiny denoiser."""
    root = tmp_path_factory.mktemp("upscaler")
    (root / "data").mkdir()
    chunk, data.CHUNK = data.CHUNK, 3
    for index in range(2):
        data.render_chunk(root / "data", index, 64, 5)
    data.CHUNK = chunk
    codec = PatchAutoencoder(width=(16, 16, 16), blocks=(1, 1, 1))
    codec.basis = torch.linalg.qr(torch.randn(192, 16))[0].T
    codec.save_pretrained(root / "codec")
    diffusion.build_unet((32, 32)).save_pretrained(root / "unet")
    return root


@pytest.fixture
def options(folders, tmp_path, monkeypatch):
    monkeypatch.setattr(upscaler, "LARGE", 64)
    return argparse.Namespace(
        data=folders / "data", codec=folders / "codec", denoiser=folders / "unet", out=tmp_path / "run", until="",
        channels=8, blocks=1, batch=8, crop=16, pool=5, lr=1e-3, constant=0.5, decoded=0.5, mistaken=0.5, leaves=0.2,
        jpeg=0.5, noise=0.2, every=1e9, bf16=False,
    )  # fmt: skip


def few(monkeypatch, steps):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(upscaler, "progress_until", lambda _: lambda: next(parts))


def test_goals_lie_where_their_inputs_do(options, folders):
    drawn = [one for chunk in data.read_chunks(folders / "data") for one in chunk]
    options.decoded = options.jpeg = 0.0
    rng = random.Random(0)
    pool = upscaler.Pool(lambda: upscaler.draw_pair(drawn, None, None, rng, options), 5, rng)
    for _ in range(3):
        small, goals = pool.batch(8, 16)
    assert small.shape == (8, 3, 16, 16) and goals.shape == (8, 3, 32, 32)
    assert torch.allclose(F.avg_pool2d(goals, 2), small, atol=2e-3)  # kept in half precision


def test_dead_leaves_are_pictures_with_edges_and_texture():
    leaves = upscaler.dead_leaves(64, random.Random(1))
    assert leaves.shape == (3, 64, 64) and leaves.abs().max() <= 1
    assert torch.equal(leaves, upscaler.dead_leaves(64, random.Random(1)))
    steps = leaves.diff(dim=-1).abs()
    assert steps.max() > 0.5 and steps.median() > 0.005


def test_a_denoiser_s_mistakes_resemble_the_picture(folders):
    mistakes = upscaler.Mistakes(folders / "unet")
    latents = torch.randn(1, 16, 16, 16)
    spoiled = mistakes.make(latents, {"style": "robot"}, random.Random(0))
    assert spoiled.shape == latents.shape
    assert 0 < (spoiled - latents).square().mean() < latents.square().mean()


def test_a_killed_run_continues_and_exports_its_average(options, monkeypatch):
    few(monkeypatch, 3)
    upscaler.train(options)
    first = Run(options.out, vars(options)).load()
    few(monkeypatch, 0)
    upscaler.train(options)
    again = Run(options.out, vars(options)).load()
    assert first["step"] == again["step"] == 3
    moments = [one["optimiser"]["state"][0]["exp_avg"] for one in (first, again)]
    assert torch.equal(*moments) and moments[0].any()
    best = upscaler.averaged(options.out)
    assert isinstance(best, Upscaler) and best.leave.weight.any()
    assert all(torch.equal(value, again["average"][name]) for name, value in best.state_dict().items())
