"""Choosing the next token of each row."""

from __future__ import annotations

import torch
from torch import Tensor

TOP_K = 50
"""Tokens considered at most, as in transformers' own default: sorting a whole vocabulary costs more than a layer."""
REPETITION_PENALTY = 1.15
"""Keskar et al. 2019 (arXiv:1909.05858), over the generated tokens only: few-shot examples may be echoed in form."""


def uniforms(seed: int, count: int, length: int) -> Tensor:
    """The random numbers of one request, (count, length) in 0..1: drawn up front, so no neighbour can shift them.

    Candidate i draws from its own generator, so asking for more candidates leaves the first ones as they were.
    """
    rows = []
    for index in range(count):
        generator = torch.Generator().manual_seed((seed * 1_000_003 + index) % 2**63)
        rows.append(torch.rand(length, generator=generator))
    return torch.stack(rows)


def choose(logits: Tensor, seen: Tensor, temperature: Tensor, top_p: Tensor, uniform: Tensor) -> tuple[Tensor, Tensor]:
    """Sample one token a row from logits (rows, vocabulary) by inverting the distribution at `uniform` (rows).

    Returns the tokens (rows) and their log-probabilities (rows) under the model as it is, unscaled.
    `seen` (rows, generated so far, padded with the row's own tokens) is penalised; temperature and top_p are (rows);
    a temperature of 0 is greedy.
    """
    logits = logits.float()
    plain, total = logits, logits.logsumexp(dim=1)
    if seen.shape[1]:
        old = logits.gather(1, seen)
        logits = logits.scatter(1, seen, torch.where(old > 0, old / REPETITION_PENALTY, old * REPETITION_PENALTY))
    best, tokens = logits.topk(min(TOP_K, logits.shape[1]), dim=1)  # sorted, best first
    shares = torch.softmax(best / temperature.clamp(min=1e-4)[:, None], dim=1)
    above = shares.cumsum(dim=1) - shares
    shares = shares.masked_fill(above >= top_p.clamp(min=1e-4)[:, None], 0.0)  # the best always stays
    ends = shares.cumsum(dim=1)
    place = torch.searchsorted(ends, (uniform * ends[:, -1])[:, None], right=True)
    last = (shares > 0).sum(dim=1, keepdim=True) - 1
    chosen = tokens.gather(1, torch.minimum(place, last))
    return chosen.squeeze(1), plain.gather(1, chosen).squeeze(1) - total
