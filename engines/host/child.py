"""The engine process: `python -m engines.host.child FD`, started by `process` with a socket pair's other end.

The main thread loads engines and runs batches; a second thread reads orders, so that a cancellation
is seen while a batch runs. The process ends when its parent does, even by kill -9.
"""

import ctypes
import json
import logging
import os
import signal
import socket
import sys
import threading
import warnings
from typing import BinaryIO

from engines.contract import EngineUnreachable
from engines.device import cpu_threads
from engines.host import messages
from engines.host.threads import Threads
from engines.host.worker import Worker

log = logging.getLogger("engines.host.child")  # not __name__, which is __main__ here

PR_SET_PDEATHSIG = 1


class JsonLines(logging.Formatter):
    """One line of JSON a record, without a traceback: exceptions in engines may quote prompts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {"time": round(record.created, 3), "level": record.levelname, "logger": record.name}
        return json.dumps(line | {"pid": record.process, "event": record.getMessage()}, ensure_ascii=False)


def main(fd: int) -> None:
    """Serve one lane over the inherited socket until it closes."""
    _die_with_parent()
    warnings.simplefilter("ignore")  # a library's advice to its programmers is none to the owner
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides when we end
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s") if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    connection = socket.socket(fileno=fd)
    orders = connection.makefile("rb")
    sending = threading.Lock()  # both threads send, and a frame must not be cut by another

    def send(event: messages.Event) -> None:
        frame = messages.pack(event)
        with sending:
            connection.sendall(frame)

    hello = messages.unpack_hello(_frame(orders))
    worker = Worker(hello.options, hello.models, send, hello.gather)
    if not hello.options.threads and sys.platform == "linux":
        worker.before_batch = Threads(cpu_threads()).adjust
    threading.Thread(target=_listen, args=(orders, worker), daemon=True).start()
    send(messages.Ready(os.getpid()))
    try:
        worker.work()
    except EngineUnreachable as error:
        log.critical("the device is lost, leaving for a new process: %s", error)
        os._exit(70)


def _listen(orders: BinaryIO, worker: Worker) -> None:
    try:
        while True:
            worker.obey(messages.unpack_order(_frame(orders)))
    except (EOFError, OSError):
        # The parent closed the socket or died. Not sys.exit: the main thread may be deep in a batch that nobody wants.
        os._exit(0)
    except Exception as error:
        log.critical("cannot take orders any more, leaving for a new process: %s", type(error).__name__)
        os._exit(1)


def _frame(stream: BinaryIO) -> bytes:
    header = stream.read(messages.HEADER.size)
    if len(header) < messages.HEADER.size:
        raise EOFError("the parent closed the socket")
    (length,) = messages.HEADER.unpack(header)
    return stream.read(length)


def _die_with_parent() -> None:
    """Let Linux kill this process with its parent, even while a native call holds the GIL and `_listen` cannot run."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
