"""Engines in threads of this process, one a lane: for tests, where starting a child takes longer than the test."""

import asyncio
import logging
import threading

from engines.contract import EngineOptions, EngineUnreachable
from engines.host import messages
from engines.host.host import Host
from engines.host.lane import Lane, OnLoad
from engines.host.worker import Worker
from engines.registry import MODELS, Models

log = logging.getLogger(__name__)


class InlineHost(Host):
    """Runs each lane's engines in a thread; one that hangs cannot be killed."""

    def __init__(self, options: EngineOptions, models: Models = MODELS, *, on_load: OnLoad | None = None) -> None:
        """`on_load` is told of each load's begin and end."""
        super().__init__(
            options, models, {name: InlineLane(name, options, models, on_load) for name in ("main", "light")}
        )


class InlineLane(Lane):
    """One lane's worker in a thread."""

    def __init__(self, name: str, options: EngineOptions, models: Models, on_load: OnLoad | None) -> None:
        """The worker gets the options as they are."""
        super().__init__(name, grace=20.0, load_timeout=1800.0, on_load=on_load)
        self._worker = Worker(options, models, self._receive)
        self._thread = threading.Thread(target=self._work, name=f"engine lane {name}", daemon=True)

    async def start(self) -> None:
        """Start the thread."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        self._pid = 0

    async def aclose(self) -> None:
        """Let the thread end after the batch it runs."""
        self._worker.close()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)
        self._lost("The engine host was closed.")

    def _send(self, order: messages.Order) -> bool:
        self._worker.obey(order)
        return True

    def _kill(self, why: str) -> None:
        log.error("engine thread '%s' %s, and a thread cannot be killed", self.name, why)

    def _receive(self, event: messages.Event) -> None:
        self._loop.call_soon_threadsafe(self._handle, event)

    def _work(self) -> None:
        try:
            self._worker.work()
        except EngineUnreachable as error:
            self._loop.call_soon_threadsafe(self._lost, str(error))
