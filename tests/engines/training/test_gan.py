"""The GAN's training: a step, what moves when, and that a killed run continues where it was."""

import argparse
import itertools
import json
import random
from dataclasses import replace

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.gan.checkpoint import load_generator
from engines.gan.networks import LAYERS, Generator, Sizes
from engines.training import gan, gan_compare, gan_game
from engines.training.classifier import VISIBLE, Judge
from engines.training.conditions import HIDDEN
from engines.training.critic import Critic, StyleCritic
from engines.training.evaluate_gan import _whose
from engines.training.gan_mapping import component_weights, fit_mapping
from engines.training.latents import PARTS, LatentCharacters
from engines.training.losses import RECIPES
from engines.training.runs import Run

SIZES = Sizes(HIDDEN, noise=4, style=8, hidden=16, widths=(8, 8, 8))


@pytest.fixture
def folder(tmp_path):
    """A tiny data set."""
    folder, shape, count = tmp_path / "latents", [16, 16, 16], 4
    folder.mkdir()
    noise = np.random.default_rng(0).normal(size=(count, PARTS, *shape)).astype(np.float16)
    (folder / "parts.f16").write_bytes(noise.tobytes())
    robot = {"slots": ["colour"], "labels": {"style": "robot", "top": "horns", "eyes": "one", "expression": "smile"}}
    facts = {"shape": shape, "mirror_signs": [1] * 16, "scale": [1.0] * 16, "characters": [robot] * count}
    (folder / "facts.json").write_text(json.dumps(facts))
    return folder


def tiny_game(data, recipe, weights):
    channels = torch.ones(16)
    critic = Critic(channels, HIDDEN, (8, 8, 8))
    generator = Generator(SIZES)
    style_critic = StyleCritic(component_weights(generator), HIDDEN, 8)
    return gan_game.Game(generator, critic, style_critic, recipe, weights, channels[:, None, None])


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Networks this small only wait for their second thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(gan, "new_game", tiny_game)
    monkeypatch.setattr(gan_compare, "new_game", tiny_game)


def snapshot(network):
    return [weight.detach().clone() for weight in network.parameters()]


def changed(network, before):
    return any(not torch.equal(a, b) for a, b in zip(network.parameters(), before, strict=True))


@pytest.mark.parametrize("loss", RECIPES)
def test_every_loss_moves_both_players_and_stays_finite(folder, loss):
    data, rng = LatentCharacters(folder), random.Random(0)
    game = tiny_game(data, RECIPES[loss], gan_game.Weights())
    for _ in range(2):
        before = snapshot(game.generator), snapshot(game.critic)
        figures = game.play(gan_game.draw_batch(data, 4, rng), True, rng, False)
        assert all(np.isfinite(value) for value in figures.values())
        assert changed(game.critic, before[1])
        moves = game.step % RECIPES[loss].critic_steps == 1 or RECIPES[loss].critic_steps == 1
        assert changed(game.generator, before[0]) == moves


def test_the_autoencoder_learns_alone_before_the_critic_plays(folder):
    torch.manual_seed(0)
    data, rng = LatentCharacters(folder), random.Random(0)
    game = tiny_game(data, RECIPES["relativistic"], gan_game.Weights())
    critic, batch = snapshot(game.critic), gan_game.draw_batch(data, 4, rng)
    game.set_rate(1e-2)
    errors = [game.play(batch, False, rng, False)["gap"] for _ in range(40)]
    assert not changed(game.critic, critic)
    assert errors[-1] < 0.95 * errors[0]


def test_components_alone_give_back_pictures_made_of_few(folder):
    data, generator = LatentCharacters(folder), Generator(replace(SIZES, style=16))
    gan_game.fit_components(generator, data, 200, random.Random(0))
    latents = gan_game.draw_batch(data, 8, random.Random(1)).latents
    with torch.no_grad():
        styles = generator.synthesis.read(latents)
        again = generator.synthesis(styles)
    assert (again - latents).square().mean() < 0.3 * latents.var(dim=0).mean()
    assert 0.3 < styles.std() < 2


def test_the_mapping_network_learns_what_a_condition_asks_for(folder):
    """Two conditions, each with styles of its own."""
    torch.manual_seed(0)
    generator = Generator(replace(SIZES, hidden=64))
    condition = torch.zeros(400, HIDDEN)
    condition[:200, 0], condition[200:, 1] = 1, 1
    styles = torch.randn(400, LAYERS, SIZES.style) * 0.1 + torch.where(condition[:, :1, None] > 0, 1.0, -1.0)
    nothing = torch.full((400, len(VISIBLE)), -1)
    for one in generator.synthesis.components:  # so that all show alike
        one.maps = torch.nn.functional.normalize(one.maps, dim=(1, 2, 3)) * one.maps.shape[-1] / 16
    critic = StyleCritic(component_weights(generator), HIDDEN, 16)
    ticks = itertools.count()
    pool = styles, condition, nothing, nothing
    fit_mapping(generator, critic, lambda _: pool, gan_game.reading_loss, 6.0, now=lambda: next(ticks))
    with torch.no_grad():
        made = generator.mapping(torch.randn(200, SIZES.noise), condition[100:300]).mean(dim=(1, 2))
    assert made[:100].mean() - made[100:].mean() > 1.0


