"""Adapters are swapped a request at a time, change nothing for others, and never lead outside their folder."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from engines.contract import EngineOptions, InvalidInput, Message, ModelUnavailable, TextGeneration, Texts
from engines.text import adapters
from engines.text.engine import TextEngine, load

ASK = TextGeneration((Message("system", "Be brief."), Message("user", "snow")), 3, max_new_tokens=12, seed=5)
OWN = "discord.1/20260101T000000"
OTHER = "discord.2/20260101T000000"


def make(tones: Path, name: str, tiny_folder: Path, seed: int) -> Path:
    """An adapter that says something else than the model does."""
    torch.manual_seed(seed)
    model: Any = AutoModelForCausalLM.from_pretrained(tiny_folder)
    model = get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False))
    folder = tones / name
    model.save_pretrained(folder)
    (folder / adapters.CARD).write_text(json.dumps({"base": str(tiny_folder)}))
    return folder


@pytest.fixture
def voiced(tiny_folder: Path, tmp_path: Path) -> TextEngine:
    """The tiny model with two communities' adapters."""
    for seed, name in enumerate((OWN, OTHER), 1):
        make(tmp_path / adapters.FOLDER, name, tiny_folder, seed)
    engine = load(EngineOptions(tmp_path, text_model=str(tiny_folder), device="cpu", dtype="float32"))
    assert isinstance(engine, TextEngine)
    return engine


def run(engine: TextEngine, *batch: TextGeneration) -> list[Any]:
    return list(engine.run(batch, lambda index, progress: None, lambda index: False))


def test_each_request_gets_its_own_adapter_whatever_is_beside_it(voiced: TextEngine) -> None:
    asks = [ASK, replace(ASK, adapter=OWN), replace(ASK, adapter=OTHER)]
    alone = [run(voiced, ask)[0].texts for ask in asks]
    assert len(set(alone)) == 3
    assert [answer.texts for answer in run(voiced, *asks)] == alone
    assert [answer.texts for answer in run(voiced, *reversed(asks))] == alone[::-1]
    assert len({voiced.batch_key(ask) for ask in asks}) == 3


def test_without_an_adapter_the_model_is_what_it_was(voiced: TextEngine, tiny: TextEngine) -> None:
    before = {name: value.clone() for name, value in voiced._decoder.model.state_dict().items()}
    run(voiced, replace(ASK, adapter=OWN))
    assert run(voiced, ASK)[0].texts == run(tiny, ASK)[0].texts
    assert all(torch.equal(value, before[name]) for name, value in voiced._decoder.model.state_dict().items())


def test_merged_it_writes_what_peft_writes(voiced: TextEngine, tiny_folder: Path, tmp_path: Path) -> None:
    unmerged = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(tiny_folder), str(tmp_path / adapters.FOLDER / OWN)
    )
    merged = voiced._adapters.decoder(OWN).model
    ids = torch.arange(20)[None]
    with torch.no_grad():
        assert torch.allclose(merged(ids).logits, unmerged(input_ids=ids).logits, atol=1e-4)


def test_copies_are_few_and_share_what_no_adapter_changes(
    voiced: TextEngine, tiny_folder: Path, tmp_path: Path
) -> None:
    make(tmp_path / adapters.FOLDER, "telegram.-3/20260101T000000", tiny_folder, 3)
    for name in (OWN, OTHER, "telegram.-3/20260101T000000"):
        run(voiced, replace(ASK, adapter=name))
    assert list(voiced._adapters._decoders) == [OTHER, "telegram.-3/20260101T000000"]
    own, base = voiced._adapters.decoder(OTHER).model, voiced._decoder.model
    assert own.get_input_embeddings().weight is base.get_input_embeddings().weight
    assert own.model.layers[0].mlp.down_proj.weight is not base.model.layers[0].mlp.down_proj.weight


def test_what_is_trained_later_needs_no_restart(voiced: TextEngine, tiny_folder: Path, tmp_path: Path) -> None:
    later = replace(ASK, adapter="discord.1/20260102T000000")
    assert isinstance(run(voiced, later)[0], ModelUnavailable)
    make(tmp_path / adapters.FOLDER, "discord.1/20260102T000000", tiny_folder, 4)
    assert isinstance(run(voiced, later)[0], Texts)


@pytest.mark.parametrize("name", ["../discord.1/20260101T000000", "/etc", "discord.1", "discord.1/../x", "", "a.b/c"])
def test_a_name_leads_nowhere_else(name: str, voiced: TextEngine) -> None:
    bad, good = run(voiced, replace(ASK, adapter=name), ASK)
    assert isinstance(bad, InvalidInput) and isinstance(good, Texts)


def test_what_does_not_fit_is_said_and_nobody_else_suffers(voiced: TextEngine, tmp_path: Path) -> None:
    folder = tmp_path / adapters.FOLDER / OWN
    (folder / adapters.CARD).write_text(json.dumps({"base": "another model"}))
    bad, good = run(voiced, replace(ASK, adapter=OWN), replace(ASK, adapter=OTHER))
    assert isinstance(bad, ModelUnavailable) and "another model" in str(bad) and isinstance(good, Texts)
    other = tmp_path / adapters.FOLDER / "discord.3/20260101T000000"
    other.mkdir(parents=True)
    (other / adapters.CARD).write_text((tmp_path / adapters.FOLDER / OTHER / adapters.CARD).read_text())
    (missing,) = run(voiced, replace(ASK, adapter="discord.3/20260101T000000"))
    assert isinstance(missing, ModelUnavailable) and "safetensors" in str(missing)
    (other / adapters.WEIGHTS).write_bytes(b"not a tensor")
    (other / "adapter_config.json").write_text((tmp_path / adapters.FOLDER / OTHER / "adapter_config.json").read_text())
    assert isinstance(run(voiced, replace(ASK, adapter="discord.3/20260101T000000"))[0], ModelUnavailable)
