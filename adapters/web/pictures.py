"""Pictures, to their owner alone, and the gallery."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.presentation import attachment
from adapters.web.channel import OnSite
from adapters.web.site import is_away, is_htmx
from adapters.web.visitor import Me
from bot.usecases import account
from bot.usecases.find import find as find_pictures
from bot.usecases.pick import numbers

router = APIRouter()
PAGE = 24
"""Pictures loaded at a time."""
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What a browser may show inline; anything else is only ever downloaded."""


@router.get("/gallery")
async def gallery(
    request: Request, me: Me, site: OnSite, before: float | None = None, find: str = "", picked: str = "", to: str = ""
) -> Response:
    """The member's pictures, newest first, or those that fit words, best first.

    `picked` is the first of several that are chosen `to` be mixed or morphed.
    """
    numbered = await numbers(me.origin(), site.deps.desk.transactions)
    if find.strip():
        scored = await find_pictures(find, me.origin(), site.deps.desk, PAGE)
        cards = [(attachment(artifact, job), job) for artifact, job, _ in scored]
        return await site.framed(
            "gallery.html",
            me,
            place="gallery",
            cards=cards,
            older=None,
            find=find,
            picked="",
            to="",
            numbered=numbered,
        )
    found = await account.gallery(me.origin(), site.deps.desk.transactions, PAGE, before)
    if len(found) == PAGE:
        # Pictures of one job share their moment: leave the last job to the next page rather than cut it in two.
        last = found[-1][0].created_at
        found = [pair for pair in found if pair[0].created_at != last] or found
    older = found[-1][0].created_at if len(found) >= PAGE - 4 else None
    cards = [(attachment(artifact, job), job) for artifact, job in found]
    if is_htmx(request):
        return site.fragment("cards.html", me, cards=cards, older=older, picked="", selecting=True, numbered=numbered)
    if picked and picked not in {artifact.id for artifact, _ in found}:
        artifact, job = await account.artwork(me.origin(), picked, site.deps.desk.transactions)
        cards.insert(0, (attachment(artifact, job), job))
    return await site.framed(
        "gallery.html",
        me,
        place="gallery",
        cards=cards,
        older=older,
        find="",
        picked=picked,
        to=to,
        numbered=numbered,
    )


@router.get("/pictures/{artifact_id}")
async def picture(request: Request, artifact_id: str, me: Me, site: OnSite, download: bool = False) -> Response:
    """The file itself. Its content never changes, so browsers may keep it; nobody else may."""
    desk = site.deps.desk
    artifact, job = await account.artwork(me.origin(), artifact_id, desk.transactions)
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{artifact.sha256}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    shown = artifact.media_type in MEDIA_TYPES
    name = quote(attachment(artifact, job).filename)
    disposition = "inline" if shown and not download else "attachment"
    headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{name}"
    content = await desk.artifacts.get(artifact.name)
    return Response(content, media_type=artifact.media_type if shown else "application/octet-stream", headers=headers)


@router.get("/pictures/{artifact_id}/view")
async def viewer(request: Request, artifact_id: str, me: Me, site: OnSite) -> Response:
    """One picture at its largest, with its parameters and what can be done with it."""
    if not is_htmx(request):
        return RedirectResponse(f"/pictures/{artifact_id}", 303)
    artifact, job = await account.artwork(me.origin(), artifact_id, site.deps.desk.transactions)
    return HTMLResponse(site.messages.card(me, artifact, job, away=is_away(request)))
