"""Structured logs on stderr, with the job's id on every line that is about a job.

Prompts and secrets are never passed to a logger; as a second net, known secrets are masked here.
"""

import logging
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

NOISY = (
    *("uvicorn", "uvicorn.access", "uvicorn.error", "alembic", "asyncio"),
    *("aiosqlite", "discord", "httpcore", "httpx", "telegram"),
)
"""Loggers that are heard only when they warn.

Those of the first line say what serve.py says better. The others tell prompts, tokens and addresses with tokens in them
when they are asked for everything.
"""


def configure(level: str, style: str, secrets: Iterable[str] = ()) -> None:
    """Set up structlog and the standard library's loggers; `style` is 'auto', 'console' or 'json'."""
    hidden = tuple(secret for secret in secrets if secret)

    def masked(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "***")
        return text

    def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Before rendering, for JSON writes some characters of a secret in another way."""
        return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}

    def render(logger: WrappedLogger, method: str, event: EventDict) -> str:
        """Masked once more, for what was no string before: an exception, a header in a dict."""
        return masked(str(renderer(logger, method, event)))

    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        mask,
    ]
    renderer: Processor = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
