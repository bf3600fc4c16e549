"""Finishing decoder and upscaler: what they are shown, and that a killed run continues with both sides."""

import argparse
import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.upscaler import Upscaler
from engines.gan.networks import Generator, Sizes
from engines.training import data, diffusion, finish, upscaler
from engines.training.conditions import HIDDEN
from engines.training.runs import Run


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two chunks of three characters of 512 px, and tiny networks."""
    root = tmp_path_factory.mktemp("finish")
    (root / "data").mkdir()
    chunk, data.CHUNK = data.CHUNK, 3
    for index in range(2):
        data.render_chunk(root / "data", index, 512, 5)
    data.CHUNK = chunk
    codec = PatchAutoencoder(width=(8, 8, 8), blocks=(1, 1, 1))
    codec.basis = torch.linalg.qr(torch.randn(192, 16))[0].T
    codec.save_pretrained(root / "assets" / "vae")
    Upscaler(8, 1).save_pretrained(root / "assets" / "upscaler")
    diffusion.build_unet((32, 32)).save_pretrained(root / "assets" / "unet")
    Generator(Sizes(HIDDEN, noise=8, style=8, hidden=16, widths=(12, 8, 8))).save(root / "gan")
    return root


@pytest.fixture
def options(folders, tmp_path):
    return argparse.Namespace(
        data=folders / "data", assets=folders / "assets", denoiser=None, gan=folders / "gan", out=tmp_path / "run",
        until="", batch=3, pool=18, lr=1e-3, constant=0.5, warmup=1, adversary=0.3, features=0.05, ema=0.99,
        every=1e9, bf16=False, target=tmp_path / "exported",
    )  # fmt: skip


def train(options, steps, monkeypatch):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(finish, "progress_until", lambda _: lambda: next(parts))
    finish.train(options)
    return Run(options.out, vars(options)).load()


def test_batches_have_renders_to_compare_with_before_those_without(options):
    codec = PatchAutoencoder.from_pretrained(options.assets / "vae")
    samples = finish.Samples(options, codec, random.Random(0))
    for _ in range(5):
        batch = samples.batch(4)
        paired = [one.paired for one in batch]
        assert sum(paired) >= 2 and paired == sorted(paired, reverse=True)
        assert all(one.latents.shape == (16, 16, 16) and one.real.shape == (3, 512, 512) for one in batch)


def test_fewer_steps_left_keep_more_of_the_picture(folders):
    class Silent(finish.Denoiser):
        """Guesses v = 0, so that what is left of the latents is the schedule's doing."""

        def __init__(self):
            self._levels = diffusion.noise_levels()
            self._unet = lambda x, *_, **__: (torch.zeros_like(x),)

    latents = torch.full((1, 16, 16, 16), 3.0)
    torch.manual_seed(0)
    kept = [float(Silent().finish(latents, [{}], steps).mean()) for steps in (1, 2, finish.STEPS)]
    assert kept[0] > kept[1] > kept[2]


def test_a_killed_run_continues_with_both_sides_and_is_exported(options, monkeypatch):
    first = train(options, 3, monkeypatch)
    again = train(options, 0, monkeypatch)
    assert first["step"] == again["step"] == 3
    for part in ("model", "critics", "average"):
        assert all(torch.equal(value, again[part][name]) for name, value in first[part].items())
    begun = finish.Painter(options.assets).state_dict()
    assert any(not torch.equal(value, begun[name]) for name, value in first["model"].items())
    assert torch.equal(first["model"]["codec.basis"], begun["codec.basis"])  # the encoder stays what it was
    finish.export(options)
    made = PatchAutoencoder.from_pretrained(options.target / "vae").state_dict()
    assert all(torch.equal(value, first["average"][f"codec.{name}"].half().float()) for name, value in made.items())
    assert upscaler.Upscaler.from_pretrained(options.target / "upscaler").config.channels == 8
