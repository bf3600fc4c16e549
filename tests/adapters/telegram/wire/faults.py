"""What goes wrong between a bot and Telegram, on command."""

from dataclasses import dataclass

from tests.adapters.telegram.wire.refusals import Refusal


@dataclass
class Fault:
    """One thing that goes wrong on the next calls of a method; `*` is any method."""

    method: str
    times: int
    refusal: Refusal | None = None
    seconds: float = 0.0
    drop: bool = False


class Faults:
    """The faults that wait to happen."""

    def __init__(self) -> None:
        self.down = False
        """Nothing is answered but 502."""
        self._faults: list[Fault] = []

    def fail(
        self, method: str, status: int, description: str, times: int = 1, *, retry_after: int | None = None
    ) -> None:
        """Answer with an error instead of carrying out the method."""
        parameters = None if retry_after is None else {"retry_after": retry_after}
        self._faults.append(Fault(method, times, Refusal(status, description, parameters)))

    def hang(self, method: str, seconds: float, times: int = 1) -> None:
        """Take longer; whoever gives up waiting does not take the call back."""
        self._faults.append(Fault(method, times, seconds=seconds))

    def drop(self, method: str, times: int = 1) -> None:
        """Carry the method out, then cut the connection: the bot does not know."""
        self._faults.append(Fault(method, times, drop=True))

    def clear(self) -> None:
        """Everything works again."""
        self.down = False
        self._faults.clear()

    def struck(self, method: str) -> list[Fault]:
        """The faults of this call."""
        struck = [fault for fault in self._faults if fault.method in ("*", method)]
        for fault in struck:
            fault.times -= 1
        self._faults = [fault for fault in self._faults if fault.times > 0]
        return struck
