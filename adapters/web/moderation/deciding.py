"""What moderators do about cases. Every form is proven, and the role asked for anew, before anything happens."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Decides, Moderator
from adapters.web.moderation.page import fragment
from adapters.web.moderation.queue import REASONS, case_body
from adapters.web.site import Site, is_htmx, problem
from adapters.web.visitor import Form
from bot.domain.errors import HuashenError, NotFound, Reason
from bot.domain.moderation import CaseStatus, Category
from bot.usecases import casework, review
from bot.usecases.docket import docket

router = APIRouter(prefix="/moderation")
AT_ONCE = 50
"""Most cases that are decided by one form."""


@router.post("/cases/{case_id}/{verb}")
async def act(request: Request, case_id: str, verb: str, form: Form, me: Decides, site: OnSite) -> Response:
    """One thing about one case."""
    if verb not in VERBS:
        raise NotFound("page-not-found")
    desk = site.deps.desk
    # Of another community there is no such case, whatever its id.
    found = await docket(case_id, me.place, desk.transactions, desk.clock)
    await VERBS[verb](site, me, found.view.case.id, form)
    if not is_htmx(request):
        return RedirectResponse(f"/moderation/cases/{found.view.case.id}", 303)
    after = await docket(found.view.case.id, me.place, desk.transactions, desk.clock)
    body = case_body(request, site, me, after)
    if verb in ("approve", "reject"):
        return HTMLResponse(
            body + _toast(request, site, me, [after.view.case.id], 0), headers={"HX-Trigger": "decided"}
        )
    return HTMLResponse(body, headers={"HX-Trigger": "queue"})


@router.post("/decide/{verb}")
async def decide(request: Request, verb: str, form: Form, me: Decides, site: OnSite) -> Response:
    """The same decision about several cases; who was faster about one of them has decided that."""
    if verb not in ("approve", "reject"):
        raise NotFound("page-not-found")
    done, lost = await _each(site, me, form, VERBS[verb])
    if not is_htmx(request):
        return RedirectResponse("/moderation", 303)
    if not done:
        return problem(request, site, me.visitor, lost[0] if lost else Reason.of("select-first"), 409)
    return HTMLResponse(_toast(request, site, me, done, len(lost)), headers={"HX-Trigger": "queue"})


@router.post("/undo")
async def undo(request: Request, form: Form, me: Decides, site: OnSite) -> Response:
    """Take decisions back within their minute."""
    done, lost = await _each(site, me, form, _undo)
    if not is_htmx(request):
        return RedirectResponse("/moderation", 303)
    if not done:
        return problem(request, site, me.visitor, lost[0] if lost else Reason.of("select-first"), 409)
    note = fragment(request, site, me, "undone.html", count=len(done), case_id=done[0])
    return HTMLResponse(note, headers={"HX-Trigger": "queue"})


async def _each(site: Site, me: Moderator, form: FormData, act: "Verb") -> tuple[list[str], list[Reason]]:
    done, lost = [], []
    desk = site.deps.desk
    for case_id in dict.fromkeys([str(value) for value in form.getlist("case")][:AT_ONCE]):
        try:
            found = await docket(case_id, me.place, desk.transactions, desk.clock)
            await act(site, me, found.view.case.id, form)
            done.append(found.view.case.id)
        except HuashenError as error:
            lost.append(error.reason)
    return done, lost


def _toast(request: Request, site: Site, me: Moderator, done: list[str], lost: int) -> str:
    return fragment(request, site, me, "decided.html", done=done, lost=lost, seconds=int(review.GRACE))


async def _approve(site: Site, me: Moderator, case_id: str, form: FormData) -> None:
    desk = site.deps.desk
    note = _text(form, "note")
    await review.approve(
        case_id,
        me.by,
        desk.transactions,
        desk.events,
        desk.clock,
        desk.policy,
        note,
        role=me.role,
        grace=review.GRACE,
    )


async def _reject(site: Site, me: Moderator, case_id: str, form: FormData) -> None:
    desk, named = site.deps.desk, _text(form, "reason")
    await review.reject(
        case_id,
        me.by,
        desk.transactions,
        desk.events,
        desk.clock,
        _text(form, "note"),
        role=me.role,
        reason=Category(named) if named in REASONS else None,
        strike=bool(form.get("strike")),
        grace=review.GRACE,
    )


async def _undo(site: Site, me: Moderator, case_id: str, _form: FormData) -> None:
    desk = site.deps.desk
    await review.undo(case_id, me.by, desk.transactions, desk.events, desk.clock, role=me.role)


async def _overturn(site: Site, me: Moderator, case_id: str, form: FormData) -> None:
    desk, note = site.deps.desk, _text(form, "note")
    await review.overturn(case_id, me.by, desk.transactions, desk.events, desk.clock, desk.policy, note, role=me.role)


async def _claim(site: Site, me: Moderator, case_id: str, _form: FormData) -> None:
    """Take it; pressed again, give it back."""
    desk = site.deps.desk
    case = (await review.show(case_id, desk.transactions)).case
    mine = case.claimed_by == me.by and (case.claimed_until or 0) > desk.clock.now()
    if mine and case.status is CaseStatus.OPEN:
        await casework.unclaim(case_id, me.by, desk.transactions, desk.clock)
    else:
        await casework.claim(case_id, me.by, desk.transactions, desk.clock)


async def _escalate(site: Site, me: Moderator, case_id: str, _form: FormData) -> None:
    await casework.escalate(case_id, me.by, site.deps.desk.transactions, site.deps.desk.clock)


async def _second(site: Site, me: Moderator, case_id: str, form: FormData) -> None:
    desk = site.deps.desk
    await casework.ask_second(case_id, me.by, _text(form, "opinion") == "approve", desk.transactions, desk.clock)


async def _note(site: Site, me: Moderator, case_id: str, form: FormData) -> None:
    desk = site.deps.desk
    await casework.add_note(case_id, me.by, _text(form, "note"), desk.transactions, desk.clock)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


Verb = Callable[[Site, Moderator, str, FormData], Awaitable[None]]
VERBS: dict[str, Verb] = {
    "approve": _approve,
    "reject": _reject,
    "undo": _undo,
    "overturn": _overturn,
    "claim": _claim,
    "escalate": _escalate,
    "second": _second,
    "note": _note,
}
"""What can be done about a case, by the last part of its address. To add one: a line here, its button in case.html."""
