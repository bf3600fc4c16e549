"""Text generation with any instruct model of transformers, several requests in one batch."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from engines import hub
from engines.contract import (
    Cancelled,
    Engine,
    EngineError,
    EngineOptions,
    InvalidInput,
    IsCancelled,
    ModelUnavailable,
    Report,
    Request,
    Result,
    TextGeneration,
    Texts,
)
from engines.device import choose_device, choose_dtype
from engines.text import adapters, embedded
from engines.text.decoding import Decoder, Done, Job
from engines.text.prompt import Prompts

MAX_SEQUENCES = 64


def load(options: EngineOptions) -> Engine:
    """Load the text model of the options: 'embedded', a folder, or a hub name.

    Raises ModelUnavailable when it cannot be had, has no chat template, or keeps other memory than keys and values.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a log gets lines, not bars; `prepare` says what takes long
    device = choose_device(options)
    dtype = choose_dtype(options, device)
    own = options.text_model == "embedded"
    where = embedded.prepare(options.data_dir) if own else hub.locate(options.text_model)
    name = embedded.NAME if own else options.text_model

    def read(local_files_only: bool) -> tuple[Any, Any]:
        how: dict[str, Any] = {"local_files_only": local_files_only, "trust_remote_code": False}
        tokenizer = AutoTokenizer.from_pretrained(where, **how)
        return tokenizer, AutoModelForCausalLM.from_pretrained(where, dtype=dtype, use_safetensors=True, **how)

    try:
        tokenizer, model = hub.read_model(where, read)
    except ModelUnavailable:
        raise
    except Exception as error:  # transformers, safetensors and the hub each raise their own kinds
        hint = embedded.restore_hint(where) if own else "Check the name or path, and that its files are complete."
        raise ModelUnavailable(f"The text model {where} cannot be loaded ({type(error).__name__}). {hint}") from error
    if not getattr(tokenizer, "chat_template", None):
        raise ModelUnavailable(f"The text model {name} has no chat template: choose an instruct model.")
    if getattr(model, "_is_stateful", False):
        raise ModelUnavailable(f"The text model {name} is recurrent, which is not supported: choose a Transformer.")
    return TextEngine(name, model.to(device).eval(), tokenizer, options.data_dir / adapters.FOLDER)


class TextEngine:
    """One causal language model; see engines.contract.Engine."""

    max_batch = 16

    def __init__(self, name: str, model: Any, tokenizer: Any, tones: Path) -> None:
        """`tones` is the folder of the communities' adapters."""
        self.name = name
        limit = getattr(model.config.get_text_config(), "max_position_embeddings", 2048)
        self._prompts = Prompts(tokenizer, limit)
        self._decoder = Decoder(model, tokenizer, _stop_tokens(model, tokenizer))
        self._adapters = adapters.Adapters(tones, name, self._decoder)
        self._max_rows = 32 if model.device.type == "cpu" else 128

    def batch_key(self, request: Request) -> Hashable:
        """Lengths within a factor of two share a batch, as they end together, and one adapter; all else may differ."""
        return (request.max_new_tokens.bit_length(), request.adapter) if isinstance(request, TextGeneration) else None

    @torch.inference_mode()
    def run(self, batch: Sequence[Request], report: Report, is_cancelled: IsCancelled) -> list[Result | EngineError]:
        """Answer each request, in order."""
        answers: dict[int, Result | EngineError] = {}
        jobs: list[Job] = []
        for index, request in enumerate(batch):
            try:
                jobs.append(self._open(index, request))
            except InvalidInput as error:
                answers[index] = error
        for adapter in dict.fromkeys(job.request.adapter for job in jobs):
            own = [job for job in jobs if job.request.adapter == adapter]
            try:
                decoder = self._adapters.decoder(adapter)
            except EngineError as error:
                answers |= {job.index: error for job in own}
                continue
            for some in _portions(own, self._max_rows):
                started = time.monotonic()
                texts = decoder.generate(some, report, is_cancelled)
                seconds = time.monotonic() - started
                for job, done in zip(some, texts, strict=True):
                    answers[job.index] = self._answer(done, seconds)
        return [answers[index] for index in range(len(batch))]

    def _open(self, index: int, request: Request) -> Job:
        if not isinstance(request, TextGeneration):
            raise InvalidInput(f"{self.name} serves text-generation only.")
        if not 1 <= request.num_return_sequences <= MAX_SEQUENCES or request.max_new_tokens < 1:
            raise InvalidInput(f"Ask for 1 to {MAX_SEQUENCES} sequences of at least one new token.")
        ids, shared = self._prompts.encode(request.messages, request.max_new_tokens)
        return Job(index, request, tuple(ids), shared)

    def _answer(self, done: Done | None, seconds: float) -> Texts | Cancelled:
        if done is None:
            return Cancelled("The request is no longer wanted.")
        return Texts(done.texts, done.finish_reasons, self.name, done.tokens, seconds)


def _portions(jobs: Sequence[Job], max_rows: int) -> Iterator[list[Job]]:
    """Split jobs, in order, so that no portion has more rows than the memory is meant for; one job stays whole."""
    portion: list[Job] = []
    for job in jobs:
        if portion and sum(one.rows for one in [*portion, job]) > max_rows:
            yield portion
            portion = []
        portion.append(job)
    if portion:
        yield portion


def _stop_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    configured = model.generation_config.eos_token_id
    several = configured if isinstance(configured, list) else [configured]
    return frozenset(token for token in [*several, tokenizer.eos_token_id] if token is not None)