def test_crossing_over_takes_whole_groups_of_the_marked_rows():
    first, second = torch.zeros(40, LAYERS, 2), torch.ones(40, LAYERS, 2)
    mixed = torch.arange(40) < 30
    made = gan_game.cross_over(first, second, mixed, random.Random(0))
    assert made[30:].sum() == 0
    assert torch.equal(made[:, 0::2], made[:, 1::2])  # two layers a group
    shares = made[:30].mean(dim=(1, 2))
    assert ((shares > 0.3) & (shares < 0.7)).all()


def test_what_does_not_apply_costs_the_reader_nothing():
    logits = [torch.randn(2, 3) for _ in VISIBLE]
    nothing = torch.full((2, len(VISIBLE)), -1)
    assert gan_game.reading_loss(logits, nothing) == 0
    assert gan_game.reading_loss(logits, torch.zeros_like(nothing)) > 0


def test_a_critic_sees_whether_samples_are_all_alike():
    torch.manual_seed(0)
    critic, condition = Critic(torch.ones(16), HIDDEN, (8, 8, 8)), torch.zeros(4, HIDDEN)
    picture = torch.randn(1, 16, 16, 16)
    others = torch.cat([picture, torch.randn(3, 16, 16, 16)])
    assert critic(picture.expand(4, -1, -1, -1), condition)[0][0] != critic(others, condition)[0][0]


def options_of(folder, out, **changes):
    options = {
        "data": folder, "out": out, "until": "", "loss": "relativistic", "batch": 4, "lr": 1e-3, "constant": 0.5,
        "warmup": 1, "mapping_minutes": 0, "bf16": False, "codec": None, "every": 1e9, "samples": 1e9,
    }  # fmt: skip
    return argparse.Namespace(**options | changes)


def train_steps(options, steps, monkeypatch):
    parts = iter([0.1] * steps + [1.0])
    monkeypatch.setattr(gan, "progress_until", lambda _: lambda: next(parts))
    gan.train(options)
    return Run(options.out, {}).load()


def test_a_run_continues_with_both_players_and_is_exported(folder, tmp_path, monkeypatch):
    options = options_of(folder, tmp_path / "run")
    first = train_steps(options, 3, monkeypatch)
    again = train_steps(options, 0, monkeypatch)
    assert first["step"] == again["step"] == 3
    for before, after in zip([*first["players"], first["average"]], [*again["players"], again["average"]], strict=True):
        assert all(torch.equal(value, after[name]) for name, value in before.items())
    moments = [state["optimisers"][1]["state"][0]["exp_avg"] for state in (first, again)]
    assert torch.equal(*moments)
    assert train_steps(options, 2, monkeypatch)["step"] == 5
    monkeypatch.setattr(gan, "Sizes", lambda *_: SIZES)
    gan.export(options.out, tmp_path / "published")
    published, version = load_generator(tmp_path / "published")
    last = Run(options.out, {}).load()["average"]
    assert len(version) == 8
    assert torch.equal(published.mapping.leave.weight, last["mapping.leave.weight"].half().float())
    assert train_steps(options, 1, monkeypatch)["step"] == 6
    gan.export(options.out, tmp_path / "between", tmp_path / "published", 0.5)
    between, _ = load_generator(tmp_path / "between")
    new = Run(options.out, {}).load()["average"]["mapping.leave.weight"]
    halfway = (published.mapping.leave.weight + new) / 2
    torch.testing.assert_close(between.mapping.leave.weight, halfway, atol=1e-3, rtol=1e-3)


def test_comparing_the_losses_gives_a_row_and_a_strip_each(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(gan_compare, "load_judge", lambda _: Judge(16).eval())
    codec = gan_compare.PatchAutoencoder(latent_channels=16, width=(8, 8, 8), blocks=(1, 1, 1)).eval()
    monkeypatch.setattr(gan_compare.PatchAutoencoder, "from_pretrained", lambda _: codec)
    monkeypatch.setattr(gan_compare, "SHOWN", 2)
    gan_compare.compare(
        argparse.Namespace(
            data=folder, judge=tmp_path, codec=tmp_path, out=tmp_path / "out", loss=["minimax", "relativistic"],
            minutes=1e-4, batch=4, count=6,
        )
    )  # fmt: skip
    rows = json.loads((tmp_path / "out" / "losses.json").read_text())
    assert [row["loss"] for row in rows] == ["real pictures", "minimax", "relativistic"]
    assert all(row["frechet"] >= 0 for row in rows) and (tmp_path / "out" / "losses.png").exists()


def test_an_attribute_is_inherited_only_where_the_parents_differ():
    assert _whose("red", "red", "blue") == "first" and _whose("blue", "red", "blue") == "second"
    assert _whose("pink", "red", "blue") == "neither" and _whose("red", "red", "red") == "kept"
    assert _whose("red", None, "red") == "not comparable"


def test_dcgan_starts_from_its_own_weights(folder):
    game = tiny_game(None, replace(RECIPES["dcgan"], initial=0.02), gan_game.Weights())
    assert game.generator.mapping.enter.weight.std().item() == pytest.approx(0.02, rel=0.2)
