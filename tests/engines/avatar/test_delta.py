"""Weights kept as a base and what changed since."""

import pytest
import torch
from safetensors.torch import save_file

from engines.avatar import delta


@pytest.fixture
def before(tmp_path):
    torch.manual_seed(0)
    weights = {"kernel": torch.randn(8, 4, 3, 3), "matrix": torch.randn(6, 5), "bias": torch.randn(8)}
    save_file({name: value.half() for name, value in weights.items()}, tmp_path / delta.BASE)
    return weights


def test_what_is_read_is_what_was_written_to_within_half_a_step(before, tmp_path):
    after = {name: value + 0.1 * torch.randn_like(value) for name, value in before.items()}
    delta.write_delta(tmp_path, after, 0.05)
    read = delta.read_whole(tmp_path)
    assert read.keys() == after.keys() and all(value.dtype == torch.float16 for value in read.values())
    for name in ("kernel", "matrix"):
        step = 0.05 * before[name].flatten(1).square().mean(dim=1).sqrt()
        gap = (read[name].float() - after[name]).flatten(1).abs().amax(dim=1)
        assert (gap <= 0.51 * step + 2e-3).all()
    assert torch.equal(read["bias"], after["bias"].half())  # vectors are few: they are kept whole


def test_what_is_new_or_has_grown_is_kept_whole_and_what_is_gone_is_gone(before, tmp_path):
    after = {"kernel": before["kernel"], "matrix": torch.randn(6, 9), "more": torch.randn(2, 2)}
    delta.write_delta(tmp_path, after, 0.05)
    read = delta.read_whole(tmp_path)
    assert read.keys() == after.keys()
    assert torch.equal(read["matrix"], after["matrix"].half()) and torch.equal(read["more"], after["more"].half())
    assert torch.equal(read["kernel"], before["kernel"].half())  # nothing changed there, to the last bit


def test_no_change_is_too_large_and_no_row_too_small_for_it(tmp_path):
    base = torch.randn(3, 50)
    base[1] = 0  # a row that was nothing
    save_file({"matrix": base.half()}, tmp_path / delta.BASE)
    after = base.clone()
    after[0, 7] += 30
    after[1] = 0.3
    delta.write_delta(tmp_path, {"matrix": after}, 0.1)
    read = delta.read_whole(tmp_path)["matrix"].float()
    assert torch.isfinite(read).all() and read[0, 7] == pytest.approx(float(after[0, 7]), abs=0.15)
    assert torch.allclose(read[1], after[1], atol=0.01)


def test_factors_are_added_and_vectors_take_the_place_of_the_old_ones(before, tmp_path):
    delta.write_delta(tmp_path, before, 0.05)
    whole = delta.read_whole(tmp_path)
    up, down, bias = torch.randn(8, 2), torch.randn(2, 36), torch.randn(8)
    file = delta.factors_of(tmp_path / delta.DELTA)
    delta.write_factors(file, {f"kernel{delta.UP}": up, f"kernel{delta.DOWN}": down, "bias": bias}, 0.02)
    read = delta.read_whole(tmp_path)
    change = read["kernel"].float() - whole["kernel"].float()
    assert (change.flatten(1) - up @ down).abs().max() < 0.02 * (up @ down).abs().max()
    assert torch.equal(read["bias"], bias.half()) and torch.equal(read["matrix"], whole["matrix"])
    with pytest.raises(KeyError):
        delta.write_factors(file, {f"other{delta.UP}": up, f"other{delta.DOWN}": down}, 0.02)
        delta.read_whole(tmp_path)


def test_a_change_costs_less_than_its_weights(before, tmp_path):
    import zlib

    base = {"matrix": torch.randn(512, 512)}
    save_file({"matrix": base["matrix"].half()}, tmp_path / delta.BASE)
    delta.write_delta(tmp_path, {"matrix": base["matrix"] + 0.1 * torch.randn(512, 512)}, 0.1)
    whole, change = (len(zlib.compress((tmp_path / name).read_bytes())) for name in (delta.BASE, delta.DELTA))
    assert change < 0.3 * whole
