"""Reading the channel: the page, older messages, one message, the composer, the quota, the event stream."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from markupsafe import Markup
from starlette.datastructures import QueryParams

from adapters.commandline import options_of
from adapters.web.feed import Feed
from adapters.web.site import Site, is_htmx, site_of, to_channel
from adapters.web.visitor import Me, Visitor
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact, Job, JobView
from bot.domain.quota import CAPTION_UNITS, MIX_UNITS, MORPH_UNITS, PICTURE_UNITS, UPSCALE_UNITS
from bot.domain.requests import COUNT_LIMIT, IMAGE_LIMIT, PROMPT_LIMIT, CaptionRequest, prompt_of
from bot.domain.studio import MORPHED
from bot.usecases import account, remake
from bot.usecases.submit import Desk

router = APIRouter()
OnSite = Annotated[Site, Depends(site_of)]
PAGE = 20
"""Messages loaded at a time."""
UNITS = {
    "avatar": PICTURE_UNITS,
    "caption": CAPTION_UNITS,
    "mix": MIX_UNITS,
    "morph": MORPH_UNITS,
    "restyle": PICTURE_UNITS,
    "upscale": UPSCALE_UNITS,
    "find": 0,
}
"""What the composer's commands cost, the avatar's for each picture."""
COMPOSED = tuple(UNITS)
"""The commands that the composer has a form for."""


class _Options(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the composer is filled with."""

    command: str = "avatar"
    text: str = ""
    options: Mapping[str, str] = field(default_factory=_Options)
    bases: tuple[str, ...] = ()
    """The member's own pictures to begin from."""
    focus: bool = False


@router.get("/")
async def channel(request: Request, me: Me, site: OnSite, before: float | None = None) -> Response:
    """The page, with the newest messages, or with those before a moment."""
    views = await account.history(me.origin(), site.deps.desk.transactions, PAGE, before)
    composing = composer(site, await _draft(site, me, request.query_params))
    # A page of older messages gets only what begins from now on; the ones between would be out of order there.
    newest = site.deps.desk.clock.now() if before else views[0].job.created_at if views else 0.0
    context = {"place": "channel", "newest": newest}
    return await site.framed("channel.html", me, **context, **composing, **await _rendered(site, me, views))


@router.get("/history")
async def history(me: Me, site: OnSite, before: float) -> Response:
    """Older messages, for the top of the list."""
    views = await account.history(me.origin(), site.deps.desk.transactions, PAGE, before)
    return site.fragment("history.html", me, **await _rendered(site, me, views))


@router.get("/jobs/{job_id}")
async def message(request: Request, job_id: str, me: Me, site: OnSite) -> Response:
    """One message as it is now."""
    if not is_htmx(request):
        return to_channel(request, job_id)
    view = await account.view(me.origin(), job_id, site.deps.desk.transactions)
    return HTMLResponse(await site.messages.render(me, view))


@router.get("/composer")
async def fill_composer(request: Request, me: Me, site: OnSite) -> Response:
    """The composer, filled from a job to edit, a picture to start from, or a suggestion."""
    return site.fragment("composer.html", me, **composer(site, await _draft(site, me, request.query_params)))


@router.get("/quota")
async def quota(request: Request, me: Me, site: OnSite) -> Response:
    """The quota bar."""
    if not is_htmx(request):
        return to_channel(request)
    return site.fragment("quota.html", me, **await site.quota(me))


@router.get("/events")
async def events(me: Me, site: OnSite, since: float = 0.0) -> Response:
    """Live news for one page, whose newest message was made at `since`."""
    feed = Feed(me, site.deps, site.messages, site.progress, since)
    # no-transform and the X- header keep proxies from collecting what should flow.
    headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(feed.stream(), media_type="text/event-stream", headers=headers)


def composer(site: Site, draft: Draft) -> dict[str, object]:
    """What the composer's template needs."""
    return {
        "draft": draft,
        "token": site.deps.access.new_form_token(),
        "image_limit": IMAGE_LIMIT,
        "count_limit": COUNT_LIMIT,
        "candidates_limit": site.deps.desk.policy.candidates,
        "models": site.deps.models.get("avatar", ()),
        "composed": COMPOSED,
        "units": UNITS,
    }


async def _draft(site: Site, me: Visitor, query: QueryParams) -> Draft:
    """From a job to edit, pictures to start from, or a suggestion; from something gone, an empty one."""
    desk, origin = site.deps.desk, me.origin()
    command = query.get("command", "")
    draft = Draft(command if command in COMPOSED else "avatar", query.get("text", "")[:PROMPT_LIMIT], focus=bool(query))
    if job_id := query.get("job"):
        with suppress(NotFound):
            job = (await account.view(origin, job_id, desk.transactions)).job
            options = _Options(options_of(job.request))
            if isinstance(job.request, CaptionRequest):
                options["captions"] = options.pop("count", "")
            bases = tuple([base async for base, _, _ in _own(job.parents, origin, desk)])
            return replace(draft, command=job.kind, text=prompt_of(job.request), options=options, bases=bases)
    async for base, artifact, its_job in _own(query.getlist("base")[: MORPHED[1]], origin, desk):
        draft = replace(draft, bases=(*draft.bases, base))
        if draft.command == "restyle" and not draft.text:
            draft = replace(draft, text=await remake.words_of(artifact, its_job, desk))
    return draft


async def _own(ids: Sequence[str], origin: Origin, desk: Desk) -> AsyncIterator[tuple[str, Artifact, Job]]:
    """Those of the pictures that are there and the member's own, with the jobs that made them."""
    for artifact_id in dict.fromkeys(ids):
        with suppress(NotFound):
            artifact, job = await account.artwork(origin, artifact_id, desk.transactions)
            if not artifact.animated:
                yield artifact_id, artifact, job


async def _rendered(site: Site, me: Visitor, views: list[JobView]) -> dict[str, object]:
    """Messages, oldest first, and the moment before which there may be more."""
    older = views[-1].job.created_at if len(views) == PAGE else None
    return {"messages": [Markup(await site.messages.render(me, view)) for view in reversed(views)], "older": older}
