"""The part of the text screen that we trained: attention over the encoder's words, one pooled opinion a label.

Pooling by attention, learned for each label (Ilse et al. 2018, "Attention-based deep multiple instance
learning"), keeps one bad phrase visible inside a long prompt, where the mean over all words dilutes it.
"""

import torch
from torch import Tensor, nn

from engines.safety.encoder import WIDTH

LABELS = ("sexual", "violence", "hate", "harassment", "self-harm", "illegal")
VALUES = 96


class Head(nn.Module):
    """Token states to one logit a label. Reads the lowest state too: the words as written."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(2 * WIDTH)
        self.drop = nn.Dropout(dropout)
        self.attention = nn.Linear(2 * WIDTH, len(LABELS))
        self.value = nn.Linear(2 * WIDTH, VALUES)
        self.opinion = nn.Parameter(0.05 * torch.randn(len(LABELS), VALUES))
        self.overall = nn.Linear(2 * WIDTH, len(LABELS))

    def forward(self, low: Tensor, high: Tensor, mask: Tensor) -> Tensor:
        """States (b, t, 384) twice and the mask (b, t) of real tokens -> logits (b, labels)."""
        tokens = self.drop(self.norm(torch.cat((low, high), dim=-1)))  # (b, t, 768)
        padding = (mask == 0).unsqueeze(-1)  # (b, t, 1)
        weights = self.attention(tokens).masked_fill(padding, -torch.inf).softmax(dim=1)  # (b, t, labels)
        values = nn.functional.gelu(self.value(tokens))  # (b, t, values)
        pooled = self.drop(torch.einsum("btl,btv->blv", weights, values))  # (b, labels, values)
        mean = tokens.masked_fill(padding, 0).sum(1) / mask.sum(1, keepdim=True)  # (b, 768)
        logits: Tensor = (pooled * self.opinion).sum(-1) + self.overall(mean)
        return logits
