"""The chat in the terminal, and the scripted walk that shows what the house does."""

import asyncio
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

from adapters.console.screen import ACCENT
from adapters.console.session import Session

PROMPT = "› "
SCRIPT = (
    "/avatar a ginger grandma in round specs, grinning, blue background --seed 7 --count 2",
    "/caption first snow in the city --tone poetic --count 2 --seed 7",
)


async def chat(session: Session, lines: AsyncIterator[str] | None = None) -> None:
    """Talk until /quit or the end of input. Ctrl+C stops what is being made, and leaves when nothing is."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if not session.interrupt():
            task.cancel()

    # Only the main thread may listen for signals; without it Ctrl+C ends the program as usual.
    with suppress(NotImplementedError, ValueError, RuntimeError):
        loop.add_signal_handler(signal.SIGINT, stop)
    session.screen.say("chat-hello", "dim")
    try:
        async for line in lines or _typed(PROMPT if session.screen.is_terminal else ""):
            if not await session.type(line):
                break
    finally:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.remove_signal_handler(signal.SIGINT)


async def demo(session: Session) -> bool:
    """Walk one /avatar and one /caption through the whole house; whether both came to a good end."""
    made = []
    for line in SCRIPT:
        session.screen.write(f"\n{PROMPT}{line}", ACCENT)
        session.last = None
        await session.type(line)
        made.append(session.last is not None and session.last.job.result is not None)
    return all(made)


async def _typed(prompt: str) -> AsyncIterator[str]:
    """Lines of standard input, read in a thread of its own: reading blocks, and nobody can interrupt it."""
    loop = asyncio.get_running_loop()
    wanted, typed = threading.Event(), asyncio.Queue[str | None]()

    def read() -> None:
        with suppress(ImportError):
            import readline  # noqa: F401  # editing and history, where the platform has it
        while wanted.wait():
            wanted.clear()
            try:
                line: str | None = input(prompt)
            except (EOFError, ValueError):
                line = None
            except UnicodeDecodeError:
                line = ""
            # The loop is closed when the program left while we were reading.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(typed.put_nowait, line)
            if line is None:
                return

    threading.Thread(target=read, daemon=True, name="stdin").start()
    while True:
        wanted.set()
        line = await typed.get()
        if line is None:
            if sys.stdin.isatty():
                print()
            return
        yield line
