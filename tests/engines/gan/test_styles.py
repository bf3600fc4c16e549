"""Styles: truncation towards the prompt's average, what children take from whom, and an even path."""

import pytest
import torch

from engines.gan import morph, styles
from engines.gan.networks import LAYERS, ModulatedConv
from tests.engines.gan import tiny


@pytest.fixture(scope="module")
def generator():
    torch.manual_seed(0)
    return tiny.make_generator(16)


@pytest.fixture(scope="module")
def parents(generator):
    made = generator.synthesis(torch.randn(4, LAYERS, 8))
    return [styles.read_parent(generator, latents + 0.3 * torch.randn(4, 16, 16)) for latents in made]


def test_modulating_the_input_equals_modulating_the_weights():
    torch.manual_seed(0)
    layer, x, style = ModulatedConv(3, 5, 4, up=False), torch.randn(1, 3, 8, 8), torch.randn(1, 4)
    weight = layer.weight * layer.affine(style)[0][None, :, None, None]  # equation 1
    weight = weight / (weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()  # equation 3
    plain = torch.nn.functional.conv2d(x, weight, layer.bias, padding=1)
    assert torch.allclose(layer(x, style), torch.nn.functional.leaky_relu(plain, 0.2) * 2**0.5, atol=1e-5)


def test_truncation_draws_towards_the_average_of_the_prompt(generator):
    condition = torch.randn(16)
    average, half, whole = (styles.draw_styles(generator, condition, 3, psi) for psi in (0.0, 0.5, 1.0))
    assert torch.allclose(half, (average + whole) / 2, atol=1e-6)
    assert torch.equal(average, styles.draw_styles(generator, condition, 4, 0.0))
    assert not torch.allclose(average, styles.draw_styles(generator, -condition, 3, 0.0), atol=1e-3)


def test_nine_neighbours_have_something_of_both_and_none_is_another():
    family = [styles.choose_shares(seed, (None, None, None)) for seed in range(100, 109)]
    assert len(set(family)) == 9
    for shares in family:
        assert min(shares) < 0.3 and max(shares) > 0.7
    assert styles.choose_shares(5, (0.5, None, 1.0))[0::2] == (0.5, 1.0)


def test_a_group_from_the_second_parent_leaves_the_others_alone(generator, parents):
    first, second = parents[:2]
    plain = [styles.Parent(p.styles, torch.zeros(4, 16, 16)) for p in (first, second)]
    child = styles.breed(generator, *plain, (0.0, 0.0, 1.0))
    wanted = generator.synthesis(torch.cat([first.styles[:4], second.styles[4:]])[None])[0]
    assert torch.allclose(child, wanted, atol=1e-5)


def test_detail_of_a_parent_is_gone_half_way():
    assert styles.kept(0) == 1 and styles.kept(0.5) == styles.kept(1) == 0
    assert 0 < styles.kept(0.25) < 0.5


def test_a_spline_passes_its_points_and_closes():
    points = torch.randn(4, 3)
    assert torch.allclose(morph.spline(points, torch.arange(5.0)), points[[0, 1, 2, 3, 0]], atol=1e-6)
    before, at, after = morph.spline(points, torch.tensor([3.999, 4.0, 4.001]))
    assert torch.allclose(at - before, after - at, atol=1e-4)


def test_frames_are_shared_out_by_length():
    assert morph.share_out([1.0, 1.0, 2.0], 46) == [12, 12, 22]
    assert sum(morph.share_out([1.0, 1.1, 2.3, 0.7], 41)) == 41
    assert morph.share_out([0.0, 5.0], 12) == [2, 10]
    assert morph.share_out([0.0, 0.0], 12) == [6, 6]


@pytest.mark.parametrize(("count", "frames"), [(2, 12), (3, 60), (4, 40)])
def test_no_frame_of_a_loop_jumps_and_every_parent_is_in_it(generator, parents, count, frames):
    chosen = parents[:count]
    loop = torch.stack(morph.trace(generator, chosen, frames, torch.ones(4)))
    assert len(loop) == frames
    steps = (loop - loop.roll(-1, 0)).flatten(1).norm(dim=1)
    assert steps.max() <= 3 * steps.median()
    for parent in chosen:
        own = generator.synthesis(parent.styles[None])[0] + parent.residual
        assert (loop - own).flatten(1).norm(dim=1).min() < 0.02 * own.norm()


def test_a_loop_through_one_picture_twice_stands_still(generator, parents):
    loop = torch.stack(morph.trace(generator, [parents[0], parents[0]], 12, torch.ones(4)))
    assert torch.isfinite(loop).all() and (loop - loop[0]).abs().max() < 0.2 + parents[0].residual.abs().max()
