"""Coming in by a one-time link, and going."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.channel import OnSite
from adapters.web.sessions import Session
from adapters.web.site import Site
from adapters.web.visitor import COOKIE, Anybody, Form, translator_of
from bot.domain.identity import Origin
from bot.usecases import account

router = APIRouter()


@router.get("/signin")
async def signin(request: Request, site: OnSite, token: str = "") -> Response:
    """Exchange a link for a session."""
    if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")):
        # A browser guessing where its user might go next must not use the link up.
        return Response(status_code=204)
    session = site.deps.access.redeem(token)
    if session is None:
        return sign_in_needed(request, site, "signin-used")
    if session.community:
        # From now on what they decide is read under their name, wherever they sign in.
        await account.member(_origin(session), site.deps.desk.transactions)
    # A page that moves on by itself, not a redirect: a SameSite=Strict cookie is not sent along a
    # redirect that began on somebody else's site, such as a mail or chat in which the link was sent.
    home = "/moderation" if session.community else "/"
    page = HTMLResponse(site.renderer.stranger("welcome.html", translator_of(request), home=home))
    page.set_cookie(
        COOKIE,
        site.deps.access.seal(session),
        max_age=int(session.until - session.since),
        httponly=True,
        samesite="strict",
        secure=site.deps.settings.secure,
    )
    return page


@router.post("/signout")
async def signout(_form: Form, me: Anybody, site: OnSite) -> Response:
    """End this browser's session."""
    site.deps.access.sessions.end(me.session.id)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def sign_in_needed(request: Request, site: Site, title: str = "signin-title") -> Response:
    """What to do without a session, said plainly."""
    translator = translator_of(request)
    page = site.renderer.stranger(
        "stranger.html",
        translator,
        title=translator.text(title),
        text=translator.text("signin-text"),
        command="huashen link",
        more=translator.text("signin-moderators"),
        back="",
    )
    # A fragment would appear inside the page that lost its session: have it load this page instead.
    return HTMLResponse(page, 401, headers={"HX-Refresh": "true"})


def _origin(session: Session) -> Origin:
    platform, user_id = session.account
    community = session.community[1] if session.community else None
    return Origin(platform, user_id, "", community, session.display_name, role=session.role)
