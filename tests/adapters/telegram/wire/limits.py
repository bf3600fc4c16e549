"""Telegram's flood control: how much a bot may send, and how long it waits if it sent more."""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.refusals import too_many

LONGEST = 3600


@dataclass(frozen=True)
class Limits:
    """How much is allowed. `scale` makes every window so many times shorter, for tests."""

    scale: float = 1.0
    a_second: int = 30
    a_second_in_a_chat: int = 1
    a_minute_in_a_group: int = 20


@dataclass
class Window:
    """So many within so many seconds."""

    most: int
    seconds: float
    used: deque[float] = field(default_factory=deque)
    flooded_until: float = 0.0
    penalty: int = 0

    def wait(self, now: float, count: int) -> float:
        """Seconds until so many more fit."""
        while self.used and self.used[0] <= now - self.seconds:
            self.used.popleft()
        over = len(self.used) + min(count, self.most) - self.most
        return self.used[over - 1] + self.seconds - now if over > 0 else 0.0

    def refused(self, now: float, count: int) -> int:
        """How long the bot is told to wait; it grows with every try before that is over. 0 is welcome."""
        wait = self.wait(now, count)
        if now < self.flooded_until:
            self.penalty = min(LONGEST, max(self.penalty * 2, math.ceil(wait)))
        elif wait > 0:
            self.penalty = max(1, math.ceil(wait))
        else:
            return 0
        self.flooded_until = now + self.penalty
        return self.penalty


class Flood:
    """Holds the bot to the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        second, minute = 1 / limits.scale, 60 / limits.scale
        self._overall = Window(limits.a_second, second)
        self._chats: defaultdict[Any, Window] = defaultdict(lambda: Window(limits.a_second_in_a_chat, second))
        self._groups: defaultdict[Any, Window] = defaultdict(lambda: Window(limits.a_minute_in_a_group, minute))

    def check(self, call: Call) -> None:
        """Count a call; raises where it is too much."""
        if not call.method.startswith(("send", "edit")):
            return
        now = time.monotonic()
        counts: list[tuple[Window, int]] = [(self._overall, 1)]
        chat_id = call.get("chat_id")
        if call.method != "sendChatAction" and chat_id is not None:
            counts.append((self._chats[chat_id], 1))
            if not isinstance(chat_id, int) or chat_id < 0:
                media = call.get("media")
                counts.append((self._groups[chat_id], len(media) if isinstance(media, list) else 1))
        refused = max(window.refused(now, count) for window, count in counts)
        if refused:
            raise too_many(refused)
        for window, count in counts:
            window.used.extend([now] * count)
