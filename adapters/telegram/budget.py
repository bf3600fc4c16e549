"""The sender's patience: every request waits here until Telegram will take it, the most important first.

It is python-telegram-bot's rate limiter, so that nothing can be sent past it. Say `rate_limit_args=Priority.RESULT`
with a request; without, it is an answer that somebody waits for.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import structlog
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from adapters.telegram.journal import Journal
from adapters.telegram.limits import Limits, Windows
from bot.ports import PlatformBusy

log = structlog.get_logger()

SPARE = 0.4
"""The share of a group's minute that progress leaves to what matters more."""
ALBUM = "sendMediaGroup"
UNCOUNTED = frozenset({"sendChatAction"})
"""Requests about a chat that are no messages."""
APART = frozenset({"setMyCommands"})
"""Requests with a limit of their own, beside that of messages."""
CLOSED = 5.0
"""Seconds after which those try again who waited when the bot left."""


class Priority(IntEnum):
    """What goes first when a chat takes no more. None is 0, which the library takes for nothing said."""

    RESULT = 1
    ANSWER = 2
    STATUS = 3
    """The message in which a result will stand."""
    PROGRESS = 4
    """Sent only where nothing waits and there is room to spare; else it fails at once, with PlatformBusy."""


@dataclass(order=True, slots=True)
class _Waiting:
    priority: Priority
    number: int
    chat: int | None = field(compare=False)
    messages: int = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)
    task: "asyncio.Task[Any] | None" = field(compare=False)


class Budget(BaseRateLimiter[Priority]):
    """Lets one request at a time into each chat, as many in all as Telegram allows."""

    def __init__(
        self, journal: Journal, limits: Limits | None = None, clock: Callable[[], float] | None = None
    ) -> None:
        self._windows = Windows(limits or Limits())
        self._journal = journal
        self._clock = clock or _steady()
        self._queue: list[_Waiting] = []
        self._number = 0
        self._busy: set[int] = set()
        """Chats in which a message is on its way."""
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Recall what an earlier process sent in the last minute."""
        for when, chat, messages in self._journal.recall(self._clock()):
            self._windows.sent(chat, messages, when)

    async def shutdown(self) -> None:
        """Nothing waits any more."""
        self._journal.close()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        for waiting in self._queue:
            if not waiting.turn.done():
                waiting.turn.set_exception(PlatformBusy(CLOSED))
        self._queue.clear()

    def waits(self, task: "asyncio.Task[Any]") -> bool:
        """Whether a task's request has not been sent yet, so that one may still think better of it."""
        return any(waiting.task is task for waiting in self._queue)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Any:
        """Wait for the turn, send, and remember when Telegram had it. A 429 is everybody's in that chat."""
        chat, messages = _chat(data), _messages(endpoint, data)
        await self._enter(chat, messages, Priority.ANSWER if rate_limit_args is None else rate_limit_args)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as flood:
            seconds = _seconds(flood)
            log.warning("telegram asks for silence", chat=chat, seconds=seconds, method=endpoint)
            if endpoint not in APART:
                self._windows.silence(chat, self._clock() + seconds)
            raise
        finally:
            self._leave(chat, messages)

    async def _enter(self, chat: int | None, messages: int, priority: Priority) -> None:
        if priority is Priority.PROGRESS:
            self._spare(chat, messages)
        self._number += 1
        turn = asyncio.get_running_loop().create_future()
        waiting = _Waiting(priority, self._number, chat, messages, turn, asyncio.current_task())
        self._queue.append(waiting)
        self._queue.sort()
        self._admit()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
                self._admit()
            elif waiting.turn.exception() is None:
                self._leave(chat, messages)
            raise

    def _spare(self, chat: int | None, messages: int) -> None:
        """Raise PlatformBusy unless a comfort may be sent now."""
        now = self._clock()
        seconds = self._windows.wait(chat, messages, now)
        taken = chat in self._busy or any(other.chat == chat for other in self._queue)
        if seconds or taken or self._windows.full or (messages and self._windows.room(chat, now) < SPARE):
            raise PlatformBusy(max(seconds, self._windows.limits.second))

    def _admit(self) -> None:
        """Let in everybody whose turn it is; a chat that must wait holds up nobody of another."""
        now, nearest = self._clock(), float("inf")
        passed: set[int] = set()
        for waiting in list(self._queue):
            if waiting.turn.cancelled():
                # Whoever waited was stopped, and takes itself out in a moment.
                continue
            chat = waiting.chat if waiting.messages else None
            if chat is not None and (chat in self._busy or chat in passed):
                continue
            seconds = self._windows.wait(waiting.chat, waiting.messages, now)
            if seconds == 0 and not self._windows.full:
                self._queue.remove(waiting)
                self._windows.begin()
                if chat is not None:
                    self._busy.add(chat)
                    self._journal.note(now, chat, waiting.messages)
                waiting.turn.set_result(None)
            else:
                # Nobody overtakes in one chat: an album would wait for ever behind single messages.
                if chat is not None:
                    passed.add(chat)
                nearest = min(nearest, seconds)
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if 0 < nearest < float("inf"):
            self._timer = asyncio.get_running_loop().call_later(nearest + 0.001, self._admit)

    def _leave(self, chat: int | None, messages: int) -> None:
        now = self._clock()
        self._windows.end(chat, messages, now)
        if chat is not None and messages:
            self._busy.discard(chat)
        self._windows.forget(now)
        self._admit()


def _steady() -> Callable[[], float]:
    """Seconds since 1970, comparable with an earlier process's, but not set back while this one runs."""
    began = time.time() - time.monotonic()
    return lambda: began + time.monotonic()


def _chat(data: dict[str, Any]) -> int | None:
    chat = data.get("chat_id")
    try:
        return int(chat) if chat is not None else None
    except (TypeError, ValueError):
        return None


def _messages(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a request counts as; 0 for what only asks or tells."""
    if endpoint == ALBUM:
        return len(data["media"])
    # Whether Telegram counts an edit or a deletion is written nowhere; those who thought it does not were flooded.
    counted = endpoint.startswith(("send", "edit", "copy", "forward", "delete")) and endpoint not in UNCOUNTED
    return 1 if counted and _chat(data) is not None else 0


def _seconds(flood: RetryAfter) -> float:
    after = flood.retry_after
    return float(after.total_seconds() if hasattr(after, "total_seconds") else after)
