"""What the chat prints: in place and in colour on a terminal, plain lines elsewhere."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from adapters.console.blocks import blocks
from adapters.presentation import of_progress
from bot.domain.errors import Reason
from bot.domain.jobs import JobStatus
from bot.i18n import Translator
from bot.ports import JobEvent
from engines.contract import ImageProgress, Progress, TextProgress

ACCENT = "bold #d9482b"


class Screen:
    """Prints sentences and results. Nothing a member wrote is ever read as markup."""

    def __init__(self, words: Translator, console: Console | None = None) -> None:
        self.words = words
        self.console = console or Console(highlight=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody watches, so that things may move."""
        return self.console.is_terminal

    def say(self, reason: Reason | str, style: str = "") -> None:
        """One sentence."""
        self.write(self.words.text(reason), style)

    def write(self, text: str, style: str = "") -> None:
        """A line as it is."""
        self.console.print(Text(text, style))

    def captions(self, texts: Sequence[str]) -> None:
        """Finished captions, numbered when there are several."""
        for number, text in enumerate(texts, 1):
            self.write(f"  {number}. {text}" if len(texts) > 1 else f"  {text}")

    def picture(self, image: bytes, path: str, facts: str) -> None:
        """A finished picture: itself where colours can be shown, and where it lies."""
        if self.is_terminal and self.console.color_system in ("truecolor", "256"):
            self.console.print(blocks(image))
        self.write(f"  {path}", ACCENT)
        if facts:
            self.write(f"  {facts}", "dim")


class Working:
    """The moving part while a job is done; a context manager. Elsewhere than on a terminal, one line at the start."""

    def __init__(self, screen: Screen, kind: str, count: int) -> None:
        self._screen = screen
        self._kind = kind
        self._count = count
        self._live = Live(console=screen.console, transient=True, refresh_per_second=12, auto_refresh=False)

    def __enter__(self) -> Self:
        if self._screen.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def wait(self, reason: Reason) -> None:
        """It stands in the queue."""
        self._show([Text(self._screen.words.text(reason), "dim")])

    def tell(self, event: JobEvent) -> None:
        """Something happened to the job."""
        if event.progress is not None:
            self._show(self._moving(event.progress))
        elif event.status is JobStatus.RUNNING:
            sentence = self._screen.words.text(f"working-{self._kind}")
            self._show([Text(sentence, "dim")])
            if not self._screen.is_terminal:
                self._screen.write(sentence)

    def _moving(self, progress: Progress) -> list[RenderableType]:
        sentence = Text(self._screen.words.text(of_progress(progress)), "dim")
        if isinstance(progress, TextProgress):
            texts = [text for text in progress.texts if text.strip()][: self._count]
            return [*(Text(f"  {text}\u2588") for text in texts), sentence]
        return [*self._preview(progress), ProgressBar(progress.total, progress.step, width=32), sentence]

    def _preview(self, progress: ImageProgress) -> list[RenderableType]:
        if progress.preview and self._screen.console.color_system in ("truecolor", "256"):
            return [blocks(progress.preview)]
        return []

    def _show(self, lines: list[RenderableType]) -> None:
        if self._screen.is_terminal:
            self._live.update(Group(*lines), refresh=True)
