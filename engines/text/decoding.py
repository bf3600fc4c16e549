"""The decoding loop: prompts in, sampled texts out, several requests at once.

1. Run the beginning of each prompt (the few-shot examples) alone, and keep its keys and values for the next request.
2. Run the ends of all prompts (the topics) together, one row each, padded on the left.
3. Copy each to one row a candidate. Sample a token a row, run the model on those, repeat; rows that ended leave.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache

from engines.contract import IsCancelled, Report, TextGeneration, TextProgress
from engines.text.cache import Prefix, gather
from engines.text.sampling import choose, uniforms

REPORT_SECONDS = 0.25
KEPT_PREFIXES = 12
"""Beginnings of prompts that are kept: one for each tone, and a few. 16 MB each for the embedded model."""


@dataclass(frozen=True, slots=True)
class Job:
    """Request `index` of the batch: its token ids, of which the first `shared` are worth keeping."""

    index: int
    request: TextGeneration
    ids: tuple[int, ...]
    shared: int

    @property
    def beginning(self) -> int:
        """How many tokens are run apart from the rest: the shared ones, or all but the last."""
        return self.shared or len(self.ids) - 1

    @property
    def rows(self) -> int:
        """Rows of the batch that it fills."""
        return self.request.num_return_sequences


@dataclass(frozen=True, slots=True)
class Done:
    """What a job's candidates became, the likeliest first."""

    texts: tuple[str, ...]
    finish_reasons: tuple[str, ...]
    tokens: int


@dataclass(slots=True, eq=False)
class _Row:
    """One candidate: the tokens so far, their log-probability, and why it ended; None while it goes on."""

    job: Job
    tokens: list[int] = field(default_factory=list)
    likelihood: float = 0.0
    ended: str | None = None


class Decoder:
    """Samples from one causal language model."""

    def __init__(self, model: Any, tokenizer: Any, stops: frozenset[int]) -> None:
        """`stops`: the tokens that end a text."""
        self.model, self._tokenizer, self._stops = model, tokenizer, stops
        self._prefixes: OrderedDict[tuple[int, ...], Prefix] = OrderedDict()

    def of(self, model: Any) -> Decoder:
        """Return one for another model with the same tokenizer."""
        return Decoder(model, self._tokenizer, self._stops)

    def generate(self, jobs: Sequence[Job], report: Report, is_cancelled: IsCancelled) -> list[Done | None]:
        """Return what each job became; None for one that was cancelled."""
        rows = [_Row(job) for job in jobs for _ in range(job.rows)]
        cancelled: set[int] = set()
        batch = _Batch(rows, jobs, [self._beginning(job) for job in jobs], self.model)
        reported = time.monotonic()
        while True:
            cancelled.update(job.index for job in jobs if is_cancelled(job.index))
            for row, token, likelihood in zip(batch.rows, *batch.choose(), strict=True):
                if row.ended is None:
                    self._append(row, token, likelihood, cancelled)
            if all(row.ended for row in rows):
                break
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                for job in jobs:
                    texts = self._texts(job, rows)
                    report(job.index, TextProgress(texts, sum(len(row.tokens) for row in rows if row.job is job)))
            batch.advance(self.model)
        return [None if job.index in cancelled else self._done(job, rows) for job in jobs]

    def _append(self, row: _Row, token: int, likelihood: float, cancelled: set[int]) -> None:
        row.likelihood += likelihood
        if row.job.index in cancelled:
            row.ended = "cancelled"
        elif token in self._stops:
            row.ended = "stop"
        else:
            row.tokens.append(token)
            if len(row.tokens) == row.job.request.max_new_tokens:
                row.ended = "length"

    def _texts(self, job: Job, rows: Sequence[_Row]) -> tuple[str, ...]:
        tokens = [row.tokens for row in rows if row.job is job]
        # A character may still lack its last bytes.
        return tuple(text.rstrip("\ufffd") for text in self._tokenizer.batch_decode(tokens, skip_special_tokens=True))

    def _done(self, job: Job, rows: Sequence[_Row]) -> Done:
        # The likeliest first, per token: a small model's unlikely texts are its incoherent ones.
        own = sorted((row for row in rows if row.job is job), key=lambda row: -row.likelihood / (len(row.tokens) + 1))
        reasons = tuple(row.ended or "length" for row in own)
        return Done(self._texts(job, own), reasons, sum(len(row.tokens) for row in own))

    def _beginning(self, job: Job) -> Prefix:
        """The prompt but for its end; always run apart from the end, so that a kept one gives the very same numbers."""
        ids = job.ids[: job.beginning]
        kept = self._prefixes.pop(ids, None)
        if kept is None:
            cache = DynamicCache()
            tokens = torch.tensor([ids], device=self.model.device)
            self.model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
            layers: list[Any] = cache.layers
            kept = Prefix(tuple((layer.keys, layer.values) for layer in layers))
        if job.shared:
            self._prefixes[ids] = kept  # put back as the newest
            if len(self._prefixes) > KEPT_PREFIXES:
                self._prefixes.popitem(last=False)
        return kept


