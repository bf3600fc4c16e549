"""From chat messages to token ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engines.contract import InvalidInput, Message

ROLES = ("system", "user", "assistant")


class Prompts:
    """Renders chats by the tokenizer's own template."""

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:
        """`max_tokens`: what the model can attend to, prompt and answer together."""
        self._tokenizer, self._max_tokens = tokenizer, max_tokens

    def encode(self, messages: Sequence[Message], max_new_tokens: int) -> tuple[list[int], int]:
        """Return the token ids of a chat and how many of them belong to the turns before the last one.

        Those first ones are the same for every topic of one tone, so their keys and values can be kept.
        Raises InvalidInput for a chat that is empty, has an unknown role or is too long.
        """
        if not messages or any(message.role not in ROLES for message in messages):
            raise InvalidInput(f"A chat needs messages with a role of {', '.join(ROLES)}.")
        turns = [{"role": message.role, "content": self._plain(message.content)} for message in messages]
        ids = self._ids(turns, answer=True)
        if len(ids) < 2:
            raise InvalidInput("The chat is empty.")
        if len(ids) + max_new_tokens > self._max_tokens:
            raise InvalidInput(f"{len(ids)} tokens and {max_new_tokens} new ones are more than {self._max_tokens}.")
        earlier = self._ids(turns[:-1], answer=False) if len(turns) > 1 else []
        shared = len(earlier) if ids[: len(earlier)] == earlier and len(earlier) < len(ids) else 0
        return ids, shared

    def _ids(self, turns: list[dict[str, str]], *, answer: bool) -> list[int]:
        try:
            text = self._tokenizer.apply_chat_template(turns, add_generation_prompt=answer, tokenize=False)
        except Exception as error:  # a template raises its own errors, such as 'roles must alternate'
            raise InvalidInput(f"The model's chat template refused the chat: {type(error).__name__}.") from error
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _plain(self, text: str) -> str:
        """Take out what the tokenizer would read as its own control tokens: words must not end a turn."""
        text = text.encode("utf-8", "ignore").decode("utf-8")
        before = None
        while before != text:  # removing one may join the halves of another
            before = text
            for token in self._tokenizer.all_special_tokens:
                text = text.replace(token, "")
        return text
