"""The nearest training character: a copy is found whatever its colours and side, a stranger lies away."""

import json

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import evaluate
from engines.training.attributes import ATTRIBUTES
from engines.training.latents import PARTS, LatentCharacters
from engines.training.nearest import look_up


@pytest.fixture
def data(tmp_path):
    shape, count = [16, 16, 16], 230  # more than one chunk
    noise = np.random.default_rng(0).normal(size=(count, PARTS, *shape)).astype(np.float16)
    (tmp_path / "parts.f16").write_bytes(noise.tobytes())
    signs = [1, -1] * 8
    facts = {
        "shape": shape,
        "mirror_signs": signs,
        "scale": [1.5] * 16,
        "characters": [{"slots": [], "labels": {}}] * count,
    }
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    return LatentCharacters(tmp_path)


@pytest.mark.parametrize(("index", "mirrored"), [(3, False), (225, True)])
def test_a_copy_is_found_in_any_colours_and_mirrored(data, index, mirrored):
    weights = torch.cat([torch.ones(1), torch.rand(PARTS - 1)])
    copied = (weights @ torch.from_numpy(data.parts[index].astype(np.float32)).view(PARTS, -1)).view(1, *data.shape)
    if mirrored:
        copied = copied.flip(-1) * data.signs[:, None, None]
    levels, found, near = look_up(data, torch.cat([copied, torch.randn(1, *data.shape)]))
    assert found[0] == index and levels[0] < 0.2 < levels[1]
    assert torch.allclose(near[0], copied[0], atol=0.05)


def test_prompts_of_ordinary_people_are_labelled_with_what_there_is():
    prompts, labels = evaluate.ordinary_prompts()
    assert len(prompts) == len(set(prompts)) >= 120
    for one in labels:
        assert one["kind"] in evaluate.KINDS.values()
        assert all(value in ATTRIBUTES[name] for name, value in one.items() if name != "kind")


def test_kinds_are_told_from_styles():
    def judge(latents):
        return None, [torch.eye(4)[latents.long()]]

    labels = [{"style": "cartoon"}, {"kind": "person"}, {"kind": "robot"}, {"background": "red"}]
    assert evaluate.kinds(judge, torch.tensor([1, 0, 3, 2]), labels) == pytest.approx(2 / 3)
