import os
import tempfile
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from engines.contract import Engine, EngineOptions
from engines.text import engine as text_engine

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instruct model of random weights that reads and writes bytes: the whole engine in milliseconds."""
    folder = tmp_path_factory.mktemp("tiny")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({character: place for place, character in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>"
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        initializer_range=0.3,  # sharp enough that what comes next depends on what came before
        bos_token_id=fast.bos_token_id,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture
def tiny(tiny_folder: Path, tmp_path: Path) -> text_engine.TextEngine:
    """A fresh engine over the tiny model."""
    engine = text_engine.load(EngineOptions(tmp_path, text_model=str(tiny_folder), device="cpu", dtype="float32"))
    assert isinstance(engine, text_engine.TextEngine)
    return engine


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Where the embedded model is prepared once and found again by the next run."""
    given = os.environ.get("HUASHEN_TEST_CACHE")
    return Path(given) if given else Path(tempfile.gettempdir()) / "huashen-test-cache"


@pytest.fixture(scope="session")
def embedded_engine(cache_dir: Path) -> Engine:
    """The real embedded model."""
    return text_engine.load(EngineOptions(cache_dir, device="cpu", dtype="float32"))
