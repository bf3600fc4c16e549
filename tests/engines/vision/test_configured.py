"""An image-to-text model of transformers from a folder: its sentence, our reading of kind and attributes."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    PreTrainedTokenizerFast,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)

from engines.contract import Description, EngineOptions, ImageToText, ModelUnavailable
from engines.vision import configured
from engines.vision.engine import load
from tests.engines.vision.tiny import networks, png

WORDS = {"[PAD]": 0, "[UNK]": 1, "[SEP]": 2, "a": 3, "knight": 4}


def saved(folder: Path) -> Path:
    """A tiny captioner on disk that writes 'knight' until it may write no more."""
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        ViTConfig(image_size=16, patch_size=8, **sizes),
        BertConfig(vocab_size=len(WORDS), is_decoder=True, add_cross_attention=True, **sizes),
    )
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 0, 2
    model = VisionEncoderDecoderModel(config)
    model.decoder.cls.predictions.bias.data[WORDS["knight"]] = 9.0
    model.generation_config.decoder_start_token_id = 2
    model.generation_config.pad_token_id, model.generation_config.eos_token_id = 0, 2
    model.save_pretrained(folder)
    ViTImageProcessor(size={"height": 16, "width": 16}).save_pretrained(folder)
    words = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", sep_token="[SEP]")
    fast.save_pretrained(folder)
    return folder


def options(folder: Path) -> EngineOptions:
    return EngineOptions(Path("data"), caption_model=str(folder), device="cpu", dtype="float32")


def test_the_owners_model_writes_and_ours_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "load_networks", lambda _: networks())
    engine = load(options(saved(tmp_path)))
    answers = engine.run([ImageToText(png()), ImageToText(b"x")], lambda *_: None, lambda _: False)
    told, broken = answers
    assert isinstance(told, Description) and not isinstance(broken, Description)
    assert told.text.startswith("Knight knight") and told.model == str(tmp_path)
    assert told.kind == "avatar" and told.attributes["style"] == "robot"
    assert 0.9 < told.confidence <= 1


def test_a_folder_without_a_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load(options(tmp_path))
