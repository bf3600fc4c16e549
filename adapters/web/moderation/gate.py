"""Who moderates: a session, the community it is for, and what the platform says of them now.

A role may end while its session goes on. So the platform is asked again: at most RECENT seconds ago for what is only
read, at this moment for whatever is decided. A platform that cannot be asked is no role.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from adapters.web.deps import WebDeps
from adapters.web.sessions import Session
from adapters.web.visitor import Visitor, anybody_of, deps_of
from bot.domain.errors import InvalidRequest, NotAllowed
from bot.domain.identity import Origin, Platform, Role
from bot.ports import PlatformBusy

RECENT = 30.0
"""Seconds for which an answer of the platform is good enough for reading."""
MANY = 1000
CHOSEN = "huashen_community"
"""The cookie in which the machine's owner keeps which community they look at; it opens nothing by itself."""
Place = tuple[Platform, str | None]
"""A community, or with None a platform's private chats."""


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who may see the cases of `place`; None is everywhere, for the machine's owner alone."""

    visitor: Visitor
    role: Role
    place: Place | None

    @property
    def by(self) -> str:
        """The account that decides, as it is written down."""
        platform, user_id = self.visitor.session.account
        return f"{platform.value}:{user_id}"

    @property
    def owner(self) -> bool:
        """Whether they own the community, or the machine."""
        return self.role is Role.OWNER

    @property
    def machine(self) -> bool:
        """Whether they own the machine."""
        return self.visitor.session.community is None

    def sees(self, platform: Platform, community_id: str | None) -> bool:
        """Whether something of there is theirs to see."""
        return self.place in (None, (platform, community_id))

    def somewhere(self) -> Place:
        """The one place they look at; InvalidRequest while that is everywhere."""
        if self.place is None:
            raise InvalidRequest("community-choose")
        return self.place

    def origin(self) -> Origin:
        """The plain ids by which use cases know who decides, and where."""
        platform, community_id = self.somewhere()
        session = self.visitor.session
        return Origin(
            platform=platform,
            user_id=session.user_id,
            channel_id="",
            community_id=community_id,
            display_name=session.display_name,
            role=self.role,
            locale=self.visitor.translator.locale,
        )


class Roles:
    """What platforms said of moderators lately."""

    def __init__(self, deps: WebDeps) -> None:
        self._deps = deps
        self._known: OrderedDict[tuple[Platform, str, str], tuple[Role, float]] = OrderedDict()

    async def of(self, session: Session, *, freshly: bool) -> Role:
        """Somebody's role in their session's community; NotAllowed when the platform cannot tell."""
        if session.community is None:
            return session.role
        now, key = self._deps.desk.clock.now(), (*session.community, session.user_id)
        role, asked_at = self._known.get(key, (Role.MEMBER, -RECENT))
        if not freshly and 0 <= now - asked_at < RECENT:
            return role
        try:
            role = await self._deps.ranks.rank(*key)
        except PlatformBusy:
            self._known.pop(key, None)
            raise NotAllowed("rank-unknown", platform=key[0].value.capitalize()) from None
        self._known[key] = role, now
        if len(self._known) > MANY:
            self._known.popitem(last=False)
        return role


def place_key(place: Place | None) -> str:
    """A place as a form and a cookie have it; empty is everywhere."""
    return f"{place[0].value}:{place[1] or ''}" if place else ""


def place_of(key: str) -> Place | None:
    """The inverse; what is not a place is everywhere."""
    platform, _, community_id = key.partition(":")
    return (Platform(platform), community_id or None) if platform in set(Platform) else None


async def moderator_of(request: Request) -> Moderator:
    """Whoever reads; NotAllowed when they moderate nothing, or no longer."""
    return await _admitted(request, freshly=False)


async def decider_of(request: Request) -> Moderator:
    """Whoever decides, with the role that they have at this moment."""
    return await _admitted(request, freshly=True)


async def owner_of(request: Request) -> Moderator:
    """An owner who decides."""
    moderator = await decider_of(request)
    if not moderator.owner:
        raise NotAllowed("owners-only")
    return moderator


async def _admitted(request: Request, *, freshly: bool) -> Moderator:
    visitor = anybody_of(request)
    session = visitor.session
    role = await _roles(request).of(session, freshly=freshly)
    if session.community is None:
        if role is not Role.OWNER:
            raise NotAllowed("moderators-only")
        return Moderator(visitor, role, place_of(request.cookies.get(CHOSEN, "")))
    if not role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-no-longer")
    return Moderator(visitor, role, session.community)


def _roles(request: Request) -> Roles:
    if not hasattr(request.app.state, "roles"):
        request.app.state.roles = Roles(deps_of(request))
    roles: Roles = request.app.state.roles
    return roles


Reads = Annotated[Moderator, Depends(moderator_of)]
Decides = Annotated[Moderator, Depends(decider_of)]
Owns = Annotated[Moderator, Depends(owner_of)]
