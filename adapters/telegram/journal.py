"""What was sent in the last minute, on disk: a bot that was restarted must not begin its minute anew."""

import os
from collections.abc import Iterator
from pathlib import Path

import structlog

log = structlog.get_logger()

FILE = "telegram-sent.log"
LONGEST = 20_000
"""Lines after which the file is begun anew."""


class Journal:
    """Lines of 'time chat messages', written as they are sent; a process that is killed has lost none."""

    def __init__(self, folder: Path, window: float) -> None:
        self._path = folder / FILE
        self._window = window
        self._lines = 0
        self._file: int | None = None

    def recall(self, now: float) -> Iterator[tuple[float, int, int]]:
        """(time, chat, messages) of what still counts, oldest first; and the file is begun anew with just these."""
        kept = list(self._read(now))
        self.close()
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._lines = 0
        for when, chat, messages in kept:
            self._write(when, chat, messages)
        yield from kept

    def note(self, now: float, chat: int, messages: int) -> None:
        """One more; a few microseconds, for nothing is synchronised: only this process may die, not the machine."""
        try:
            if self._file is None or self._lines >= LONGEST:
                list(self.recall(now))
            self._write(now, chat, messages)
        except OSError as error:
            # A full disk must not keep a message back.
            log.warning("what was sent could not be written down", error=type(error).__name__)

    def close(self) -> None:
        """Leave the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, when: float, chat: int, messages: int) -> None:
        assert self._file is not None
        os.write(self._file, f"{when:.6f} {chat} {messages}\n".encode())
        self._lines += 1

    def _read(self, now: float) -> Iterator[tuple[float, int, int]]:
        try:
            lines = self._path.read_text(errors="replace").splitlines()
        except OSError:
            return
        for line in lines:
            try:
                when, chat, messages = line.split()
                when_sent, where = float(when), (int(chat), int(messages))
            except ValueError:
                # A line that was cut off by the end of the process.
                continue
            if now - self._window < when_sent < now + self._window:
                # A clock that was set back a little makes nobody wait for longer than the window.
                yield min(when_sent, now), *where
