"""One request from the command line: start what it needs, ask, wait, and say how it went."""

import asyncio
import fcntl
import getpass
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.console.progress import ProgressLine
from bot.bootstrap import Application, application, migrate
from bot.domain.errors import Conflict, HuashenError, Reason, StorageUnavailable
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Delivery, JobStatus, JobView
from bot.domain.moderation import Verdict
from bot.domain.outcomes import Accepted, Refused
from bot.domain.requests import MemberRequest
from bot.i18n import translator
from bot.ports import JobEvent, Messenger, OnModel
from bot.runtime.background import in_background
from bot.settings import Settings
from bot.usecases import account
from bot.usecases.follow import follow
from bot.usecases.sentences import engine_reason
from bot.usecases.submit import submit
from engines.contract import EngineError

DONE, FAILURE, BAD_INPUT, NOT_NOW = 0, 1, 2, 3
"""Exit codes: done, failure, bad input, refused or held."""

LOADING = 120.0
"""Seconds that a command waits for the screens, whose models it loads for itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command leads to: an exit code, fields for --json, and a sentence when there is one to say.

    `notes` say how a result came about.
    """

    code: int
    fields: dict[str, Any]
    sentence: Reason | None = None
    view: JobView | None = None
    notes: tuple[Reason, ...] = ()


class Terminal:
    """The command prints its own result, so there is nothing left to deliver."""

    platform = Platform.CONSOLE
    at_once = 8

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        """Nothing: whoever asked reads the job itself."""


def terminal_origin(settings: Settings) -> Origin:
    """Whoever sits at this machine is its owner."""
    return Origin(Platform.CONSOLE, getpass.getuser(), "terminal", role=Role.OWNER, locale=settings.language)


@contextmanager
def running_lock(settings: Settings) -> Iterator[bool]:
    """Hold the data folder's lock while a bot runs on it; yields False when another process has it."""
    path = settings.data_dir / "running.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageUnavailable("disk-not-writable", folder=str(settings.data_dir)) from error
    try:
        # The kernel drops the lock with the process, however it dies.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


@asynccontextmanager
async def house(
    settings: Settings,
    on_model: OnModel | None = None,
    messenger: Callable[[Application], Messenger] = lambda _: Terminal(),
) -> AsyncIterator[Application]:
    """A house for one command: it does the work itself unless a bot already runs on this data folder."""
    await migrate(settings)
    with running_lock(settings) as alone:
        async with (
            application(settings, on_model=on_model, patience=LOADING) as app,
            in_background(app.loops([messenger(app)], work=alone)),
        ):
            yield app


async def ask(
    request: MemberRequest, app: Application, tell: Callable[[JobEvent], None], parent_id: str | None = None
) -> Answer:
    """Submit and wait for the end; an interrupt cancels the job."""
    origin, desk = terminal_origin(app.settings), app.desk
    outcome = await submit(request, origin, desk, parent_id)
    if isinstance(outcome, Refused):
        verdict = Verdict.BLOCK if outcome.reason.message == "blocked" else None
        return Answer(NOT_NOW, {"status": "refused", "verdict": verdict}, outcome.reason)
    if not isinstance(outcome, Accepted):
        return Answer(NOT_NOW, {"status": "held", "verdict": Verdict.HOLD, "case": outcome.case_id}, outcome.reason)
    try:
        view = await follow(origin, outcome.job_id, desk.transactions, desk.events, tell)
    except BaseException:
        with suppress(Conflict):
            await account.cancel(origin, outcome.job_id, desk.transactions, desk.events, desk.clock)
        raise
    return _ended(view)


def _ended(view: JobView) -> Answer:
    job, result = view.job, view.job.result
    match job.status:
        case JobStatus.READY | JobStatus.DELIVERED:
            code, status, verdict = DONE, "done", Verdict.ALLOW
        case JobStatus.HELD:
            code, status, verdict = NOT_NOW, "held", Verdict.HOLD
        case JobStatus.BLOCKED:
            code, status, verdict = NOT_NOW, "refused", Verdict.BLOCK
        case _:
            bad = job.error is not None and job.error.message == "engine-invalid-input"
            return Answer(BAD_INPUT if bad else FAILURE, {"status": "failed", "verdict": None}, job.error, view)
    fields: dict[str, Any] = {"status": status, "verdict": verdict}
    if result:
        fields |= {"seed": result.seed, "model": result.model, "seconds": round(result.seconds, 3)}
    sentence = None if code == DONE else job.error or Reason.of("held-result")
    return Answer(code, fields, sentence, view, result.notes if result and code == DONE else ())


Builder = Callable[[Application], Awaitable[MemberRequest]]
"""What puts a request together, with whatever of the house that takes."""


async def asked(build: Builder, settings: Settings, out: Path | None) -> tuple[Answer, list[Path]]:
    """One request from beginning to end, with its progress on stderr; answers where its pictures lie in `out`."""
    with ProgressLine(translator(settings.language)) as progress:
        async with house(settings, progress.loading) as app:
            answer = await ask(await build(app), app, progress.event)
            done = answer.view is not None and answer.code == DONE
            return answer, await save_pictures(answer.view, app, out) if done and out and answer.view else []


async def save_pictures(view: JobView, app: Application, folder: Path) -> list[Path]:
    """Write a job's pictures into a folder, named by seed and job so that none is overwritten."""
    files = []
    for artifact in view.artifacts:
        data = await app.desk.artifacts.get(artifact.name)
        name = f"{view.job.kind}-{view.job.id[:8]}-{artifact.seed}{Path(artifact.name).suffix}"
        target = folder / name
        await asyncio.to_thread(_write, target, data)
        files.append(target)
    return files


def _write(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        raise StorageUnavailable("disk-not-writable", folder=str(target.parent)) from error


def of_error(error: HuashenError) -> Answer:
    """The answer when something was wrong before there was a job."""
    bad = not isinstance(error, StorageUnavailable)
    return Answer(BAD_INPUT if bad else FAILURE, {"status": "invalid" if bad else "failed"}, error.reason)


def of_engine_error(error: EngineError) -> Answer:
    """The answer when the engines could not even start."""
    return Answer(FAILURE, {"status": "failed"}, engine_reason(error))
