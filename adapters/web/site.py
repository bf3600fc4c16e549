"""One value with everything the routes share, made once by create_app."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.presentation import of_quota
from adapters.web.deps import WebDeps
from adapters.web.messages import LatestProgress, Messages
from adapters.web.render import Renderer
from adapters.web.visitor import Visitor
from bot.domain.errors import Reason
from bot.domain.identity import Role
from bot.usecases import account


@dataclass(frozen=True, slots=True)
class Site:
    """What is rendered with what."""

    deps: WebDeps
    renderer: Renderer
    messages: Messages
    progress: LatestProgress

    @classmethod
    def build(cls, deps: WebDeps) -> "Site":
        """Everything behind the routes."""
        renderer = Renderer(deps.styles, deps.tones, deps.settings.channel)
        progress = LatestProgress()
        return cls(deps, renderer, Messages(deps, renderer, progress), progress)

    async def quota(self, visitor: Visitor) -> dict[str, Any]:
        """What the quota bar shows."""
        desk = self.deps.desk
        state = await account.quota(visitor.origin(), desk.transactions, desk.clock, desk.policy)
        now = desk.clock.now()
        sentence = of_quota(state, now)
        return {"quota": state, "quota_sentence": sentence, "quota_hours": sentence.values()["hours"]}

    async def framed(self, template: str, visitor: Visitor, **context: Any) -> Response:
        """A whole page inside the frame."""
        return HTMLResponse(self.renderer.page(template, visitor, **context, **await self.quota(visitor)))

    def fragment(self, template: str, visitor: Visitor, **context: Any) -> Response:
        """A piece of a page."""
        return HTMLResponse(self.renderer.page(template, visitor, **context))


def site_of(request: Request) -> Site:
    """The one that create_app made."""
    site: Site = request.app.state.site
    return site


def is_htmx(request: Request) -> bool:
    """Whether our script asks for a fragment, rather than a browser for a page."""
    return request.headers.get("hx-request") == "true"


def is_away(request: Request) -> bool:
    """Whether the fragment is for a page other than the channel, which has no message list to add to."""
    address = request.headers.get("hx-current-url", "")
    return "/gallery" in address or "/pictures/" in address


def under_moderation(request: Request) -> bool:
    """Whether it is one of the moderators' pages."""
    return request.url.path.startswith("/moderation")


def to_channel(request: Request, job_id: str = "") -> Response:
    """On to the channel, for a form or for our script."""
    target = f"/#job-{job_id}" if job_id else "/"
    if is_htmx(request):
        return Response(headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


def problem(request: Request, site: Site, visitor: Visitor, reason: Reason, status: int) -> Response:
    """One sentence about what went wrong, where the member is looking."""
    if not is_htmx(request):
        translator = visitor.translator
        moderates = under_moderation(request) and visitor.session.role is Role.OWNER
        console = moderates or visitor.session.community is not None
        page = site.renderer.stranger(
            "stranger.html",
            translator,
            title=translator.text("problem-title"),
            text=translator.text(reason),
            command="",
            more="",
            back=translator.text("problem-back-moderation" if console else "problem-back"),
            home="/moderation" if console else "/",
        )
        return HTMLResponse(page, status)
    in_composer = request.headers.get("hx-target") == "composer" and request.url.path == "/commands"
    headers = {"HX-Retarget": "#composer-error" if in_composer else "#toasts", "HX-Reswap": "innerHTML"}
    if under_moderation(request):
        # Most often somebody else was faster: the list and the case show what became of it.
        headers["HX-Trigger"] = "queue"
    return HTMLResponse(site.renderer.page("error.html", visitor, reason=reason), status, headers)
