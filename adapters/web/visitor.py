"""Who is asking, and proof that an unsafe request came from a page of ours."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData

from adapters.web.deps import WebDeps
from adapters.web.sessions import Session
from bot.domain.errors import NotAllowed
from bot.domain.identity import Origin, Platform
from bot.i18n import Translator, negotiate, translator

COOKIE = "huashen_session"
FIELDS = 1000
"""Most fields of a form: a policy has many thresholds."""


class SignInNeeded(Exception):
    """There is no valid session: show how to get one."""


class Elsewhere(Exception):
    """This session is for moderating alone: that is where it leads."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in member and the language of their browser."""

    session: Session
    csrf: str
    translator: Translator
    channel: str

    def origin(self, token: str = "") -> Origin:
        """The plain ids that use cases know a member by."""
        return Origin(
            platform=Platform.WEB,
            user_id=self.session.user_id,
            channel_id=self.channel,
            display_name=self.session.display_name,
            role=self.session.role,
            locale=self.translator.locale,
            token=token,
        )

    def once(self, form_token: str, content: Mapping[str, object]) -> str:
        """An idempotency key: a double-click repeats it, another member or changed words do not."""
        parts = json.dumps([self.session.user_id, form_token, content], sort_keys=True, default=str)
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def deps_of(request: Request) -> WebDeps:
    """What create_app was given."""
    deps: WebDeps = request.app.state.deps
    return deps


def translator_of(request: Request) -> Translator:
    """The translator for the browser's languages."""
    return translator(negotiate(request.headers.get("accept-language", "")))


def anybody_of(request: Request) -> Visitor:
    """Whoever is signed in, for whatever; SignInNeeded when nobody is."""
    deps = deps_of(request)
    session = deps.access.open(request.cookies.get(COOKIE))
    if session is None:
        raise SignInNeeded
    return Visitor(session, deps.access.csrf(session), translator_of(request), deps.settings.channel)


def visitor_of(request: Request) -> Visitor:
    """The signed-in member; SignInNeeded when nobody is, Elsewhere when it is a community's moderator."""
    visitor = anybody_of(request)
    if visitor.session.community:
        raise Elsewhere
    return visitor


async def form_of(request: Request, visitor: Annotated[Visitor, Depends(anybody_of)]) -> AsyncIterator[FormData]:
    """The form of an unsafe request; NotAllowed unless a page of ours sent it."""
    if not _same_origin(request):
        raise NotAllowed("form-foreign")
    async with request.form(max_files=1, max_fields=FIELDS) as form:
        token = request.headers.get("x-csrf-token") or form.get("csrf")
        if not isinstance(token, str) or not deps_of(request).access.csrf_matches(visitor.session, token):
            raise NotAllowed("form-expired")
        yield form


def _same_origin(request: Request) -> bool:
    """Browsers name the origin of every unsafe request; the token proves the rest for those that do not."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


Deps = Annotated[WebDeps, Depends(deps_of)]
Me = Annotated[Visitor, Depends(visitor_of)]
Anybody = Annotated[Visitor, Depends(anybody_of)]
Form = Annotated[FormData, Depends(form_of)]
