"""Distillation: the critic's weight, that a killed run continues where it was, and what is published."""

import argparse
import json
import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from diffusers import UNet2DConditionModel
from safetensors.torch import save_file

from engines.avatar import delta
from engines.avatar.codec import PatchAutoencoder
from engines.training import diffusion, distil, ways
from engines.training.latents import LatentCharacters
from engines.training.low_rank import learn_low_rank
from engines.training.runs import Run
from tests.engines.training.test_diffusion import options as latents_options  # noqa: F401 - a fixture

ROBOT = {"style": "robot", "colour": "red"}


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    folder = tmp_path_factory.mktemp("teacher")
    torch.manual_seed(0)
    diffusion.build_unet((32, 32)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def codec(tmp_path_factory):
    folder = tmp_path_factory.mktemp("codec")
    PatchAutoencoder(latent_channels=16, width=(8, 8, 8), blocks=(1, 1, 1)).save_pretrained(folder)
    return folder


@pytest.fixture
def options(latents_options, teacher, codec):  # noqa: F811
    return argparse.Namespace(
        **{**vars(latents_options), "weights": teacher, "warm_up": 1, "codec": codec},
        worker="0", guidance=3.0, rescale=0.7, stride=2, coarse=0.5, own=0.5, adversary=0.3, straight=False, blend=1.0,
        rank=0, detail=1.0, target=latents_options.out / "exported",
    )  # fmt: skip


def few(monkeypatch, module, steps):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(module, "progress_until", lambda _: lambda: next(parts))


def test_the_critic_learns_beside_the_student_and_its_weight_is_bounded(options):
    critic = distil.LastStep(options, LatentCharacters(options.data))
    critics = critic.adversary.critics
    before = [weight.clone() for weight in critics.parameters()]
    last = torch.nn.Parameter(torch.ones(16, 1, 1))
    latents = torch.randn(3, 16, 16, 16) * last
    loss = (0.01 * latents).square().mean()
    judged = critic.judge(latents, loss, last)
    assert any(not torch.equal(*pair) for pair in zip(before, critics.parameters(), strict=True))
    assert all(weight.requires_grad for weight in critics.parameters())
    ours, theirs = (torch.autograd.grad(one, last, retain_graph=True)[0].norm() for one in (loss, judged))
    assert theirs <= options.adversary * ours * 1.01


def test_ways_are_kept_and_a_killed_run_continues(options, monkeypatch):
    few(monkeypatch, distil, 2)
    distil.teach(options)
    (options.out / "0-00009.partial").write_bytes(b"cut off")
    kept = ways.Ways(options.out)
    way, tokens = kept.draw(3, random.Random(0))
    assert len(kept) == 2 and way.shape == (3, ways.POINTS + 1, 16, 16, 16) and len(tokens) == 3
    few(monkeypatch, distil, 4)
    distil.train(options)
    first = Run(options.out, {}).load()
    few(monkeypatch, distil, 0)
    distil.train(options)
    again = Run(options.out, vars(options)).load()
    assert first["step"] == again["step"] == 4 and first["updates"] == 2
    assert all(torch.equal(value, again["average"][name]) for name, value in first["average"].items())
    moments = [one["optimiser"]["state"][0]["exp_avg"] for one in (first, again)]
    assert torch.equal(*moments) and moments[0].any()


def test_what_is_exported_is_a_stock_network_of_the_average(options, monkeypatch):
    few(monkeypatch, distil, 1)
    distil.teach(options)
    few(monkeypatch, distil, 2)
    distil.train(options)
    distil.export(options)
    average = Run(options.out, vars(options)).load()["average"]
    made = UNet2DConditionModel.from_pretrained(options.target).state_dict()
    assert all(torch.equal(value.half(), made[name].half()) for name, value in average.items())
    options.blend = 0.5
    distil.export(options)
    between = UNet2DConditionModel.from_pretrained(options.target).state_dict()["conv_out.bias"]
    begun = ways.load_unet(options.weights).conv_out.bias
    assert torch.allclose(between, (begun + average["conv_out.bias"]) / 2, atol=1e-4)
    assert str(options.weights) not in (options.target / "config.json").read_text()
    assert "_name_or_path" not in json.loads((options.target / "config.json").read_text())


def test_a_student_learns_without_a_teacher(options, monkeypatch):
    options.straight = True
    few(monkeypatch, distil, 2)
    distil.train(options)
    assert Run(options.out, vars(options)).load()["step"] == 2


def test_a_change_of_low_rank_is_learned_kept_and_added_to_the_weights(options, monkeypatch, tmp_path):
    options.straight, options.rank, options.target = True, 2, tmp_path
    few(monkeypatch, distil, 3)
    distil.train(options)
    distil.export(options)
    before = ways.load_unet(options.weights)
    plain = {name: value.half() for name, value in before.state_dict().items()}
    save_file(plain, tmp_path / delta.BASE)
    delta.write_delta(tmp_path, plain, 0.1)
    read = delta.read_whole(tmp_path)
    learned = ways.load_unet(options.weights)
    learn_low_rank(learned, options.rank, (learned.conv_out,))
    learned.load_state_dict(Run(options.out, {}).load()["average"])
    for name, value in read.items():
        layer, _, part = name.rpartition(".")
        assert torch.allclose(value.float(), getattr(learned.get_submodule(layer), part), atol=2e-3), name
    assert read.keys() == plain.keys() and not torch.equal(read["conv_in.weight"], plain["conv_in.weight"])
    sizes = [(tmp_path / name).stat().st_size for name in (delta.BASE, delta.factors_of(tmp_path / delta.DELTA).name)]
    assert sizes[1] < 0.2 * sizes[0]
