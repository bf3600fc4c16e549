"""Pure: how many messages Telegram takes from a bot, and how long to wait until it takes one more.

A second message in a chat before the second is over, a twenty-first in a group's minute: each earns a 429 and a
longer silence. So we stay a little below, and count a message from when Telegram has answered: one that took its time
on the way there would otherwise arrive too close to the next.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What we allow ourselves. Times in seconds."""

    all_chats: int = 25
    """Requests in `second`, in all chats together; Telegram's own limit is 30."""
    second: float = 1.05
    """Between two messages in one chat."""
    group: int = 19
    """Messages in a group's `minute`; Telegram's own limit is 20."""
    minute: float = 61.0

    def faster(self, scale: float) -> "Limits":
        """The same where time runs `scale` times as fast, as in tests."""
        return Limits(self.all_chats, self.second / scale, self.group, self.minute / scale)


@dataclass
class Windows:
    """What was sent lately. Groups have negative ids; requests that belong to no chat have None."""

    limits: Limits
    under_way: int = 0
    """Requests that Telegram has not answered yet: each may arrive at any moment, so it counts until then."""
    _all: deque[float] = field(default_factory=deque)
    _last: dict[int, float] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _silent: dict[int | None, float] = field(default_factory=dict)

    def wait(self, chat: int | None, messages: int, now: float) -> float:
        """Seconds until so many messages can be sent to a chat; 0 when they can be now. One at a time in each chat."""
        limits = self.limits
        waits = [
            self._silent.get(None, 0.0) - now,
            self._silent.get(chat, 0.0) - now,
            _until_room(self._all, 1 + self.under_way, limits.all_chats, limits.second, now),
        ]
        if chat is not None and messages:
            waits.append(self._last.get(chat, 0.0) + limits.second - now)
            if chat < 0:
                waits.append(_until_room(self._groups[chat], messages, limits.group, limits.minute, now))
        return max(0.0, *waits)

    def room(self, chat: int | None, now: float) -> float:
        """The share of a group's minute that is still free, 0 to 1; private chats have no such limit."""
        if chat is None or chat >= 0:
            return 1.0
        _until_room(self._groups[chat], 1, self.limits.group, self.limits.minute, now)
        return 1.0 - len(self._groups[chat]) / self.limits.group

    @property
    def full(self) -> bool:
        """Whether nothing more may go until something was answered."""
        return self.under_way >= self.limits.all_chats

    def begin(self) -> None:
        """Something is on its way."""
        self.under_way += 1

    def end(self, chat: int | None, messages: int, now: float) -> None:
        """Telegram has answered, or nobody waits for its answer any more."""
        self.under_way -= 1
        self.sent(chat, messages, now)

    def sent(self, chat: int | None, messages: int, now: float) -> None:
        """Remember what Telegram has just taken."""
        self._all.append(now)
        if chat is not None and messages:
            # An album counts as what it is made of, so the pause after it is as long.
            self._last[chat] = max(self._last.get(chat, 0.0), now + (messages - 1) * self.limits.second)
            if chat < 0:
                self._groups[chat].extend([now] * messages)

    def silence(self, chat: int | None, until: float) -> None:
        """Telegram asks for silence, in a chat or everywhere."""
        self._silent[chat] = max(until, self._silent.get(chat, 0.0))

    def forget(self, now: float) -> None:
        """Drop what no longer matters, so that chats that fell silent take no memory."""
        horizon = now - self.limits.minute
        self._last = {chat: last for chat, last in self._last.items() if last > horizon}
        self._silent = {chat: until for chat, until in self._silent.items() if until > now}
        for chat in [chat for chat, times in self._groups.items() if not times or times[-1] <= horizon]:
            del self._groups[chat]


def _until_room(times: deque[float], wanted: int, limit: int, window: float, now: float) -> float:
    """Seconds until `wanted` more fit into a sliding window; more than ever fit need an empty one."""
    while times and times[0] <= now - window:
        times.popleft()
    over = len(times) + min(wanted, limit) - limit
    return times[over - 1] + window - now if over > 0 else 0.0
