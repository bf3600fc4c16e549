"""Distillation: the arithmetic of steps, the teacher's ways, and that a killed run continues where it was."""

import argparse
import json
import random

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from diffusers import UNet2DConditionModel

from engines.avatar.codec import PatchAutoencoder
from engines.training import diffusion, distil, ways
from engines.training.conditions import tokens_of
from engines.training.latents import LatentCharacters
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
        target=latents_options.out / "exported",
    )  # fmt: skip


def few(monkeypatch, module, steps):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(module, "progress_until", lambda _: lambda: next(parts))


def test_a_way_begins_in_noise_and_ends_in_a_picture():
    timesteps, alpha, sigma = ways.angles()
    assert timesteps[0] == 999 and (timesteps.diff() < 0).all() and len(alpha) == ways.POINTS + 1
    assert torch.allclose(alpha**2 + sigma**2, torch.ones(ways.POINTS + 1), atol=1e-5)
    assert alpha[0] < 0.01 and (alpha[-1], sigma[-1]) == (1, 0)
    assert torch.equal(ways.angles(ways.POINTS // 2)[1], alpha[::2])  # so that the student meets the teacher


def test_the_v_between_two_points_leads_from_one_to_the_other():
    _, alpha, sigma = ways.angles()
    point, goal = torch.randn(2, 3), torch.randn(2, 3)
    at, to = (alpha[2], sigma[2]), (alpha[4], sigma[4])
    v = distil.v_between(point, goal, at, to)
    assert torch.allclose(distil.step_to(point, v, at, to), goal, atol=1e-4)


def test_a_step_is_the_first_order_scheduler_s():
    scheduler = diffusion.build_scheduler(solver_order=1)
    scheduler.set_timesteps(4)
    _, alpha, sigma = ways.angles(4)
    point, v = torch.randn(1, 2, 3, 3), torch.randn(1, 2, 3, 3)
    for i, timestep in enumerate(scheduler.timesteps):
        mine = distil.step_to(point, v, (alpha[i], sigma[i]), (alpha[i + 1], sigma[i + 1]))
        assert torch.allclose(scheduler.step(v, timestep, point).prev_sample, mine, atol=1e-4)
        point = mine


def test_a_student_that_is_the_teacher_has_nothing_to_learn_where_it_needs_no_guidance(teacher):
    unet = distil.load_unet(teacher).eval()
    tokens = tokens_of([ROBOT, {}])
    torch.manual_seed(0)
    with torch.no_grad():
        way = distil.teacher_way(unet, torch.randn(2, 16, 16, 16), tokens, guidance=1.0, rescale=0.0)
        ones = torch.ones(16, 16, 16)
        last = torch.full((2,), ways.POINTS - 1)  # the solver's last step is of the first order, like the student's
        first = torch.zeros(2, dtype=torch.long)
        assert distil.way_loss(unet, way, tokens, last, ones, stride=1, own=0.0)[0] < 1e-5
        assert distil.way_loss(unet, way, tokens, first, ones, stride=1, own=0.0)[0] < 1e-5
        for rescale in (0.0, 0.7):
            guided = distil.teacher_way(unet, way[:, 0], tokens, 3.0, rescale)
            assert not torch.allclose(guided[0, -1], way[0, -1], atol=1e-2)
            assert torch.allclose(guided[1, -1], way[1, -1], atol=1e-3)  # nothing was asked: nothing to guide to


def test_the_deviation_that_guidance_adds_is_taken_back():
    class Loud(torch.nn.Module):
        """Says noise of deviation 1 where something was asked, and the same reversed where nothing was."""

        dtype = torch.float32

        def forward(self, x, timestep, tokens, return_dict):
            said = torch.randn(1, *x.shape[1:], generator=torch.Generator().manual_seed(0))
            return (torch.cat([-said, said]),)

    noise, tokens = torch.zeros(1, 16, 16, 16), tokens_of([ROBOT])
    plain, guided, rescaled = (
        float(distil.teacher_way(Loud(), noise, tokens, *how)[0, 1].std())
        for how in ((1.0, 0.0), (3.0, 0.0), (3.0, 1.0))
    )
    assert guided > 2 * plain and rescaled == pytest.approx(plain, rel=1e-3)


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
    begun = distil.load_unet(options.weights).conv_out.bias
    assert torch.allclose(between, (begun + average["conv_out.bias"]) / 2, atol=1e-4)
    assert str(options.weights) not in (options.target / "config.json").read_text()
    assert "_name_or_path" not in json.loads((options.target / "config.json").read_text())


def test_straight_ways_lead_from_noise_to_a_character(options):
    straight = ways.StraightWays(LatentCharacters(options.data))
    way, tokens = straight.draw(4, random.Random(0))
    assert way.shape == (4, ways.POINTS + 1, 16, 16, 16) and len(tokens) == 4 and len(straight) > 0
    _, alpha, sigma = ways.angles()
    noise = (way[:, 4] - alpha[4] * way[:, -1]) / sigma[4]
    assert torch.allclose(way[:, 0], alpha[0] * way[:, -1] + sigma[0] * noise, atol=1e-3)


def test_a_student_learns_without_a_teacher(options, monkeypatch):
    options.straight = True
    few(monkeypatch, distil, 2)
    distil.train(options)
    assert Run(options.out, vars(options)).load()["step"] == 2


def test_starts_lie_on_the_few_step_schedule_as_often_as_asked():
    torch.manual_seed(0)
    starts = distil.draw_starts(4000, 2, 0.5)
    assert starts.min() == 0 and starts.max() == ways.POINTS - 1
    assert (starts % 2 == 0).float().mean() == pytest.approx(0.75, abs=0.03)
