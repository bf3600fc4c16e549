"""A job as one message of the channel."""

import base64
from collections import OrderedDict
from typing import Any

from markupsafe import Markup

from adapters.commandline import options_of
from adapters.presentation import Reply, attachment, of_place, of_progress, of_view
from adapters.web.deps import WebDeps
from adapters.web.render import Renderer
from adapters.web.visitor import Visitor
from bot.domain.errors import Reason
from bot.domain.jobs import Artifact, Job, JobStatus, JobView, QueuePlace
from bot.domain.requests import prompt_of
from bot.usecases import account
from engines.contract import ImageProgress, Progress, TextProgress

UNDECIDED = frozenset({JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.HELD})
"""States whose messages still change and listen for news; READY already looks as it will when DELIVERED."""
REMEMBERED = 256


class LatestProgress:
    """The newest progress of recent jobs, so that a page that opens late starts with a preview. A comfort."""

    def __init__(self) -> None:
        self._progress: OrderedDict[str, Progress] = OrderedDict()

    def put(self, job_id: str, progress: Progress) -> None:
        """Remember it, forgetting the oldest of too many."""
        self._progress[job_id] = progress
        self._progress.move_to_end(job_id)
        if len(self._progress) > REMEMBERED:
            self._progress.popitem(last=False)

    def get(self, job_id: str) -> Progress | None:
        """The newest seen."""
        return self._progress.get(job_id)


class Messages:
    """Renders jobs for their member."""

    def __init__(self, deps: WebDeps, renderer: Renderer, progress: LatestProgress) -> None:
        self._deps = deps
        self._renderer = renderer
        self._progress = progress

    async def render(self, visitor: Visitor, view: JobView, *, fresh: bool = False, replacing: bool = False) -> str:
        """A job's message, with its place in the queue while it waits.

        A `fresh` one looks once more soon, for news it missed on its way to the page; a `replacing` one takes
        the place of the message that the page has.
        """
        job, desk = view.job, self._deps.desk
        place, moving = None, ""
        if job.status is JobStatus.QUEUED:
            place = await account.place(visitor.origin(), job.id, desk.transactions, desk.policy)
            moving = self.waiting(visitor, job, place)
        elif job.status is JobStatus.RUNNING:
            moving = self.moving(visitor, job, self._progress.get(job.id))
        return self._renderer.page(
            "message.html",
            visitor,
            job=job,
            reply=of_view(view, place),
            words=_words(job),
            options=_options(job),
            live=job.status in UNDECIDED,
            fresh=fresh,
            replacing=replacing,
            moving=Markup(moving),
            token=self._deps.access.new_form_token(),
        )

    def waiting(self, visitor: Visitor, job: Job, place: QueuePlace) -> str:
        """The moving part of a waiting job's message."""
        return self._renderer.page("moving.html", visitor, job=job, sentence=of_place(place), **_moving(job, None))

    def moving(self, visitor: Visitor, job: Job, progress: Progress | None) -> str:
        """The moving part of a running job's message."""
        sentence = of_progress(progress) if progress else Reason.of(f"working-{job.kind}")
        return self._renderer.page("moving.html", visitor, job=job, sentence=sentence, **_moving(job, progress))

    def announcement(self, visitor: Visitor, view: JobView) -> str:
        """What a screen reader says about a change."""
        return self._renderer.page("announcement.html", visitor, reply=of_view(view), words=_words(view.job))

    def notice(self, visitor: Visitor, reply: Reply) -> str:
        """An answer that only this page sees, and that is gone on the next visit."""
        return self._renderer.page("notice.html", visitor, reply=reply)

    def card(self, visitor: Visitor, artifact: Artifact, job: Job, *, away: bool) -> str:
        """One picture, large, with everything known about it; `away` from the channel, buttons lead there."""
        return self._renderer.page(
            "viewer.html",
            visitor,
            job=job,
            picture=attachment(artifact, job),
            words=_words(job),
            parameters=_parameters(artifact, job),
            away=away,
            token=self._deps.access.new_form_token(),
        )


def _moving(job: Job, progress: Progress | None) -> dict[str, Any]:
    context: dict[str, Any] = {"done": 0, "total": 0, "preview": "", "texts": ()}
    if isinstance(progress, ImageProgress):
        context |= {"done": progress.step, "total": progress.total}
        if progress.preview:
            context["preview"] = "data:image/webp;base64," + base64.b64encode(progress.preview).decode()
    elif isinstance(progress, TextProgress):
        # The engine writes more candidates than were asked for, and the best are kept.
        context["texts"] = tuple(text for text in progress.texts if text.strip())[: job.request.count]
    return context


def _words(job: Job) -> str:
    return prompt_of(job.request)


def _options(job: Job) -> dict[str, str]:
    """What the member chose; the seed stands with the result, for most of the time nobody chose it."""
    options = options_of(job.request)
    options.pop("seed", None)
    if not job.uploads:
        options.pop("strength", None)
    return options


def _parameters(artifact: Artifact, job: Job) -> dict[str, str]:
    """Everything that would make this picture again."""
    seed = "" if artifact.animated else str(artifact.seed)
    shown = _options(job) | {"count": "", "seed": seed, "size": f"{artifact.width} × {artifact.height}"}
    if result := job.result:
        shown["steps"] = str(result.num_inference_steps or "")
        shown["guidance"] = f"{result.guidance_scale:g}" if result.guidance_scale else ""
        shown["model"] = result.model
        shown["seconds"] = f"{result.seconds:.1f}"
    return {name: value for name, value in shown.items() if value}
