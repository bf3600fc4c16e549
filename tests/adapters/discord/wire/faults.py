"""What goes wrong between a bot and Discord, on command: answers, delays, dropped connections, rate limits."""

import fnmatch
import time
from dataclasses import dataclass, field
from typing import Any


class Refusal(Exception):
    """An error as Discord words it: a status, and a body with a code."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} (error code: {code}): {message}")
        self.status = status
        self.headers = headers or {}
        self.body = {"message": message, "code": code} | (more or {})


@dataclass
class Fault:
    """One thing that goes wrong on requests that match."""

    method: str
    pattern: str
    times: int
    refusal: Refusal | None = None
    drop: bool = False
    after: bool = False
    """Whether the request is carried out before it fails: the bot cannot know."""
    delay: float = 0.0

    def strikes(self, method: str, path: str) -> bool:
        """Whether it strikes now; counts."""
        if self.times < 1 or self.method not in ("*", method) or not fnmatch.fnmatch(path, self.pattern):
            return False
        self.times -= 1
        return True


@dataclass
class Limit:
    """A rate limit: so many requests a window, by path."""

    method: str
    pattern: str
    requests: int
    window: float
    _used: dict[str, list[float]] = field(default_factory=dict)

    def take(self, method: str, path: str) -> dict[str, str]:
        """The headers that tell the bot where it stands; raises when it went too far."""
        if self.method not in ("*", method) or not fnmatch.fnmatch(path, self.pattern):
            return {}
        now = time.monotonic()
        used = [at for at in self._used.get(path, ()) if at > now - self.window]
        over = len(used) >= self.requests
        self._used[path] = used if over else [*used, now]
        after = self._used[path][0] + self.window - now
        headers = {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Remaining": str(self.requests - len(self._used[path])),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash((self.method, self.pattern))):x}",
        }
        if over:
            raise too_many(after, headers | {"X-RateLimit-Scope": "user"})
        return headers


def too_many(retry_after: float, headers: dict[str, str] | None = None, everywhere: bool = False) -> Refusal:
    """Discord's 429."""
    told = {"Retry-After": str(max(1, round(retry_after))), "Via": "1.1 google"} | (headers or {})
    if everywhere:
        told |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    more = {"retry_after": round(retry_after, 3), "global": everywhere}
    return Refusal(429, 0, "You are being rate limited.", told, more)


class Faults:
    """The faults that wait to happen. Paths are those below /api/v10, with wildcards."""

    def __init__(self) -> None:
        self.gateway_down = False
        """New gateway connections are refused."""
        self.heartbeats_lost = False
        """Heartbeats are not acknowledged."""
        self._faults: list[Fault] = []
        self._limits: list[Limit] = []

    def fail(
        self,
        method: str,
        pattern: str,
        status: int,
        times: int = 1,
        *,
        code: int = 0,
        message: str = "",
        retry_after: float = 1.0,
        everywhere: bool = False,
        after: bool = False,
    ) -> None:
        """Answer with an error; with `after`, though the request was carried out."""
        refusal = too_many(retry_after, None, everywhere) if status == 429 else Refusal(status, code, message)
        self._faults.append(Fault(method, pattern, times, refusal, after=after))

    def drop(self, method: str, pattern: str, times: int = 1, *, after: bool = False) -> None:
        """Cut the connection instead of answering."""
        self._faults.append(Fault(method, pattern, times, drop=True, after=after))

    def delay(self, method: str, pattern: str, seconds: float, times: int = 1) -> None:
        """Take longer."""
        self._faults.append(Fault(method, pattern, times, delay=seconds))

    def limit(self, method: str, pattern: str, requests: int, window: float) -> None:
        """Hold the bot to so many requests a window for each path."""
        self._limits.append(Limit(method, pattern, requests, window))

    def clear(self) -> None:
        """Everything works again."""
        self.gateway_down = self.heartbeats_lost = False
        self._faults.clear()
        self._limits.clear()

    def struck(self, method: str, path: str) -> list[Fault]:
        """The faults of this request."""
        struck = [fault for fault in self._faults if fault.strikes(method, path)]
        self._faults = [fault for fault in self._faults if fault.times > 0]
        return struck

    def taken(self, method: str, path: str) -> dict[str, str]:
        """The rate limits' headers for this request; raises the refusal of one that is used up."""
        headers: dict[str, str] = {}
        for limit in self._limits:
            headers |= limit.take(method, path)
        return headers
