"""The denoiser's training: its noise, its schedule, and that a killed run continues where it was."""

import argparse
import datetime
import json
import random

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.avatar.forms import FORMS, code_of
from engines.training import diffusion
from engines.training.attributes import ATTRIBUTES
from engines.training.clock import progress_until
from engines.training.conditions import HIDDEN, draw_mentioned, tokens_of, with_accent
from engines.training.latents import PARTS
from engines.training.runs import Average, Run


def test_noise_levels_keep_unit_variance_and_end_in_noise():
    alpha, sigma = diffusion.noise_levels()
    assert alpha.shape == sigma.shape == (diffusion.TIMESTEPS,)
    assert torch.allclose(alpha**2 + sigma**2, torch.ones(diffusion.TIMESTEPS), atol=1e-5)
    assert alpha[0] > 0.99 and alpha[-1] < 0.01


def test_timesteps_favour_noise_and_stay_in_range():
    timesteps = diffusion.draw_timesteps(20_000, 0.75)
    assert timesteps.min() >= 0 and timesteps.max() < diffusion.TIMESTEPS
    assert timesteps.float().mean() > 540


def test_learning_rate_warms_up_holds_and_falls():
    rates = [diffusion.learning_rate(part, 1000, 1.0, 0.5) for part in (0.0, 0.49, 0.75, 1.0)]
    assert rates[:2] == [1.0, 1.0] and rates[2] == pytest.approx(0.5) and rates[3] == pytest.approx(0.02)
    assert diffusion.learning_rate(0.0, 0, 1.0, 0.5) < 0.01


def test_the_clock_reaches_one_at_the_given_time_even_past_midnight():
    times = iter([datetime.datetime(2026, 1, 1, 23, 0), datetime.datetime(2026, 1, 2, 0, 0)] * 2)
    clock = progress_until("01:00", now=lambda: next(times))
    assert clock() == pytest.approx(0.5)


def test_tokens_are_certain_without_blurring_and_always_sum_to_one():
    labels = {"style": "robot", "background": "teal"}
    tokens = tokens_of([labels, {}])
    assert tokens.shape == (2, len(ATTRIBUTES) + len(FORMS), HIDDEN)
    attributes = tokens[:, : len(ATTRIBUTES)]
    assert torch.equal(attributes.sum(-1), torch.ones(2, len(ATTRIBUTES)))
    assert tokens[0, 0, ATTRIBUTES["style"].index("robot")] == 1
    blurred = tokens_of([labels] * 50, random.Random(0))
    blurred = blurred[:, : len(ATTRIBUTES)]
    assert torch.allclose(blurred.sum(-1), torch.ones(50, len(ATTRIBUTES)))
    assert blurred.max(-1).values.min() < 1


def test_forms_have_tokens_behind_those_of_the_attributes():
    plain, formed = tokens_of([{"style": "robot"}, {"style": "robot", "form_body": "form_body robot square01"}])
    row = len(ATTRIBUTES) + list(FORMS).index("form_body")
    assert torch.equal(formed[row], code_of("form_body robot square01", HIDDEN)) and not plain[row].any()
    formed[row] = 0
    assert torch.equal(plain, formed)


def test_a_tenth_of_the_samples_is_unconditional():
    labels = {
        "style": "robot",
        "colour": "red",
        "background": "teal",
        "top": "horns",
        "eyes": "one",
        "expression": "smile",
    }
    rng = random.Random(0)
    told = [draw_mentioned(labels | {"form_body": "form_body robot round01"}, rng) for _ in range(1000)]
    assert 60 < sum(not one for one in told) < 150
    assert 500 < sum("form_body" in one for one in told) < 750  # most are whole, forms and all
    assert all(len(one) > 4 for one in told if "form_body" in one)


def test_an_average_follows_a_constant_to_it():
    model = torch.nn.Linear(2, 2)
    average = Average(model, 0.5)
    torch.nn.init.constant_(model.weight, 3.0)
    for _ in range(30):
        average.update(model)
    assert torch.allclose(average.state["weight"], torch.full((2, 2), 3.0), atol=1e-3)


@pytest.fixture
def options(tmp_path):
    """A tiny data set and the options of a run on it."""
    data, shape, count = tmp_path / "latents", [16, 16, 16], 4
    data.mkdir()
    noise = np.random.default_rng(0).normal(size=(count, PARTS, *shape)).astype(np.float16)
    (data / "parts.f16").write_bytes(noise.tobytes())
    robot = {"slots": ["colour"], "labels": {"style": "robot", "top": "horns", "eyes": "one", "expression": "smile"}}
    facts = {"shape": shape, "mirror_signs": [1] * 16, "scale": [1.0] * 16, "characters": [robot] * count}
    (data / "facts.json").write_text(json.dumps(facts))
    return argparse.Namespace(
        data=data, out=tmp_path / "run", until="", channels=[32, 32], batch=2,
        lr=1e-3, constant=0.5, ema=0.9, bias=0.75, emphasis=0.7, every=1e9, round=0,
        focus=3.0, bf16=False, weights=None, codec=None,
    )  # fmt: skip


def train_steps(options, steps, monkeypatch):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(diffusion, "progress_until", lambda _: lambda: next(parts))
    diffusion.train(options)
    return Run(options.out, {}).load()


def test_a_run_continues_with_its_weights_optimiser_and_average(options, monkeypatch):
    first = train_steps(options, 5, monkeypatch)
    assert (first["step"], first["seen"], first["updates"]) == (5, 10, 1)
    again = train_steps(options, 0, monkeypatch)
    for name, value in first["model"].items():
        assert torch.equal(value, again["model"][name])
    for name, value in first["average"].items():
        assert torch.equal(value, again["average"][name])
    moments = first["optimiser"]["state"][0]["exp_avg"], again["optimiser"]["state"][0]["exp_avg"]
    assert torch.equal(*moments)
    more = train_steps(options, 3, monkeypatch)
    assert (more["step"], more["seen"], more["updates"]) == (8, 16, 2)


def test_a_new_run_begins_with_published_weights(options, monkeypatch):
    first = train_steps(options, 2, monkeypatch)
    Run(options.out, vars(options))
    diffusion.export(options.out, options.out / "published")
    options.weights, options.out = options.out / "published", options.out / "next"
    begun = train_steps(options, 0, monkeypatch)
    for name, value in first["average"].items():
        assert torch.equal(value.half(), begun["model"][name].half())


def test_faces_weigh_most_and_the_mean_stays_one():
    weights = diffusion.face_weights(16, 3.0)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[8, 8] / weights[0, 0] == pytest.approx(3.0, rel=0.05)
    assert torch.equal(diffusion.face_weights(16, 1.0), torch.ones(16, 16))


def test_a_kill_while_saving_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    run = Run(tmp_path, {})
    run.save({"step": 1})
    monkeypatch.setattr(torch, "save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.save({"step": 2})
    monkeypatch.undo()
    assert run.load() == {"step": 1}


def test_a_monsters_horns_are_told_of_as_hats_are_and_frames_are_not():
    assert with_accent({"style": "monster", "form_accent": "form_accent pink"})["hat_colour"] == "pink"
    assert "hat_colour" not in with_accent({"style": "cartoon", "form_accent": "form_accent #ff5c5c"})
    labels = {"style": "monster", "colour": "red", "expression": "smile", "eyes": "two", "background": "blue"}
    told = [draw_mentioned(labels | {"form_accent": "form_accent pink"}, random.Random(seed)) for seed in range(60)]
    whole = [one for one in told if "form_accent" in one]
    assert whole and all(one["hat_colour"] == "pink" for one in whole)
