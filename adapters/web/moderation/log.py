"""The audit log: who decided what, whether anything in it was changed, and all of it as a file."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Moderator, Reads
from adapters.web.moderation.page import fragment, page
from adapters.web.moderation.reading import screen
from adapters.web.site import is_htmx
from adapters.web.visitor import Form
from bot.domain.audit import Detail, Entry
from bot.domain.identity import community_key
from bot.i18n import Translator
from bot.usecases import audit, ledger
from bot.usecases.docket import known

router = APIRouter(prefix="/moderation/log")
PAGE = 50


@router.get("")
async def entries(
    request: Request, me: Reads, site: OnSite, before: int | None = None, actor: str = "", action: str = ""
) -> Response:
    """The newest entries, or those before a number."""

    def wanted(entry: Entry) -> bool:
        return actor.strip() in entry.actor and action.strip() in entry.action

    found, more = await ledger.page(site.deps.desk.transactions, _community(me), PAGE, before, wanted)
    names = await known([entry.actor for entry in found], site.deps.desk.transactions)
    context: dict[str, Any] = {"entries": found, "more": more, "actor": actor, "action": action, "names": names}
    context["told"] = lambda detail: told(detail, me.visitor.translator)
    if is_htmx(request):
        return HTMLResponse(fragment(request, site, me, "entries.html", **context))
    return await page(request, site, me, "log.html", "log", **context)


@router.post("/verify")
async def verify(request: Request, form: Form, me: Reads, site: OnSite) -> Response:
    """Whether every entry is as it was written."""
    broken = await audit.verify(site.deps.desk.transactions)
    async with site.deps.desk.transactions() as tx:
        count, _ = await tx.audit.head()
    context: dict[str, Any] = {"broken": broken, "count": count}
    if is_htmx(request):
        return HTMLResponse(fragment(request, site, me, "verified.html", **context))
    return await page(request, site, me, "checked.html", "log", **context)


@router.get("/export")
async def export(me: Reads, site: OnSite) -> Response:
    """Every entry, oldest first, one JSON object a line."""

    async def lines() -> AsyncIterator[str]:
        async for entry in audit.export(site.deps.desk.transactions, community=_community(me)):
            yield json.dumps(asdict(entry) | {"detail": dict(entry.detail)}, ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(lines(), media_type="application/jsonl; charset=utf-8", headers=headers)


def told(detail: Mapping[str, Detail], words: Translator) -> list[tuple[str, str]]:
    """What else an entry holds, as it is read: times as times, screens by name, nothing that is nothing."""
    return [
        (name, _value(name, value, words))
        for name, value in detail.items()
        if value is not None and not (name == "grace" and not value)
    ]


def _value(name: str, value: Detail, words: Translator) -> str:
    match name, value:
        case "until", float() | int():
            return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M")
        case "grace", float() | int():
            return f"{value:g} s"
        case "source", str():
            return words.text(f"screen-{screen(value)}")
        case "stage" | "category", str() if words.knows(f"{name}-{value}"):
            return words.text(f"{name}-{value}")
    return str(value)


def _community(me: Moderator) -> str | None:
    return community_key(*me.place) if me.place else None
