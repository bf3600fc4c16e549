"""The work of one lane: a queue that any thread may fill, and a loop that loads engines and runs batches.

It is the same in a child process (`child`) and in a thread (`inline`).
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engines import contract
from engines.contract import (
    Cancelled,
    Engine,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    ModelUnavailable,
    OutOfMemory,
    Progress,
    Request,
    Result,
    TextToImage,
)
from engines.host import messages
from engines.host.batching import Waiting, next_batch
from engines.registry import Models, ModelSpec, configure, find, resolve

log = logging.getLogger(__name__)

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress events of one request: faster is not seen, and every event costs the bot's loop."""


@dataclass(slots=True)
class _Job:
    request: Request
    spec: ModelSpec
    wanted: bool = True
    progress_at: float = 0.0


class Worker:
    """Runs the requests of one lane in batches, and tells `send` what happens."""

    def __init__(
        self, options: EngineOptions, models: Models, send: Callable[[messages.Event], None], gather: float = 0.0
    ) -> None:
        """`gather`: how long (s) an idle worker waits after a first request for others to share its batch."""
        self._options, self._models, self._send, self._gather = options, models, send, gather
        self.before_batch: Callable[[], None] = lambda: None
        self._engines: dict[ModelSpec, Engine] = {}
        # Guards the three below: orders arrive on another thread than the one that works.
        self._changed = threading.Condition()
        self._waiting: dict[int, _Job] = {}  # in arrival order
        self._running: dict[int, _Job] = {}
        self._to_load: list[ModelSpec] = []
        self._closed = False

    def obey(self, order: messages.Order) -> None:
        """Take an order, from any thread, without waiting for the work."""
        match order:
            case messages.Run(id, request):
                self._submit(id, request)
            case messages.Cancel(id):
                self._cancel(id)
            case messages.Load(task):
                self._warm(task)

    def close(self) -> None:
        """Let `work` return after the batch that runs now."""
        with self._changed:
            self._closed = True
            for job in self._running.values():
                job.wanted = False
            self._changed.notify()

    def work(self) -> None:
        """Serve until closed; raises EngineUnreachable when an engine lost its device and a new process is needed."""
        while True:
            with self._changed:
                was_idle = not self._waiting
                self._changed.wait_for(lambda: self._waiting or self._to_load or self._closed)
                if self._closed:
                    return
                oldest = min(self._waiting.values(), key=lambda job: not job.spec.urgent, default=None)
                spec = oldest.spec if oldest else self._to_load.pop(0)
            engine = self._engine(spec)
            if engine is None or oldest is None:
                continue
            if was_idle and self._gather:
                time.sleep(self._gather)
            if batch := self._take(spec, engine):
                self.before_batch()
                self._run(spec, engine, batch)

    def _submit(self, id: int, request: Request) -> None:
        try:
            spec = resolve(request, self._options, self._models)
        except EngineError as error:
            self._answer(id, error)
            return
        with self._changed:
            self._waiting[id] = _Job(request, spec)
            self._changed.notify()

    def _cancel(self, id: int) -> None:
        with self._changed:
            done = self._waiting.pop(id, None) is not None
            if job := self._running.get(id):
                job.wanted = False
                # While a neighbour still wants the batch, it runs on without this one. When nobody does, the
                # engine has to stop, and its answer is the proof that it obeyed.
                if any(other.wanted for other in self._running.values()):
                    del self._running[id]
                    done = True
        if done:
            self._answer(id, Cancelled("Cancelled."))

    def _warm(self, task: str) -> None:
        try:
            spec = find(task, "default", self._options, self._models)
        except EngineError as error:
            self._send(messages.Loaded(task, "default", 0.0, str(error)))
            return
        with self._changed:
            self._to_load.append(spec)
            self._changed.notify()

    def _engine(self, spec: ModelSpec) -> Engine | None:
        """Return the loaded engine, or fail every request that waits for it and return None."""
        if spec in self._engines:
            return self._engines[spec]
        self._send(messages.Loading(spec.task, spec.name))
        start = time.monotonic()
        try:
            engine = spec.load(configure(spec, self._options))
        except Exception as error:
            failure = _load_failure(spec, error)
            self._send(messages.Loaded(spec.task, spec.name, time.monotonic() - start, str(failure)))
            with self._changed:
                failed = [id for id, job in self._waiting.items() if job.spec == spec]
                for id in failed:
                    del self._waiting[id]
            for id in failed:
                self._answer(id, failure)
            return None
        self._engines[spec] = engine
        self._send(messages.Loaded(spec.task, spec.name, time.monotonic() - start))
        return engine

    def _take(self, spec: ModelSpec, engine: Engine) -> dict[int, _Job]:
        """Move the next batch for `engine` from waiting to running."""
        with self._changed:
            candidates = {id: job for id, job in self._waiting.items() if job.spec == spec}
        waiting = []
        for id, job in candidates.items():
            try:
                waiting.append(Waiting(id, engine.batch_key(job.request), _size(job.request)))
            except Exception as error:
                with self._changed:
                    refused = self._waiting.pop(id, None) is not None
                if refused:
                    self._answer(id, _failure(error))
        with self._changed:
            waiting = [item for item in waiting if item.id in self._waiting]  # some may be cancelled by now
            batch = {id: self._waiting.pop(id) for id in next_batch(waiting, engine.max_batch)}
            self._running = dict(batch)
        return batch

    def _run(self, spec: ModelSpec, engine: Engine, batch: dict[int, _Job]) -> None:
        start = time.monotonic()
        answers = self._answers(engine, batch)
        seconds = time.monotonic() - start
        with self._changed:
            unanswered, self._running = set(self._running), {}
        self._send(messages.Worked(spec.task, spec.name, len(batch), seconds))
        lost = next((answer for answer in answers if isinstance(answer, EngineUnreachable)), None)
        for id, job, answer in zip(batch, batch.values(), answers, strict=True):
            if id in unanswered and not isinstance(answer, EngineUnreachable):
                self._answer(id, answer if job.wanted else Cancelled("Cancelled."))
        if lost:  # unanswered until this process is gone, so that a second try does not meet it again
            raise lost

    def _answers(self, engine: Engine, batch: dict[int, _Job]) -> Sequence[Result | EngineError]:
        ids, jobs = list(batch), list(batch.values())

        def report(index: int, progress: Progress) -> None:
            now = time.monotonic()
            if jobs[index].wanted and now - jobs[index].progress_at >= PROGRESS_INTERVAL:
                jobs[index].progress_at = now
                self._send(messages.Progressed(ids[index], progress))

        try:
            return engine.run([job.request for job in jobs], report, lambda index: not jobs[index].wanted)
        except Exception as error:
            if len(batch) == 1:
                return [_failure(error)]
        # Somebody's request broke the batch: run each alone, so that it fails nobody else's.
        return [self._answers(engine, {id: job})[0] for id, job in batch.items()]

    def _answer(self, id: int, answer: Result | EngineError) -> None:
        if isinstance(answer, EngineError):
            answer = _plain(answer)
        self._send(messages.Answered(id, answer))


