"""The text encoder of the embedded picture model: a frozen sentence encoder read by one trained slot per attribute.

Each slot looks through the prompt's token states for its attribute (hair colour, background, ...) and answers with
probabilities over that attribute's values and 'unspecified'. Nothing else of a prompt reaches the denoiser: a
bottleneck, so that a word never met in training either lands on a known value or changes nothing. What is left open
may be completed (engines.avatar.completion).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

LATIN = re.compile(r"[A-Za-z]")
SURE = 0.8
"""Probability that counts as understood: small talk gets a faint guess or two, words for a face get 0.9 and more."""


class SlotTextConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """`attributes`: (name, values) in slot order, in a list because JSON files are sorted by key."""

    model_type = "slot_text"

    def __init__(
        self,
        attributes: Sequence[tuple[str, Sequence[str]]] = (("style", ("cartoon",)),),
        bert: Mapping[str, Any] | None = None,
        layers: Sequence[int] = (3, 6),
        width: int = 192,
        depth: int = 2,
        heads: int = 6,
        tokens: int = 48,
        forms: int = 0,
        **kwargs: Any,
    ) -> None:
        """`bert`: the sentence encoder; `layers`: which of its states the slots read; `tokens`: longest prompt.

        `forms` is the number of tokens behind those of the attributes that stay empty: see engines.avatar.forms.
        """
        self.attributes = [[name, list(values)] for name, values in attributes]
        self.bert = dict(bert or BertConfig().to_dict())
        self.layers, self.width, self.depth, self.heads, self.tokens = list(layers), width, depth, heads, tokens
        self.forms = forms
        super().__init__(**kwargs)

    @property
    def hidden_size(self) -> int:
        """Width of an output token: one place per value and per 'unspecified', rounded up to a multiple of 16."""
        places = sum(len(values) + 1 for _, values in self.attributes)
        return -(-places // 16) * 16


class _Reader(nn.Module):
    """One layer: slots read the tokens, consult each other, think."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.answer = nn.Linear(width, width), nn.Linear(width, width)
        self.source = nn.Linear(width, 2 * width)
        self.norm_read, self.norm_talk, self.norm_think = (nn.LayerNorm(width) for _ in range(3))
        self.talk, self.talk_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.think = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def forward(self, slots: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
        key, value = self.source(tokens).chunk(2, dim=-1)
        query = self._split(self.query(self.norm_read(slots)))
        read = F.scaled_dot_product_attention(query, self._split(key), self._split(value), attn_mask=mask)
        slots = slots + self.answer(read.transpose(1, 2).flatten(2))
        q, k, v = self.talk(self.norm_talk(slots)).chunk(3, dim=-1)
        talk = F.scaled_dot_product_attention(self._split(q), self._split(k), self._split(v))
        slots = slots + self.talk_out(talk.transpose(1, 2).flatten(2))
        return slots + cast(Tensor, self.think(self.norm_think(slots)))


class SlotReader(nn.Module):
    """The trained part: token states (B, T, S) and a mask (B, T) to logits per attribute."""

    def __init__(self, config: SlotTextConfig) -> None:
        """Sizes come from the configuration; S is the sentence encoder's width times the layers read."""
        super().__init__()
        states = int(config.bert["hidden_size"]) * len(config.layers)
        self.enter = nn.Sequential(nn.LayerNorm(states), nn.Linear(states, config.width))
        self.slots = nn.Parameter(torch.randn(len(config.attributes), config.width) * 0.5)
        self.layers = nn.ModuleList([_Reader(config.width, config.heads) for _ in range(config.depth)])
        self.norm = nn.LayerNorm(config.width)
        self.outputs = nn.ModuleList([nn.Linear(config.width, len(values) + 1) for _, values in config.attributes])

    def forward(self, states: Tensor, mask: Tensor) -> list[Tensor]:
        """Logits (B, values + 1) per attribute; the last one stands for 'unspecified'."""
        tokens = self.enter(states)
        slots = self.slots.expand(len(states), -1, -1)
        for layer in self.layers:
            slots = layer(slots, tokens, mask[:, None, None, :].bool())
        slots = self.norm(slots)
        return [output(slots[:, i]) for i, output in enumerate(self.outputs)]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a prompt asked for: attribute -> value, with the probability of each."""

    values: dict[str, str]
    probabilities: dict[str, float]


class SlotTextEncoder(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Token ids (B, T) to conditioning tokens (B, attributes + forms, hidden_size), as CLIP's text states elsewhere."""

    config_class = SlotTextConfig
    base_model_prefix = "slot_text"
    _supports_sdpa = True

    def __init__(self, config: SlotTextConfig) -> None:
        """Build the frozen sentence encoder and the slots."""
        super().__init__(config)
        self.bert = BertModel(BertConfig(**config.bert), add_pooling_layer=False)
        self.reader = SlotReader(config)
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        """Leave PyTorch's initialisation alone: every weight is loaded or trained."""

    def states(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Token states (B, T, S) of the layers read, and the mask (B, T) of tokens that are not padding."""
        mask = input_ids != self.config.bert["pad_token_id"]
        hidden = self.bert(input_ids, attention_mask=mask.long(), output_hidden_states=True).hidden_states
        return torch.cat([hidden[layer] for layer in self.config.layers], dim=-1), mask

    def logits(self, input_ids: Tensor) -> list[Tensor]:
        """Logits (B, values + 1) per attribute, the last for 'unspecified'."""
        return cast(list[Tensor], self.reader(*self.states(input_ids)))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> BaseModelOutput | tuple[Tensor]:
        """Conditioning tokens as the first output; the mask is read off the padding, as diffusers passes none."""
        tokens = place([logits.softmax(-1) for logits in self.logits(input_ids)], self.config.hidden_size)
        return BaseModelOutput(last_hidden_state=F.pad(tokens, (0, 0, 0, self.config.forms)))

    @torch.no_grad()
    def understand(self, input_ids: Tensor) -> list[Understood]:
        """What each prompt (B, T) asked for; empty `values` means: nothing that this model can draw."""
        answers = [logits.float().softmax(-1).max(-1) for logits in self.logits(input_ids)]
        understood = []
        for row in range(len(input_ids)):
            values: dict[str, str] = {}
            probabilities: dict[str, float] = {}
            for (name, choices), answer in zip(self.config.attributes, answers, strict=True):
                if (index := int(answer.indices[row])) < len(choices):
                    values[name], probabilities[name] = choices[index], round(float(answer.values[row]), 4)
            understood.append(Understood(values, probabilities))
        return understood


def is_understood(pipeline: Any, prompts: Sequence[str]) -> list[bool]:
    """Whether each prompt names something that the pipeline can draw; True where its text encoder cannot tell.

    The tokenizer knows the signs of other scripts and the slots guess at them, so words in Latin letters count alone.
    """
    encoder = getattr(pipeline, "text_encoder", None)
    if not isinstance(encoder, SlotTextEncoder) or encoder.device.type == "meta":  # meta: offloaded piece by piece
        return [True] * len(prompts)
    tokens = pipeline.tokenizer(list(prompts), padding=True, truncation=True, return_tensors="pt").input_ids
    found = encoder.understand(tokens.to(encoder.device))
    sure = [any(probability > SURE for probability in one.probabilities.values()) for one in found]
    return [bool(LATIN.search(prompt)) and one for prompt, one in zip(prompts, sure, strict=True)]


def place(probabilities: Sequence[Tensor], hidden_size: int) -> Tensor:
    """Put each attribute's probabilities (B, values + 1) into its own places: (B, attributes, hidden_size)."""
    tokens = probabilities[0].new_zeros(len(probabilities[0]), len(probabilities), hidden_size)
    first = 0
    for i, part in enumerate(probabilities):
        tokens[:, i, first : first + part.shape[1]] = part
        first += part.shape[1]
    return tokens
