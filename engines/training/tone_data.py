"""A community's examples, and the chats that they become."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.contract import InvalidInput, Message

INSTRUCTION = "Write one short caption about the topic, in the voice of our community."
"""The system message in training and, the very same, when the adapter is used."""
FEWEST = 12
"""Examples below which few-shot prompts serve better than any training."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a caption was about, and the caption."""

    topic: str
    caption: str


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids of a prompt and its caption; the caption begins at `start`."""

    ids: tuple[int, ...]
    start: int


def read_examples(file: Path) -> list[Example]:
    """Read topics and captions, each pair once; InvalidInput names the line that is none, or says they are too few."""
    found = dict.fromkeys(read_lines(file))
    if len(found) < FEWEST:
        raise InvalidInput(f"{len(found)} examples are too few to train on: {FEWEST} or more.")
    return list(found)


def read_lines(file: Path) -> list[Example]:
    """Read a JSONL file of topics and captions; InvalidInput names the line that is none."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                value = json.loads(line)
                found.append(Example(str(value["topic"]), str(value["caption"])))
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidInput(f'{file}, line {number}: not {{"topic": ..., "caption": ...}}.') from error
    return found


def chat(topic: str, shown: Sequence[Example] = ()) -> tuple[Message, ...]:
    """What the model is asked, with `shown` as earlier turns."""
    turns = [message for each in shown for message in (Message("user", each.topic), Message("assistant", each.caption))]
    return (Message("system", INSTRUCTION), *turns, Message("user", topic))


def encode(tokenizer: Any, messages: Sequence[Message], caption: str) -> Row:
    """The chat by the model's own template, with the caption as its answer."""
    turns = [{"role": message.role, "content": message.content} for message in messages]
    text = tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
    prompt = list(tokenizer(text, add_special_tokens=False)["input_ids"])
    answer = list(tokenizer(caption, add_special_tokens=False)["input_ids"])
    return Row((*prompt, *answer, tokenizer.eos_token_id), len(prompt))
