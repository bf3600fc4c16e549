"""The registry: names to models, without importing any."""

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engines.contract import (
    TASK_OF,
    EngineOptions,
    FeatureExtraction,
    ImageToText,
    ModelUnavailable,
    TextGeneration,
    TextToImage,
)
from engines.registry import MODELS, configure, resolve

OPTIONS = EngineOptions(Path("data"))


def test_importing_the_registry_and_the_host_imports_no_model_library() -> None:
    heavy = "{'torch', 'numpy', 'transformers', 'diffusers', 'onnxruntime', 'PIL'}"
    code = f"import sys, engines.registry, engines.host.process; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_every_task_of_the_contract_has_a_model() -> None:
    assert {spec.task for spec in MODELS.values()} == set(TASK_OF.values())
    assert all(spec.weights for spec in MODELS.values())


def test_default_is_what_the_options_say() -> None:
    assert resolve(TextToImage("a"), OPTIONS) is MODELS["text-to-image", "embedded"]
    spec = resolve(TextToImage("a"), replace(OPTIONS, picture_model="stabilityai/sd-turbo"))
    assert spec == replace(
        MODELS["text-to-image", "embedded"], name="stabilityai/sd-turbo", weights="from the settings"
    )
    spec = resolve(ImageToText(b""), replace(OPTIONS, caption_model="a/captioner"))
    assert (spec.name, spec.lane, MODELS["image-to-text", "embedded"].lane) == ("a/captioner", "main", "light")
    assert configure(spec, OPTIONS).caption_model == "a/captioner"
    spec = resolve(TextGeneration(()), replace(OPTIONS, text_model="/models/qwen"))
    assert spec == replace(MODELS["text-generation", "embedded"], name="/models/qwen", weights="from the settings")


def test_a_request_may_name_the_embedded_or_the_configured_model_only() -> None:
    options = replace(OPTIONS, picture_model="stabilityai/sd-turbo")
    assert resolve(TextToImage("a", model="embedded"), options).name == "embedded"
    assert resolve(TextToImage("a", model="stabilityai/sd-turbo"), options).name == "stabilityai/sd-turbo"
    with pytest.raises(ModelUnavailable, match=r"named '/etc/passwd'\. Known: embedded, gan, stabilityai/sd-turbo"):
        resolve(TextToImage("a", model="/etc/passwd"), options)


def test_a_model_is_loaded_under_its_own_name_and_the_light_lane_on_the_cpu() -> None:
    options = replace(OPTIONS, picture_model="stabilityai/sd-turbo", device="cuda", threads=8)
    embedded = configure(MODELS["text-to-image", "embedded"], options)
    assert (embedded.picture_model, embedded.device, embedded.threads) == ("embedded", "cuda", 8)
    light = configure(resolve(FeatureExtraction(("a",)), options), options)
    assert (light.device, light.dtype, light.threads) == ("cpu", "float32", 1)


def test_the_table_travels_to_a_child_by_name() -> None:
    assert pickle.loads(pickle.dumps(MODELS)) == MODELS
