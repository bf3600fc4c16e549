"""The FastAPI application: routes, the gate before them, and every error as one sentence."""

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from adapters.web import channel, commands, operations, pictures, signin, studio
from adapters.web.deps import WebDeps
from adapters.web.moderation import deciding, log, members, policy, queue, report, signins, voice
from adapters.web.render import STATIC
from adapters.web.security import Gate
from adapters.web.site import Site, problem, site_of
from adapters.web.visitor import Elsewhere, SignInNeeded, anybody_of
from bot.domain.errors import (
    Conflict,
    HuashenError,
    InvalidRequest,
    NoAnswer,
    NotAllowed,
    NotFound,
    Reason,
    StorageUnavailable,
)

STATUS: dict[type[HuashenError], int] = {
    InvalidRequest: 422,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    NoAnswer: 503,
    StorageUnavailable: 503,
}

CONSOLE = (queue, deciding, members, policy, voice, log, report, signins)
"""The pages under /moderation."""


class _Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        # With a version in the address the content never changes; without one, ask each time.
        fixed = b"v=" in scope["query_string"]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fixed else "no-cache"
        return response


def create_app(deps: WebDeps) -> FastAPI:
    """The whole page over these use cases; serve it with one uvicorn worker, for its events live in this process."""
    app = FastAPI(title="Huashen", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.deps = deps
    app.state.site = Site.build(deps)
    app.mount("/static", _Static(directory=STATIC), name="static")
    for module in (operations, signin, channel, commands, pictures, studio, *CONSOLE):
        app.include_router(module.router)
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(HuashenError, _sentence)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    own_name = urlsplit(deps.settings.base_url).hostname or ""
    app.add_middleware(Gate, hosts=(*deps.settings.hosts, own_name))
    return app


async def _sign_in(request: Request, _error: Exception) -> Response:
    if request.url.path == "/events":
        # Anything but 200 stops an EventSource; the page finds out when it is next used.
        return PlainTextResponse("", 401)
    return signin.sign_in_needed(request, site_of(request))


async def _elsewhere(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/moderation", 303)


async def _sentence(request: Request, error: Exception) -> Response:
    assert isinstance(error, HuashenError)
    # A file just past the limit is refused by the request itself, a much larger one already by the gate.
    large = error.reason.message == "image-too-large"
    return _told(request, error.reason, 413 if large else STATUS.get(type(error), 400))


async def _unexpected(request: Request, _error: Exception) -> Response:
    # The server logs the error itself; whoever is looking gets a sentence in place of it.
    return _told(request, Reason.of("unexpected"), 500)


async def _malformed(request: Request, _error: Exception) -> Response:
    return _told(request, Reason.of("request-malformed"), 400)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = Reason.of("page-not-found" if error.status_code == 404 else "request-malformed")
    return _told(request, reason, error.status_code)


def _told(request: Request, reason: Reason, status: int) -> Response:
    try:
        visitor = anybody_of(request)
    except SignInNeeded:
        return signin.sign_in_needed(request, site_of(request))
    return problem(request, site_of(request), visitor, reason, status)