class _Batch:
    """The tensors of the rows that go on; `rows` says which row is which."""

    def __init__(self, rows: Sequence[_Row], jobs: Sequence[Job], beginnings: Sequence[Prefix], model: Any) -> None:
        self.rows = list(rows)
        longest = max(job.request.max_new_tokens for job in jobs)
        self._device = model.device
        self._read(jobs, beginnings, longest, model)
        self._keep([place for place, job in enumerate(jobs) for _ in range(job.rows)])
        self._temperature = self._column([row.job.request.temperature for row in rows])
        self._top_p = self._column([row.job.request.top_p for row in rows])
        drawn = [uniforms(job.request.seed, job.rows, longest) for job in jobs]
        self._uniforms = torch.cat(drawn).to(self._device)
        self._seen = torch.empty(len(rows), 0, dtype=torch.long, device=self._device)

    def _read(self, jobs: Sequence[Job], beginnings: Sequence[Prefix], longest: int, model: Any) -> None:
        """Run the ends of the prompts, a row a job; the padding between is masked like that before them."""
        ends = [job.ids[job.beginning :] for job in jobs]
        width = max(len(end) for end in ends)
        self._cache, mask = gather(beginnings, width + longest)
        tokens = torch.tensor([[0] * (width - len(end)) + list(end) for end in ends], device=self._device)
        read = torch.tensor([[0] * (width - len(end)) + [1] * len(end) for end in ends], device=self._device)
        self._mask = torch.cat([mask, read], dim=1)
        places = (self._mask.cumsum(dim=1) - 1)[:, -width:].clamp(min=0)  # (jobs, width)
        self._run(model, tokens, places)
        self._position = places[:, -1] + 1

    def _run(self, model: Any, tokens: Tensor, places: Tensor) -> None:
        """Run tokens (rows, new) at places (rows, new), and keep the logits after the last (rows, vocabulary)."""
        output = model(
            input_ids=tokens,
            attention_mask=self._mask,
            position_ids=places,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        self._logits = output.logits[:, -1]

    def _column(self, values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=self._device)

    def choose(self) -> tuple[list[int], list[float]]:
        """Sample one token a row; return them and their log-probabilities."""
        uniform = self._uniforms[:, self._seen.shape[1]]
        tokens, likelihoods = choose(self._logits, self._seen, self._temperature, self._top_p, uniform)
        self._seen = torch.cat([self._seen, tokens[:, None]], dim=1)
        return tokens.tolist(), likelihoods.tolist()

    def advance(self, model: Any) -> None:
        """Run the model on the tokens just chosen."""
        going = [place for place, row in enumerate(self.rows) if row.ended is None]
        # Dropping rows copies every key and value, so it waits until it saves a good part of the work.
        if len(going) <= 0.6 * len(self.rows):
            self.rows = [self.rows[place] for place in going]
            self._keep(going)
            for name in ("_temperature", "_top_p", "_uniforms", "_seen"):
                setattr(self, name, getattr(self, name)[going])
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(self.rows), 1)], dim=1)
        self._run(model, self._seen[:, -1:], self._position[:, None])
        self._position = self._position + 1

    def _keep(self, places: list[int]) -> None:
        """Go on with these rows of the cache, in this order; one may stand for several."""
        index = torch.tensor(places, device=self._device)
        self._cache.batch_select_indices(index)
        self._mask, self._position, self._logits = self._mask[index], self._position[index], self._logits[index]
