"""Who is signed in: one's own sessions, and to an owner those of the community's moderators; each can be ended."""

import hashlib

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import CHOSEN, Decides, Moderator, Reads, place_key, place_of
from adapters.web.moderation.page import DAY, page
from adapters.web.sessions import Session
from adapters.web.site import Site
from adapters.web.visitor import COOKIE, Form
from bot.domain.errors import NotAllowed, NotFound

STAYING = frozenset({"policy", "voice", "report", "log", "sessions"})
"""Pages that show another community in place; the list of cases is where everything else leads."""
router = APIRouter(prefix="/moderation")


@router.get("/sessions")
async def sessions(request: Request, me: Reads, site: OnSite) -> Response:
    """The sessions that this person may end."""
    found = [(handle(each), each) for each in _endable(site, me)]
    return await page(request, site, me, "sessions.html", "sessions", sessions=found)


@router.post("/sessions/{name}/end")
async def end(name: str, form: Form, me: Decides, site: OnSite) -> Response:
    """End one session."""
    found = next((each for each in _endable(site, me) if handle(each) == name), None)
    if found is None:
        raise NotFound("session-not-found")
    site.deps.access.sessions.end(found.id)
    return _out() if found.id == me.visitor.session.id else RedirectResponse("/moderation/sessions", 303)


@router.post("/sessions/everywhere")
async def everywhere(form: Form, me: Reads, site: OnSite) -> Response:
    """End all of one's own."""
    site.deps.access.sessions.end_all(me.visitor.session.account)
    return _out()


@router.post("/community")
async def choose(form: Form, me: Reads) -> Response:
    """Which community the machine's owner looks at."""
    if not me.machine:
        raise NotAllowed("owners-only")
    here = str(form.get("nav", ""))
    response = RedirectResponse(f"/moderation/{here}" if here in STAYING else "/moderation", 303)
    chosen = place_key(place_of(str(form.get("community", ""))))
    response.set_cookie(CHOSEN, chosen, httponly=True, samesite="strict", max_age=365 * DAY)
    return response


def handle(session: Session) -> str:
    """A name for a session that opens nothing."""
    return hashlib.sha256(f"handle:{session.id}".encode()).hexdigest()[:24]


def _endable(site: Site, me: Moderator) -> list[Session]:
    """One's own; to a community's owner those for it; to the machine's owner every one."""
    own = me.visitor.session

    def may(session: Session) -> bool:
        theirs = me.owner and session.community is not None and session.community == own.community
        return session.account == own.account or me.machine or theirs

    return [session for session in site.deps.access.sessions.everybody() if may(session)]


def _out() -> Response:
    response = RedirectResponse("/moderation", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
