"""Figures of a text model that writes captions: how it does on captions that people wrote, and how much it varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engines.contract import Progress, TextGeneration, Texts
from engines.text.adapters import FOLDER
from engines.text.embedded import NAME, prepare
from engines.text.engine import TextEngine
from engines.text.prompt import Prompts
from engines.training import text_metrics


@torch.no_grad()
def log_likelihood(model: Any, prompt: Sequence[int], answer: Sequence[int]) -> float:
    """Sum of the log probabilities (nats) of the answer's tokens after the prompt's."""
    ids = torch.tensor([[*prompt, *answer]])
    logits = model(ids).logits[0, len(prompt) - 1 : -1].float()
    return float(logits.log_softmax(-1).gather(-1, ids[0, len(prompt) :, None]).sum())


def _unheard(_: int, __: Progress) -> None:
    """Nobody waits for the words one by one."""


def of_captions(data_dir: Path, asked: Sequence[tuple[TextGeneration, str]]) -> dict[str, float]:
    """Figures of the embedded text model over requests, each with a caption that a person wrote and it does not show.

    Perplexity is of the person's captions; BLEU and ROUGE compare one written caption a request with it, and distinct-n
    is taken over those. BLEU of a single free text against a single reference is low by nature: it ranks, no more.
    """
    folder = prepare(data_dir)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    network: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    network.eval()
    engine = TextEngine(NAME, network, tokenizer, data_dir / FOLDER)
    prompts = Prompts(tokenizer, network.config.max_position_embeddings)
    total, tokens, written = 0.0, 0, []
    for request, reference in asked:
        prompt, _ = prompts.encode(request.messages, request.max_new_tokens)
        answer = tokenizer(reference + tokenizer.eos_token, add_special_tokens=False)["input_ids"]
        total += log_likelihood(network, prompt, answer)
        tokens += len(answer)
    references = [reference for _, reference in asked]
    once = [replace(request, num_return_sequences=1) for request, _ in asked]
    for first in range(0, len(once), engine.max_batch):
        for result in engine.run(once[first : first + engine.max_batch], _unheard, lambda _: False):
            if not isinstance(result, Texts):
                raise ValueError(f"The text model did not answer: {result}")
            written.append(result.texts[0].strip())
    return {
        "captions": len(asked),
        "perplexity": text_metrics.perplexity(total, tokens),
        "BLEU": text_metrics.bleu(written, references),
        **text_metrics.rouge(written, references),
        "distinct1": text_metrics.distinct(written, 1),
        "distinct2": text_metrics.distinct(written, 2),
    }