def _size(request: Request) -> int:
    return request.num_images if isinstance(request, TextToImage) else 1


def _load_failure(spec: ModelSpec, error: Exception) -> EngineError:
    """Turn what a loader raised into an error of the contract; its message can be repeated, as no prompt went in."""
    if isinstance(error, EngineError):
        return error
    what = f"The model '{spec.name}' for {spec.task} could not be loaded"
    log.error("%s: %s: %s", what, type(error).__name__, _place(error))
    if _is_out_of_memory(error):
        return OutOfMemory(f"{what}: not enough memory.")
    return ModelUnavailable(f"{what}: {type(error).__name__}: {error}")


def _failure(error: Exception) -> EngineError:
    """Turn what an engine raised into an error of the contract; its message, which may quote a prompt, is dropped."""
    if isinstance(error, EngineError):
        return error
    log.error("an engine failed: %s: %s", type(error).__name__, _place(error))
    if _is_out_of_memory(error):
        return OutOfMemory("There is not enough memory for this request.")
    return EngineError(f"The engine failed ({type(error).__name__}); its log says where.")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _is_out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"  # torch's, without importing it


def _plain(error: EngineError) -> EngineError:
    """Return `error` as the nearest class of the contract, so that it unpickles where no engine is imported."""
    for kind in type(error).__mro__:
        if issubclass(kind, EngineError) and kind.__module__ == contract.__name__:
            return kind(str(error))
    return EngineError(str(error))
