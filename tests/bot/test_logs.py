"""Logs are lines of JSON with the job's id, and hold no secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure
from bot.shell import load_settings

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_secrets_are_masked_and_the_job_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json", ["hunter2"])
    with structlog.contextvars.bound_contextvars(job_id="abc"):
        structlog.get_logger().info("connected", url="postgres://me:hunter2@host")
        logging.getLogger("some.library").warning("cannot reach %s", "postgres://me:hunter2@host")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2
    assert all(line["job_id"] == "abc" and "hunter2" not in json.dumps(line) for line in lines)


@pytest.mark.parametrize("style", ["json", "console"])
def test_the_bots_token_is_in_no_log(
    style: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in what a library says, not in a traceback, not in a value that is no string."""
    monkeypatch.setenv("HUASHEN_DISCORD__TOKEN", TOKEN)
    monkeypatch.setenv("HUASHEN_LOG__FORMAT", style)
    assert TOKEN not in repr(load_settings(quiet=False))
    library, ours = logging.getLogger("discord.http"), structlog.get_logger()
    try:
        raise RuntimeError(f"401 for Bot {TOKEN}")
    except RuntimeError as error:
        library.exception("the request failed")
        ours.exception("the request failed", cause=error, headers={"Authorization": f"Bot {TOKEN}"})
    library.warning("sent %s", {"Authorization": f"Bot {TOKEN}"})
    said = capsys.readouterr().err
    assert TOKEN not in said and "401 for Bot ***" in said and "sent" in said


def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUASHEN_DISCORD__TOKEN", " ")
    assert load_settings().discord.token is None
