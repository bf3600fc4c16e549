"""Steps along a way: their arithmetic, where they begin and what counts in them."""

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import diffusion, steps, ways
from engines.training.conditions import tokens_of
from tests.engines.training.test_distil import ROBOT, teacher  # noqa: F401 - a fixture


def test_the_v_between_two_points_leads_from_one_to_the_other():
    _, alpha, sigma = ways.angles()
    point, goal = torch.randn(2, 3), torch.randn(2, 3)
    at, to = (alpha[2], sigma[2]), (alpha[4], sigma[4])
    v = steps.v_between(point, goal, at, to)
    assert torch.allclose(steps.step_to(point, v, at, to), goal, atol=1e-4)


def test_a_step_is_the_first_order_scheduler_s():
    scheduler = diffusion.build_scheduler(solver_order=1)
    scheduler.set_timesteps(4)
    _, alpha, sigma = ways.angles(4)
    point, v = torch.randn(1, 2, 3, 3), torch.randn(1, 2, 3, 3)
    for i, timestep in enumerate(scheduler.timesteps):
        mine = steps.step_to(point, v, (alpha[i], sigma[i]), (alpha[i + 1], sigma[i + 1]))
        assert torch.allclose(scheduler.step(v, timestep, point).prev_sample, mine, atol=1e-4)
        point = mine


def test_a_student_that_is_the_teacher_has_nothing_to_learn_where_it_needs_no_guidance(teacher):  # noqa: F811
    unet = ways.load_unet(teacher).eval()
    tokens = tokens_of([ROBOT, {}])
    torch.manual_seed(0)
    with torch.no_grad():
        way = ways.teacher_way(unet, torch.randn(2, 16, 16, 16), tokens, guidance=1.0, rescale=0.0)
        ones = torch.ones(16, 16, 16)
        last = torch.full((2,), ways.POINTS - 1)  # the solver's last step is of the first order, like the student's
        first = torch.zeros(2, dtype=torch.long)
        assert steps.way_loss(unet, way, tokens, last, ones, stride=1, own=0.0)[0] < 1e-5
        assert steps.way_loss(unet, way, tokens, first, ones, stride=1, own=0.0)[0] < 1e-5
        for rescale in (0.0, 0.7):
            guided = ways.teacher_way(unet, way[:, 0], tokens, 3.0, rescale)
            assert not torch.allclose(guided[0, -1], way[0, -1], atol=1e-2)
            assert torch.allclose(guided[1, -1], way[1, -1], atol=1e-3)  # nothing was asked: nothing to guide to


def test_places_with_something_to_draw_count_more_and_flat_ones_alike():
    pictures = torch.zeros(1, 16, 4, 4)
    pictures[:, :3] = torch.randn(1, 3, 1, 1)  # a colour is no detail
    pictures[0, 5, 1, 2] = 1.0
    weights = steps.detail_weights(pictures, 2.0)
    assert weights.mean() == pytest.approx(1) and weights[0, 0, 1, 2] == pytest.approx(9 * float(weights[0, 0, 0, 0]))
    assert torch.equal(steps.detail_weights(pictures, 0.0), torch.ones(1, 1, 4, 4))


def test_starts_lie_on_the_few_step_schedule_as_often_as_asked():
    torch.manual_seed(0)
    starts = steps.draw_starts(4000, 2, 0.5)
    assert starts.min() == 0 and starts.max() == ways.POINTS - 1
    assert (starts % 2 == 0).float().mean() == pytest.approx(0.75, abs=0.03)
