"""An image-to-text model of the owner's choice, by folder or hub name: captioners and vision-language models.

It writes the sentence; what kind of picture it is and which attributes can be read stay with the embedded networks.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, cast

import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoProcessor, AutoTokenizer

from engines import hub
from engines.contract import Description, EngineOptions, ModelUnavailable, OutOfMemory
from engines.device import choose_device, choose_dtype
from engines.vision.assets import ASSETS
from engines.vision.describe import Describer, Networks, load_networks

WORDS = 60
"""Tokens that are written at most: a sentence, and an end to it."""
ASK = "Describe this picture in one sentence, for somebody who cannot see it."


class Configured(Describer):
    """Describes pictures with one transformers model; see engines.contract.Engine."""

    max_batch = 1

    def __init__(self, name: str, networks: Networks, reader: Any, writer: Any, model: Any) -> None:
        """`reader` makes the model's inputs of a picture, `writer` its tokens a text."""
        super().__init__(networks)
        self.name = name
        self._reader, self._writer, self._model = reader, writer, model.eval()

    @torch.inference_mode()
    def describe(self, picture: Image.Image) -> Description:
        """The model's sentence, with the mean probability of its tokens."""
        began, looked = time.perf_counter(), super().describe(picture)
        try:
            text, sure = self._sentence(picture)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(f"The device has not enough memory for {self.name}.") from error
        if not text:
            return looked
        return replace(looked, text=text, confidence=sure, model=self.name, seconds=time.perf_counter() - began)

    def _sentence(self, picture: Image.Image) -> tuple[str, float]:
        inputs = self._inputs(picture).to(self._model.device, self._model.dtype)
        made = self._model.generate(
            **inputs, do_sample=False, max_new_tokens=WORDS, return_dict_in_generate=True, output_scores=True
        )
        written = made.sequences[:, -len(made.scores) :]  # without a prompt that some models repeat
        steps = [row[0].float().softmax(-1)[token] for row, token in zip(made.scores, written[0], strict=True)]
        text: str = self._writer.decode(written[0], skip_special_tokens=True)
        text = " ".join(text.split())
        return text[:1].upper() + text[1:], round(float(torch.stack(steps).mean()), 4)

    def _inputs(self, picture: Image.Image) -> Any:
        if not getattr(self._reader, "chat_template", None):
            return self._reader(images=picture, return_tensors="pt")
        asked = [{"role": "user", "content": [{"type": "image", "image": picture}, {"type": "text", "text": ASK}]}]
        return self._reader.apply_chat_template(
            asked, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
        )


def load(options: EngineOptions) -> Configured:
    """Load the model of the options, on the device that they choose; ModelUnavailable where that cannot be."""
    where = hub.locate(options.caption_model)
    device = choose_device(options)
    dtype = choose_dtype(options, device)

    def read(local_files_only: bool) -> tuple[Any, Any, Any]:
        how: dict[str, Any] = {"local_files_only": local_files_only, "trust_remote_code": False}
        reader, writer = _processors(where, how)
        model = AutoModelForImageTextToText.from_pretrained(where, dtype=dtype, use_safetensors=True, **how)
        return reader, writer, model

    try:
        reader, writer, model = hub.read_model(where, read)
    except ModelUnavailable:
        raise
    except Exception as error:  # transformers, safetensors and the hub each raise their own kinds
        hint = "Check the name or path, and that its files are complete."
        raise ModelUnavailable(
            f"The image-to-text model {where} cannot be loaded ({type(error).__name__}). {hint}"
        ) from error
    return Configured(options.caption_model, load_networks(ASSETS), reader, writer, model.to(device))


def _processors(where: Any, how: dict[str, Any]) -> tuple[Any, Any]:
    """One processor for both ways, or, for plain captioners, one that reads pictures and a tokenizer that writes."""
    processor = cast(Any, AutoProcessor).from_pretrained(where, **how)
    if hasattr(processor, "image_processor") and hasattr(processor, "tokenizer"):
        return processor, processor.tokenizer
    return cast(Any, AutoImageProcessor).from_pretrained(where, **how), AutoTokenizer.from_pretrained(where, **how)
