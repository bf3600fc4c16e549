"""Doing things: the composer's form and the buttons under messages. `Form` proves that a page of ours sent each."""

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.asking import BEGINNING, request_from
from adapters.commandline import COMMANDS, OPTIONS, CommandLine, Offer, build, parse, share
from adapters.linking import typed
from adapters.presentation import Mood, Reply, of_quota
from adapters.web.answering import added, answer, append, sent_image
from adapters.web.channel import Draft, OnSite, composer
from adapters.web.site import Site, is_away, is_htmx, to_channel
from adapters.web.visitor import Form, Me, Visitor
from bot.domain.errors import Reason
from bot.domain.outcomes import Refused
from bot.domain.requests import STYLE_BASED, MemberRequest
from bot.usecases import account, remake
from bot.usecases.submit import submit

router = APIRouter()
SHARES = ("coarse", "middle", "fine")
"""Sliders whose lowest place, below zero, leaves it to chance."""


@router.post("/commands")
async def command(request: Request, form: Form, me: Me, site: OnSite) -> Response:
    """What was typed or chosen in the composer."""
    line = parse(_text(form, "text"))
    name = line.name or _text(form, "command") or "avatar"
    if name == "gallery":
        return _to(request, "/gallery")
    if name == "find":
        return _to(request, f"/gallery?find={quote(line.text)}")
    if name in ("quota", "link", "help"):
        return await _notice(request, site, me, name, line.text)
    asked = CommandLine(name, line.text, _options(form, name, line))
    image = await sent_image(form)
    chosen = _chosen(form, name) if image is None or name not in BEGINNING else ()
    wanted = await request_from(asked, _offer(site), me.origin(), site.deps.desk, image, chosen)
    outcome = await submit(wanted, me.origin(_key(me, form, wanted)), site.deps.desk)
    if isinstance(outcome, Refused) or not is_htmx(request):
        return await answer(request, site, me, outcome)
    # The next thing asked for is probably of the same kind.
    empty = site.renderer.page("composer.html", me, **composer(site, Draft(name, focus=True)))
    return HTMLResponse(empty + await added(site, me, outcome.job_id), headers={"HX-Trigger": "quota"})


@router.post("/jobs/{job_id}/again")
async def again(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same with another seed."""
    key = me.once(_text(form, "token"), {"again": job_id})
    return await answer(request, site, me, await remake.again(job_id, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/tone")
async def tone(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in another tone."""
    chosen = _text(form, "tone")
    key = me.once(_text(form, "token"), {"tone": chosen, "job": job_id})
    # Only to have the tone's name checked where every name is checked.
    build("caption", "-", {"tone": chosen}, _offer(site))
    return await answer(request, site, me, await remake.in_tone(job_id, chosen, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/shorter")
async def shorter(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in fewer words."""
    key = me.once(_text(form, "token"), {"shorter": job_id})
    return await answer(request, site, me, await remake.in_length(job_id, False, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/longer")
async def longer(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in more words."""
    key = me.once(_text(form, "token"), {"longer": job_id})
    return await answer(request, site, me, await remake.in_length(job_id, True, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/cancel")
async def cancel(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """Stop a job."""
    desk = site.deps.desk
    await account.cancel(me.origin(), job_id, desk.transactions, desk.events, desk.clock)
    if not is_htmx(request):
        return to_channel(request, job_id)
    view = await account.view(me.origin(), job_id, desk.transactions)
    return HTMLResponse(await site.messages.render(me, view, replacing=True), headers={"HX-Trigger": "quota"})


@router.post("/pictures/{artifact_id}/variations")
async def variations(request: Request, artifact_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """Several pictures near this one."""
    key = me.once(_text(form, "token"), {"variations": artifact_id})
    return await answer(request, site, me, await remake.variations(artifact_id, me.origin(key), site.deps.desk))


@router.post("/pictures/{artifact_id}/delete")
async def delete(request: Request, artifact_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """Out of the gallery and the channel, for good."""
    desk = site.deps.desk
    artifact = await account.delete_picture(me.origin(), artifact_id, desk.transactions, desk.clock)
    if not is_htmx(request):
        return to_channel(request, artifact.job_id)
    if is_away(request):
        body = site.renderer.page("removed.html", me, artifact=artifact)
    else:
        view = await account.view(me.origin(), artifact.job_id, desk.transactions)
        body = await site.messages.render(me, view, replacing=True)
    return HTMLResponse(body, headers={"HX-Trigger": "close-viewer"})


async def _notice(request: Request, site: Site, me: Visitor, name: str, text: str) -> Response:
    if not is_htmx(request):
        return to_channel(request)
    if name == "help":
        reply = Reply(Mood.DONE, Reason.of("help"), tuple(Reason.of(f"help-{item}") for item in COMMANDS))
    elif name == "link":
        sentence, *more = await typed(text, me.origin(), site.deps.desk, me.translator)
        reply = Reply(Mood.DONE, sentence, tuple(more))
    else:
        desk = site.deps.desk
        state = await account.quota(me.origin(), desk.transactions, desk.clock, desk.policy)
        reply = Reply(Mood.DONE, of_quota(state, desk.clock.now()))
    empty = site.renderer.page("composer.html", me, **composer(site, Draft(focus=True)))
    return HTMLResponse(empty + append(site.messages.notice(me, reply)))


def _to(request: Request, address: str) -> Response:
    if is_htmx(request):
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _offer(site: Site) -> Offer:
    return Offer([style.key for style in site.deps.styles], [tone.key for tone in site.deps.tones], site.deps.models)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _options(form: FormData, command: str, line: CommandLine) -> dict[str, str]:
    """The chips of this command; what was typed as --option wins over them."""
    chips = {name: _text(form, name) for name, option in OPTIONS.items() if command in option.commands}
    if command != "avatar":
        # One form holds the chips of all commands, and these are the avatar's.
        chips |= dict.fromkeys(chips.keys() & {"seed", "model"}, "")
    if command == "caption":
        chips |= {"count": _text(form, "captions")}
    if chips.get("model") != STYLE_BASED:
        chips.pop("wildness", None)
    chips |= {name: "" for name in SHARES if share(name, chips.get(name, "")) is None}
    return chips | dict(line.options)


def _chosen(form: FormData, command: str) -> tuple[str, ...]:
    """The member's own pictures to begin from."""
    chosen = tuple(name for name in form.getlist("base") if isinstance(name, str) and name)
    return chosen[:1] if command in BEGINNING else chosen


def _key(me: Visitor, form: FormData, wanted: MemberRequest) -> str:
    return me.once(_text(form, "token"), {"wanted": _countable(asdict(wanted))})


def _countable(value: Any) -> Any:
    """The same with the length of each file in its place."""
    match value:
        case bytes():
            return len(value)
        case dict():
            return {name: _countable(some) for name, some in value.items()}
        case tuple() | list():
            return [_countable(some) for some in value]
    return value
