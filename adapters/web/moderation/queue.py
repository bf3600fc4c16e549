"""The cases: the list, one case beside it, and its pictures."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Moderator, Reads
from adapters.web.moderation.page import DAY, GREY, HOUR, fragment, page
from adapters.web.moderation.reading import read
from adapters.web.pictures import MEDIA_TYPES
from adapters.web.site import Site, is_htmx
from adapters.web.visitor import Form
from bot.domain.errors import NotFound
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Stage
from bot.domain.requests import prompt_of
from bot.usecases import review
from bot.usecases.docket import Docket, docket, known
from bot.usecases.review import CaseView

router = APIRouter(prefix="/moderation")
SHOWN = 200
"""Cases of one list; nobody reads on before these are decided."""
SUFFIXES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
REASONS = tuple(
    category for category in Category if category not in (Category.UNSCREENED, Category.REPORTED, Category.APPEALED)
)
"""What a rejection can be for; the digits of the keyboard, in this order."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are listed."""

    stage: str = ""
    category: str = ""
    only: str = ""
    """'mine' or 'escalated'."""
    status: str = "open"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """From an address; what is unknown filters nothing."""
        status = query.get("status", "")
        return cls(
            query.get("stage", "") if query.get("stage") in set(Stage) else "",
            query.get("category", "") if query.get("category") in set(Category) else "",
            query.get("only", "") if query.get("only") in ("mine", "escalated") else "",
            status if status in set(CaseStatus) else "open",
        )

    @property
    def query(self) -> str:
        """As it stands in an address."""
        given = {"stage": self.stage, "category": self.category, "only": self.only}
        given |= {"status": "" if self.status == "open" else self.status}
        return urlencode({name: value for name, value in given.items() if value})

    def take(self, row: "Row") -> bool:
        """Whether a case is listed."""
        case = row.case
        if self.stage not in ("", case.stage) or self.category not in ("", case.cause.category):
            return False
        return self.only == "" or (row.mine if self.only == "mine" else case.escalated_at is not None)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list."""

    view: CaseView
    words: str
    level: str
    """How long it has waited: 'new', 'waiting' or 'late'."""
    claimed: bool
    mine: bool

    @property
    def case(self) -> ReviewCase:
        """The case itself."""
        return self.view.case


@router.get("")
async def queue(request: Request, me: Reads, site: OnSite) -> Response:
    """The list, with the first case beside it."""
    return await _whole(request, site, me, None)


@router.get("/list")
async def listed(request: Request, me: Reads, site: OnSite, seen: str = "") -> Response:
    """The list as it is now; nothing where that is what the page has."""
    context = await _list(site, me, Filters.of(request.query_params))
    body = fragment(request, site, me, "list.html", **context)
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    if seen == digest:
        return Response(status_code=204)
    return HTMLResponse(fragment(request, site, me, "list.html", **context | {"seen": digest}))


@router.get("/cases/{case_id}")
async def case(request: Request, case_id: str, me: Reads, site: OnSite, seen: str = "") -> Response:
    """One case: beside the list, or for the page that shows it as it is now."""
    found = await docket(case_id, me.place, site.deps.desk.transactions, site.deps.desk.clock)
    if not is_htmx(request):
        return await _whole(request, site, me, found)
    if seen and seen == read(found, site.deps.desk.clock.now()).digest:
        return Response(status_code=204)
    return HTMLResponse(case_body(request, site, me, found))


@router.get("/cases/{case_id}/pictures/{index}")
async def picture(case_id: str, index: int, me: Reads, site: OnSite) -> Response:
    """A picture of a case, for moderators' eyes, never kept by a browser."""
    desk = site.deps.desk
    names = (await docket(case_id, me.place, desk.transactions, desk.clock)).view.pictures
    if not 0 <= index < len(names):
        raise NotFound("picture-not-found")
    kind = SUFFIXES.get(PurePath(names[index]).suffix.lower(), "")
    headers = {"Content-Disposition": "inline" if kind in MEDIA_TYPES else "attachment"}
    return Response(
        await desk.artifacts.get(names[index]), media_type=kind or "application/octet-stream", headers=headers
    )


@router.post("/grey")
async def grey(request: Request, form: Form, me: Reads) -> Response:
    """Every picture grey from now on, or no longer."""
    response = RedirectResponse("/moderation", 303)
    response.set_cookie(GREY, "1" if form.get("grey") else "", httponly=True, samesite="strict", max_age=365 * DAY)
    return response


def case_body(request: Request, site: Site, me: Moderator, found: Docket) -> str:
    """A case as a piece of a page."""
    return fragment(request, site, me, "case.html", **case_context(site, me, found))


def case_context(site: Site, me: Moderator, found: Docket) -> dict[str, Any]:
    """What a case's template needs."""
    view = found.view
    return {
        "docket": found,
        "names": found.names,
        "case": view.case,
        "job": view.job,
        "read": read(found, site.deps.desk.clock.now()),
        "row": _row(site, me, view),
        "reasons": REASONS,
    }


async def _whole(request: Request, site: Site, me: Moderator, found: Docket | None) -> Response:
    context = await _list(site, me, Filters.of(request.query_params))
    body = Markup(case_body(request, site, me, found)) if found else Markup("")
    opened = found.view.case.id if found else ""
    return await page(request, site, me, "queue.html", "queue", case_html=body, **context | {"opened": opened})


async def _list(site: Site, me: Moderator, filters: Filters) -> dict[str, Any]:
    desk = site.deps.desk
    status = CaseStatus(filters.status)
    # A platform's private chats have no community to ask for by name.
    community = (me.place[0], me.place[1]) if me.place and me.place[1] else None
    views = await review.cases(desk.transactions, status, SHOWN, community)
    rows = [_row(site, me, view) for view in views if me.sees(view.job.origin.platform, view.job.origin.community_id)]
    if status is not CaseStatus.OPEN:
        rows.reverse()
    return {
        "rows": [row for row in rows if filters.take(row)],
        "total": len(rows),
        "filters": filters,
        "stages": Counter(row.case.stage for row in rows),
        "categories": Counter(row.case.cause.category for row in rows),
        "mine": sum(row.mine for row in rows),
        "escalated": sum(row.case.escalated_at is not None for row in rows),
        "opened": "",
        "seen": "",
        "reasons": REASONS,
        "statuses": tuple(CaseStatus),
        "names": await known([row.case.claimed_by for row in rows if row.claimed], desk.transactions),
    }


def _row(site: Site, me: Moderator, view: CaseView) -> Row:
    now, found = site.deps.desk.clock.now(), view.case
    waited = now - found.opened_at
    level = "new" if waited < HOUR else "waiting" if waited < 12 * HOUR else "late"
    claimed = found.claimed_by is not None and (found.claimed_until or 0) > now
    return Row(
        view, prompt_of(view.job.request) or f"/{view.job.kind}", level, claimed, claimed and found.claimed_by == me.by
    )
