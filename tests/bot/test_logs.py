"""Logs are lines of JSON with the job's id, and hold no secret."""

import json
import logging

import pytest
import structlog

from bot.logs import configure


def test_secrets_are_masked_and_the_job_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure("info", "json", ["hunter2"])
        with structlog.contextvars.bound_contextvars(job_id="abc"):
            structlog.get_logger().info("connected", url="postgres://me:hunter2@host")
            logging.getLogger("some.library").warning("cannot reach %s", "postgres://me:hunter2@host")
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2
    assert all(line["job_id"] == "abc" and "hunter2" not in json.dumps(line) for line in lines)
