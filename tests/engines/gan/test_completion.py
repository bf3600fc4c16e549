"""The seed decides what a prompt leaves open, as a character that agrees with the rest has it."""

import pytest
import torch

from engines.gan.completion import Examples

# Attributes: kind (person, robot), hair (red, blue), colour (green, gray); each with a place for 'unspecified'.
PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY = [0, 0, 2], [0, 1, 2], [1, 2, 0], [1, 2, 1]


@pytest.fixture
def examples():
    labels = torch.tensor([PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY], dtype=torch.uint8)
    return Examples(labels, (3, 3, 3))


def condition_of(*values):
    condition = torch.zeros(16)
    for i, value in enumerate(values):
        condition[3 * i + value] = 1
    return condition


def test_nothing_asked_for_may_become_anybody_but_somebody_whole(examples):
    seen = {tuple(examples.complete(condition_of(2, 2, 2), seed).nonzero()[:, 0].tolist()) for seed in range(40)}
    whole = {tuple(3 * i + v for i, v in enumerate(row)) for row in (PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY)}
    assert seen == whole


def test_what_was_asked_for_stays_and_the_rest_agrees_with_it(examples):
    for seed in range(20):
        completed = examples.complete(condition_of(1, 2, 2), seed)
        assert torch.equal(completed[:3], condition_of(1, 2, 2)[:3])
        assert completed[5] == 1  # a robot has no hair
        assert completed[8] == 0 and completed[6:8].sum() == 1


def test_a_contradiction_is_kept_as_it_was_asked(examples):
    completed = examples.complete(condition_of(1, 0, 2), 3)  # a robot with red hair
    assert completed[1] == 1 and completed[3] == 1


def test_doubt_is_only_filled_as_far_as_it_goes(examples):
    condition = condition_of(1, 2, 2)
    condition[6], condition[8] = 0.75, 0.25
    completed = examples.complete(condition, 0)
    assert completed[6:9].sum() == pytest.approx(1) and completed[6] >= 0.75 and completed[8] == 0


def test_a_seed_chooses_always_the_same(examples):
    nothing = condition_of(2, 2, 2)
    assert torch.equal(examples.complete(nothing, 7), examples.complete(nothing, 7))
