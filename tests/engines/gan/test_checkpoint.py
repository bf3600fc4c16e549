"""The generator's files: whole ones load, others say what to do."""

import json

import pytest
import torch

from engines.avatar import embedded
from engines.contract import ModelUnavailable
from engines.gan.checkpoint import ASSETS, load_generator
from engines.gan.networks import WEIGHTS, Generator
from tests.engines.gan import tiny


@pytest.fixture
def assets(tmp_path):
    return tiny.save_assets(tmp_path / "gan", 16)


def test_what_was_saved_is_loaded(assets):
    generator, version = load_generator(assets)
    assert version == "0123abcd" and not generator.training
    styles = torch.randn(1, 6, 8)
    assert torch.equal(generator.synthesis(styles), Generator.load(assets).synthesis(styles))


def test_a_missing_file_is_named_with_the_remedy(assets):
    (assets / WEIGHTS).unlink()
    with pytest.raises(ModelUnavailable, match=r"generator\.safetensors is missing; restore it .*git checkout"):
        load_generator(assets)


def test_a_damaged_file_is_not_loaded(assets):
    with (assets / WEIGHTS).open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"\xff\xff\xff\xff")
    with pytest.raises(ModelUnavailable, match="corrupt"):
        load_generator(assets)


def test_a_manifest_without_its_version_is_not_believed(assets):
    manifest = json.loads((assets / "manifest.json").read_text())
    del manifest["version"]
    (assets / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelUnavailable, match="corrupt"):
        load_generator(assets)


def test_the_published_weights_are_whole_small_and_fit_the_text_encoder():
    generator, _ = load_generator()
    config = json.loads((embedded.ASSETS / "text_encoder" / "config.json").read_text(encoding="utf-8"))
    sizes = [len(values) + 1 for _, values in config["attributes"]]
    assert generator.sizes.condition == -(-sum(sizes) // 16) * 16
    assert sum(file.stat().st_size for file in ASSETS.iterdir()) < 9e6
