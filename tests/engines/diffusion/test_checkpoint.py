"""Loading checkpoints: what is refused, and how it is said."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from engines.contract import EngineOptions, ModelUnavailable
from engines.diffusion.checkpoint import WORKSPACE, fit, load_checkpoint, place
from engines.diffusion.plan import Facts


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    return shutil.copytree(checkpoint, tmp_path / "copy")


def refuse(options: EngineOptions, folder: Path, sentence: str) -> None:
    with pytest.raises(ModelUnavailable, match=sentence):
        load_checkpoint(replace(options, picture_model=str(folder)))


def test_a_folder_says_what_it_is_made_for(options: EngineOptions) -> None:
    pipeline, facts = load_checkpoint(options)
    assert facts == Facts("tiny", 64, 64, 8, 32, 128, num_inference_steps=3, guidance_scale=2.0)
    assert pipeline.unet.dtype == torch.float32


def test_without_a_word_of_ours_the_pipeline_s_own_defaults_hold(options: EngineOptions, copy: Path) -> None:
    (copy / "huashen.json").unlink()
    _, facts = load_checkpoint(replace(options, picture_model=str(copy)))
    assert (facts.num_inference_steps, facts.guidance_scale) == (50, 7.5)


def test_a_corrupt_weight_file_is_named(options: EngineOptions, copy: Path) -> None:
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    refuse(options, copy, rf"{weights} is corrupt, restore it")


def test_a_missing_weight_file_is_refused(options: EngineOptions, copy: Path) -> None:
    (copy / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    refuse(options, copy, "cannot be loaded")


def test_pickled_weights_are_never_opened(options: EngineOptions, copy: Path) -> None:
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.unlink()
    torch.save({}, weights.with_suffix(".bin"))
    refuse(options, copy, "cannot be loaded")


def test_a_folder_of_something_else(options: EngineOptions, tmp_path: Path) -> None:
    refuse(options, tmp_path, r"no model_index\.json")
    refuse(options, tmp_path / "nowhere", "does not exist")


def test_an_unreadable_word_of_ours(options: EngineOptions, copy: Path) -> None:
    (copy / "huashen.json").write_text("{")
    refuse(options, copy, r"huashen\.json is not readable JSON")


def test_options_that_this_machine_cannot_follow(options: EngineOptions) -> None:
    for change, sentence in [
        ({"device": "cuda:7"}, "'cuda:7' is not there"),
        ({"dtype": "int4"}, "'int4' is not one of auto, float32"),
        ({"offload": "disk"}, "'disk' is not one of auto, none"),
    ]:
        with pytest.raises(ModelUnavailable, match=sentence):
            load_checkpoint(replace(options, **change))


def test_offload_by_what_fits() -> None:
    gigabyte = 1024**3
    assert fit(24 * gigabyte, whole=7 * gigabyte, largest=5 * gigabyte) == "none"
    assert fit(10 * gigabyte, whole=7 * gigabyte, largest=5 * gigabyte) == "model"
    assert fit(6 * gigabyte, whole=7 * gigabyte, largest=5 * gigabyte) == "sequential"
    assert fit(WORKSPACE, whole=0, largest=0) == "none"


class FakePipeline:
    """Notes where it is put: this machine need not have a GPU."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.vae = SimpleNamespace(
            enable_slicing=lambda: self.calls.append("slicing"), enable_tiling=lambda: self.calls.append("tiling")
        )

    def to(self, device: torch.device) -> None:
        self.calls.append(f"to {device}")

    def enable_model_cpu_offload(self, device: torch.device) -> None:
        self.calls.append(f"model {device}")

    def enable_sequential_cpu_offload(self, device: torch.device) -> None:
        self.calls.append(f"sequential {device}")


@pytest.mark.parametrize(
    ("offload", "calls"),
    [
        ("none", ["to cuda", "slicing"]),
        ("model", ["model cuda", "slicing", "tiling"]),
        ("sequential", ["sequential cuda", "slicing", "tiling"]),
    ],
)
def test_what_is_done_on_a_gpu(offload: str, calls: list[str]) -> None:
    pipeline = FakePipeline()
    place(pipeline, torch.device("cuda"), offload)
    assert pipeline.calls == calls
