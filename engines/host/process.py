"""Engines in child processes, one a lane, watched and replaced when they die.

A thread would stall the event loop, cannot be killed at a deadline, and a fault of the GPU in it
would take the whole bot down.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from dataclasses import replace

from engines.contract import EngineOptions, EngineUnreachable
from engines.device import cpu_threads
from engines.host import messages
from engines.host.host import Host
from engines.host.lane import Lane, OnLoad
from engines.registry import MODELS, Models, find

log = logging.getLogger(__name__)

START_TIMEOUT = 60.0
BACK_OFF, MAX_BACK_OFF = 0.1, 10.0
STEADY = 30.0
"""A child that lived this long (s) did not die of its start: the back-off begins anew."""

ENGINE_NICENESS = 10

GATHER = 0.02
"""Seconds that an idle main lane waits for a fuller batch: 1% of a picture's time, and 16 members at once share one."""


class ProcessHost(Host):
    """Runs each lane's engines in a spawned child process."""

    def __init__(
        self,
        options: EngineOptions,
        models: Models = MODELS,
        *,
        warm: Sequence[str] = (),
        on_load: OnLoad | None = None,
        grace: float = 20.0,
        load_timeout: float = 1800.0,
    ) -> None:
        """`warm`: tasks whose default model loads right after the start; `on_load` hears of each load's begin and end.

        A child that does not stop `grace` seconds after a cancellation, or loads one model for longer
        than `load_timeout` seconds, is killed and replaced.
        """

        def lane(name: str, threads: int, gather: float) -> ProcessLane:
            hello = messages.Hello(replace(options, threads=threads), models, gather)
            tasks = [task for task in warm if find(task, "default", options, models).lane == name]
            return ProcessLane(name, hello, tasks, grace=grace, load_timeout=load_timeout, on_load=on_load)

        lanes = {"main": lane("main", options.threads, GATHER), "light": lane("light", 1, 0.0)}
        super().__init__(options, models, lanes)


class ProcessLane(Lane):
    """One lane's child process and the socket to it."""

    def __init__(
        self,
        name: str,
        hello: messages.Hello,
        warm: Sequence[str],
        *,
        grace: float,
        load_timeout: float,
        on_load: OnLoad | None,
    ) -> None:
        """`hello` is said to each new child, which then loads the default models of the tasks in `warm`."""
        super().__init__(name, grace, load_timeout, on_load)
        self._hello, self._warm = hello, warm
        self._writer: asyncio.StreamWriter | None = None
        self._process: Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._listens = asyncio.Event()

    async def start(self) -> None:
        """Start the child and return when it listens; raises EngineUnreachable when it does not."""
        self._supervisor = asyncio.create_task(self._supervise(), name=f"engine lane {self.name}")
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await self._listens.wait()
        except TimeoutError:
            raise EngineUnreachable(f"The engine process '{self.name}' did not start; its log says why.") from None

    async def aclose(self) -> None:
        """Stop the child; open calls fail with EngineUnreachable."""
        if self._supervisor:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor
        self._lost("The engine host was closed.")

    def _send(self, order: messages.Order) -> bool:
        if self._writer is None:
            return False
        self._writer.write(messages.pack(order))
        return True

    def _kill(self, why: str) -> None:
        log.error("engine process '%s' %s: killed", self.name, why)
        if self._process and self._process.returncode is None:
            self._process.kill()

    async def _supervise(self) -> None:
        """Keep one child running; whenever one dies, fail its calls and start the next after a back-off."""
        back_off = BACK_OFF
        while True:
            start = time.monotonic()
            try:
                await self._live()
            except Exception as error:  # whatever it was (no memory, no file handles), the next one may live
                log.exception("engine process '%s' failed", self.name)
                self._lost(f"The engine process '{self.name}' failed: {error}.")
            back_off = BACK_OFF if time.monotonic() - start > STEADY else min(2 * back_off, MAX_BACK_OFF)
            self._restarts += 1
            await asyncio.sleep(back_off)

    async def _live(self) -> None:
        """Start a child, hand it the waiting calls, and handle what it says until it is gone."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "engines.host.child", str(theirs.fileno())),
                    pass_fds=[theirs.fileno()],
                    stdin=DEVNULL,
                    stdout=2,  # whatever a library prints must not mix with the answers of `huashen ... --json`
                    env=_environment(self._hello.options.threads),
                )
            if self.name == "main" and hasattr(os, "setpriority"):
                # Pictures may take every core; a member whose prompt is being screened must not wait for one.
                os.setpriority(os.PRIO_PROCESS, self._process.pid, ENGINE_NICENESS)
            reader, writer = await asyncio.open_connection(sock=ours)
        except BaseException:
            ours.close()
            raise
        try:
            writer.write(messages.pack(self._hello))
            for id, call in self._calls.items():
                writer.write(messages.pack(messages.Run(id, call.request)))
            for task in self._warm:
                writer.write(messages.pack(messages.Load(task)))
            self._writer = writer
            while True:
                header = await reader.readexactly(messages.HEADER.size)
                body = await reader.readexactly(messages.HEADER.unpack(header)[0])
                event = messages.unpack_event(body)
                self._handle(event)
                if isinstance(event, messages.Ready):
                    self._listens.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writer = None
            await self._bury(writer)

    async def _bury(self, writer: asyncio.StreamWriter) -> None:
        """Make sure that the child is gone, and fail what it had; it leaves by itself when the socket closes."""
        assert self._process is not None
        writer.close()
        try:
            async with asyncio.timeout(2):
                code = await self._process.wait()
        except TimeoutError:
            self._process.kill()
            code = await self._process.wait()
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        log.log(logging.WARNING if code else logging.INFO, "engine process '%s' ended %s", self.name, how)
        self._lost(f"The engine process '{self.name}' ended {how}.")


def _environment(threads: int) -> dict[str, str]:
    """Return a child's environment, which has to be set before it imports a model library; 0 threads: all cores."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "OMP_NUM_THREADS": str(threads or cpu_threads()),
        # Threads that spin without end made everything 4 to 30 times slower on a busy machine; threads that sleep at
        # once, 2 times slower on a quiet one. These spin for some microseconds, as long as small operations last.
        "GOMP_SPINCOUNT": "20000",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        # Their warnings quote the part of a prompt that was too long, and logs must hold no prompt.
        "TRANSFORMERS_VERBOSITY": "error",
        "DIFFUSERS_VERBOSITY": "error",
    }
