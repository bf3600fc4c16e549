"""Communities' voices: LoRA adapters (Hu et al. 2021, arXiv:2106.09685) of the text model, loaded when first asked for.

    <data_dir>/tones/<community>/<version>/    adapter_config.json, adapter_model.safetensors, tone.json, README.md

A request names one as '<community>/<version>'. A version is written once and never changed, so that a newly trained
one is another name and needs no restart. Its weights are merged into a copy of the layers that it changes: unmerged,
seven small products beside each layer's own make a step on a CPU about a third slower. What it does not change, the
copy shares with the model itself, which is never touched.
"""

from __future__ import annotations

import copy
import json
import re
from collections import OrderedDict
from pathlib import Path
from typing import Any

from engines.contract import InvalidInput, ModelUnavailable
from engines.text.decoding import Decoder

FOLDER = "tones"
CARD = "tone.json"
WEIGHTS = "adapter_model.safetensors"
KEPT = 2
"""Merged copies in memory: 210 MB each for the embedded model in 16 bits, 420 MB in 32."""
_NAME = re.compile(r"[a-z]+\.[A-Za-z0-9_-]{1,120}/\d{8}T\d{6}")


class Adapters:
    """The adapters of one loaded model, each with its own decoder: what a decoder keeps is one model's alone."""

    def __init__(self, folder: Path, base: str, plain: Decoder) -> None:
        """`folder` holds all communities' adapters, `base` is the model's name, `plain` decodes without any."""
        self._folder, self._base, self._plain = folder, base, plain
        self._decoders: OrderedDict[str, Decoder] = OrderedDict()

    def decoder(self, name: str | None) -> Decoder:
        """Return what decodes with one adapter, or with none; raise InvalidInput or ModelUnavailable."""
        if name is None:
            return self._plain
        if name in self._decoders:
            self._decoders.move_to_end(name)
            return self._decoders[name]
        if not _NAME.fullmatch(name):
            raise InvalidInput("An adapter is named '<community>/<version>'.")
        folder = self._folder / name
        check(folder, self._base)
        while len(self._decoders) >= KEPT:
            self._decoders.popitem(last=False)
        self._decoders[name] = self._plain.of(merged(self._plain.model, folder))
        return self._decoders[name]


def check(folder: Path, base: str) -> None:
    """Raise ModelUnavailable unless `folder` holds an adapter for the model `base`, in safetensors."""
    try:
        made_for = json.loads((folder / CARD).read_text(encoding="utf-8"))["base"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"There is no adapter at {folder}.") from error
    if made_for != base:
        raise ModelUnavailable(f"The adapter at {folder} was trained for {made_for}, not for {base}: train it again.")
    if not (folder / WEIGHTS).is_file():  # peft would look for a pickle next
        raise ModelUnavailable(f"{folder / WEIGHTS} is missing: train the tone again.")


def merged(model: Any, folder: Path) -> Any:
    """Return `model` with the adapter of `folder` merged into copies of its linear layers; all else is shared."""
    from peft import PeftModel
    from torch import nn

    head = model.get_output_embeddings()
    copied = {
        id(parameter)
        for module in model.modules()
        if isinstance(module, nn.Linear) and module is not head
        for parameter in module.parameters(recurse=False)
    }
    shared = {id(each): each for each in (*model.parameters(), *model.buffers()) if id(each) not in copied}
    twin = copy.deepcopy(model, shared)
    try:
        return PeftModel.from_pretrained(twin, str(folder)).merge_and_unload(safe_merge=True).eval()
    except Exception as error:  # peft, safetensors and torch each raise their own kinds
        raise ModelUnavailable(f"The adapter at {folder} does not fit this model: {error}") from error
