"""What happens meanwhile, on one line of stderr: a bar on a terminal, a few plain lines elsewhere."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.domain.jobs import JobStatus
from bot.i18n import Translator
from bot.ports import JobEvent, ModelNews
from engines.contract import ImageProgress, TextProgress


class ProgressLine:
    """A context manager; give it the news of models and jobs."""

    def __init__(self, words: Translator) -> None:
        self._words = words
        self._live = sys.stderr.isatty()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True, disable=not self._live)
        self._models: dict[str, TaskID] = {}
        self._job: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def loading(self, news: ModelNews) -> None:
        """A model begins to load, or has."""
        if news.seconds is None:
            text = self._words.text("model-loading", task=news.task)
            self._models[news.task] = self._progress.add_task(text, total=None)
            self._plain(text)
        elif task := self._models.pop(news.task, None):
            self._progress.remove_task(task)

    def event(self, event: JobEvent) -> None:
        """Something happened to the job that is watched."""
        if event.status is JobStatus.RUNNING:
            self._plain(self._words.text("job-started"))
        match event.progress:
            case ImageProgress(step=step, total=total):
                self._show(self._words.text("progress-steps", step=step, total=total), step, total)
            case TextProgress(texts=texts, tokens=tokens):
                self._show(self._words.text("progress-words", tokens=tokens), len(" ".join(texts)), None)
            case None if event.status is JobStatus.QUEUED:
                self._show(self._words.text("queue-next"), 0, None)

    def _show(self, text: str, done: int, total: int | None) -> None:
        if self._job is None:
            self._job = self._progress.add_task(text, total=total)
        self._progress.update(self._job, description=text, completed=done, total=total)

    def _plain(self, text: str) -> None:
        if not self._live:
            print(text, file=sys.stderr, flush=True)
