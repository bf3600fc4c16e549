"""For the owner's monitoring: is it alive, can it serve, what has it done."""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from adapters.web.visitor import COOKIE, Deps, deps_of

router = APIRouter()
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


@router.get("/healthz")
async def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def ready(deps: Deps) -> Response:
    """Every part answers, or 503 and which does not."""
    parts = dict(await deps.health())
    return JSONResponse(parts, 200 if all(parts.values()) else 503)


@router.get("/metrics")
async def metrics(request: Request, deps: Deps) -> Response:
    """Prometheus' text format, for this machine, a signed-in member, or whoever has the token."""
    if not _may_measure(request):
        return PlainTextResponse("Use this machine, a session, or a bearer token.\n", 403)
    return Response(generate_latest(deps.registry), media_type=CONTENT_TYPE_LATEST)


def _may_measure(request: Request) -> bool:
    deps = deps_of(request)
    # Behind a proxy on this machine every visitor seems to come from here.
    proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if request.client and request.client.host in LOOPBACK and not proxied:
        return True
    session = deps.access.open(request.cookies.get(COOKIE))
    if session and not session.community:
        return True
    token = deps.settings.metrics_token
    given = request.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
