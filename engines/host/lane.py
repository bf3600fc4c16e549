"""The asking side of one lane: a table of open calls, with deadlines and cancellation, above any transport."""

import asyncio
import itertools
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engines.contract import Cancelled, EngineError, EngineUnreachable, Progress, Request, Result
from engines.host import messages

log = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]
News = TypeVar("News")
OnLoad = Callable[[messages.Loading | messages.Loaded], None]


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """How a lane is: `pending` requests include the running ones; seconds and batches count since the host started."""

    lane: str
    alive: bool
    pid: int | None
    restarts: int
    loaded: tuple[str, ...]
    loading: str | None
    pending: int
    busy_seconds: float
    batches: int


@dataclass(slots=True, eq=False)
class _Call:
    request: Request
    answer: asyncio.Future[Result]
    on_progress: OnProgress | None
    overdue: asyncio.TimerHandle | None = None


class Lane(ABC):
    """Sends requests to one worker and waits for its answers; a subclass starts the worker and carries messages."""

    def __init__(self, name: str, grace: float, load_timeout: float, on_load: OnLoad | None) -> None:
        """`grace`: seconds a worker has to obey a cancellation; `load_timeout`: seconds it may load one model."""
        self.name = name
        self._grace, self._load_timeout, self._on_load = grace, load_timeout, on_load
        self._ids = itertools.count(1)
        self._calls: dict[int, _Call] = {}  # every id that the worker has not answered, in order of arrival
        self._pid: int | None = None  # set while the worker listens
        self._restarts = 0
        self._loaded: list[str] = []
        self._loading: str | None = None
        self._load_overdue: asyncio.TimerHandle | None = None
        self._busy_seconds = 0.0
        self._batches = 0

    @abstractmethod
    async def start(self) -> None:
        """Start the worker and return when it listens."""

    @abstractmethod
    async def aclose(self) -> None:
        """Stop the worker; open calls fail with EngineUnreachable."""

    @abstractmethod
    def _send(self, order: messages.Order) -> bool:
        """Send an order; False when there is no worker, and then the next one is given every open call."""

    @abstractmethod
    def _kill(self, why: str) -> None:
        """End a worker that does not obey; a new one takes its place."""

    async def run(self, request: Request, on_progress: OnProgress | None, deadline: float | None) -> Result:
        """Return the worker's answer; see `Host.run`."""
        id = next(self._ids)
        call = _Call(request, asyncio.get_running_loop().create_future(), on_progress)
        self._calls[id] = call
        self._send(messages.Run(id, request))
        try:
            async with asyncio.timeout(deadline):
                return await call.answer
        except TimeoutError:
            raise Cancelled(f"The request took longer than {deadline:g} seconds.") from None
        finally:
            if id in self._calls:
                self._abandon(id, call)

    def status(self) -> LaneStatus:
        """Return how the lane is now."""
        return LaneStatus(
            lane=self.name,
            alive=self._pid is not None,
            pid=self._pid,
            restarts=self._restarts,
            loaded=tuple(self._loaded),
            loading=self._loading,
            pending=len(self._calls),
            busy_seconds=self._busy_seconds,
            batches=self._batches,
        )

    def _abandon(self, id: int, call: _Call) -> None:
        call.on_progress = None
        if not self._send(messages.Cancel(id)):
            del self._calls[id]
            return
        loop = asyncio.get_running_loop()
        call.overdue = loop.call_later(self._grace, self._kill, f"did not stop within {self._grace:g} s when asked to")

    def _handle(self, event: messages.Event) -> None:
        match event:
            case messages.Answered(id, answer):
                call = self._calls.pop(id, None)
                if call:
                    self._settle(call, answer)
            case messages.Progressed(id, progress):
                call = self._calls.get(id)
                if call and call.on_progress:
                    _tell(call.on_progress, progress)
            case messages.Ready(pid):
                self._pid = pid
            case messages.Worked(_, _, _, seconds):
                self._busy_seconds += seconds
                self._batches += 1
            case messages.Loading(task, model):
                self._loading = f"{task}: {model}"
                loop = asyncio.get_running_loop()
                why = f"did not load {self._loading} within {self._load_timeout:g} s"
                self._load_overdue = loop.call_later(self._load_timeout, self._kill, why)
                _tell(self._on_load, event)
            case messages.Loaded(task, model, _, error):
                self._stop_loading()
                if error is None:
                    self._loaded.append(f"{task}: {model}")
                _tell(self._on_load, event)

    def _lost(self, why: str) -> None:
        """Fail every open call, because the worker that had them is gone."""
        self._pid = None
        self._loaded.clear()
        self._stop_loading()
        calls, self._calls = self._calls, {}
        for call in calls.values():
            self._settle(call, EngineUnreachable(why))

    def _settle(self, call: _Call, answer: Result | EngineError) -> None:
        if call.overdue:
            call.overdue.cancel()
        if call.answer.done():  # abandoned: nobody listens
            return
        if isinstance(answer, EngineError):
            call.answer.set_exception(answer)
        else:
            call.answer.set_result(answer)

    def _stop_loading(self) -> None:
        self._loading = None
        if self._load_overdue:
            self._load_overdue.cancel()


def _tell(listener: Callable[[News], None] | None, news: News) -> None:
    """Pass news on; they are comfort, so a listener that fails does not stop the work."""
    if listener:
        try:
            listener(news)
        except Exception:
            log.warning("a listener to the engines failed", exc_info=True)
