"""Pages of the console: what every template of it is given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from adapters.web.moderation.gate import Moderator, Place, place_key
from adapters.web.moderation.reading import screen
from adapters.web.site import Site
from bot.domain.identity import Platform
from bot.i18n import Translator

GREY = "huashen_grey"
"""The cookie of whoever wants every picture grey, also when it is shown."""
MINUTE, HOUR, DAY = 60, 3600, 86_400


async def page(
    request: Request, site: Site, moderator: Moderator, template: str, place: str, status: int = 200, **context: Any
) -> Response:
    """A whole page; `place` is where it stands in the navigation."""
    shared = {
        "nav": place,
        "places": await _places(site, moderator),
        **fragment_context(request, site, moderator, context.pop("names", {})),
    }
    return HTMLResponse(site.renderer.page(f"moderation/{template}", moderator.visitor, **shared, **context), status)


def fragment(request: Request, site: Site, moderator: Moderator, template: str, **context: Any) -> str:
    """A piece of a page."""
    shared = fragment_context(request, site, moderator, context.pop("names", {}))
    return site.renderer.page(f"moderation/{template}", moderator.visitor, **shared, **context)


def fragment_context(
    request: Request, site: Site, moderator: Moderator, members: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What pages and fragments share; `members` are names of accounts that the database knows."""
    words, now = moderator.visitor.translator, site.deps.desk.clock.now()
    names = dict(members) | _names(site)
    return {
        "moderator": moderator,
        "here": place_key(moderator.place),
        "here_name": place_name(moderator.place, words, _communities(site)),
        "grey": request.cookies.get(GREY) == "1",
        "now": now,
        "age": lambda since: span(now - since, words),
        "span": lambda seconds: span(seconds, words),
        "screen": screen,
        "who": lambda by: who(by, moderator, names),
    }


def span(seconds: float, words: Translator) -> str:
    """A length of time in one unit."""
    seconds = max(0, seconds)
    if seconds < HOUR:
        return words.text("span-minutes", n=int(seconds // MINUTE))
    if seconds < 2 * DAY:
        return words.text("span-hours", n=int(seconds // HOUR))
    return words.text("span-days", n=int(seconds // DAY))


def who(by: str | None, moderator: Moderator, names: Mapping[str, str]) -> str:
    """Somebody who decided, by the name under which they last signed in here."""
    by = by or ""
    if by == moderator.by:
        return moderator.visitor.session.display_name
    if by == "policy":
        return moderator.visitor.translator.text("by-policy")
    return names.get(by) or (moderator.visitor.translator.text("by-machine") if by.endswith(":owner") else by)


def place_name(place: Place | None, words: Translator, names: Mapping[Place, str]) -> str:
    """A community as its moderators know it."""
    if place is None:
        return words.text("place-everywhere")
    platform, community_id = place
    if community_id is None:
        return (
            words.text("place-web")
            if platform is Platform.WEB
            else f"{_title(platform)} · {words.text('place-private')}"
        )
    return names.get(place) or f"{_title(platform)} · {community_id}"


def _title(platform: Platform) -> str:
    return platform.value.capitalize()


async def _places(site: Site, moderator: Moderator) -> list[tuple[str, str]]:
    """What the machine's owner can choose from."""
    if not moderator.machine:
        return []
    async with site.deps.desk.transactions() as tx:
        known: list[Place | None] = [None, *await tx.screenings.places()]
    if moderator.place not in known:
        known.append(moderator.place)
    names = _communities(site)
    return [(place_key(place), place_name(place, moderator.visitor.translator, names)) for place in known]


def _names(site: Site) -> dict[str, str]:
    sessions = site.deps.access.sessions.everybody()
    return {f"{each.account[0].value}:{each.account[1]}": each.display_name for each in reversed(sessions)}


def _communities(site: Site) -> dict[Place, str]:
    """Names that the bot told with its links."""
    sessions = site.deps.access.sessions.everybody()
    return {each.community: each.community_name for each in sessions if each.community and each.community_name}
