"""Doing things: the composer's form and the buttons under messages. `Form` proves that a page of ours sent each."""

from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from adapters.commandline import COMMANDS, OPTIONS, CommandLine, Offer, build, parse
from adapters.linking import typed
from adapters.presentation import Mood, Reply, of_outcome, of_quota
from adapters.web.channel import Draft, OnSite, composer
from adapters.web.site import Site, is_away, is_htmx, problem, to_channel
from adapters.web.visitor import Form, Me, Visitor
from bot.domain.errors import Reason
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import IMAGE_LIMIT, AvatarRequest, MemberRequest
from bot.ports import JobEvent
from bot.usecases import account, remake
from bot.usecases.submit import submit

router = APIRouter()
REFUSED = 422
"""The status of 'not this way': the page shows the sentence and keeps what was typed."""


@router.post("/commands")
async def command(request: Request, form: Form, me: Me, site: OnSite) -> Response:
    """What was typed or chosen in the composer."""
    line = parse(_text(form, "text"))
    name = line.name or _text(form, "command") or "avatar"
    if name == "gallery":
        return _to_gallery(request)
    if name in ("quota", "link", "help"):
        return await _notice(request, site, me, name, line.text)
    wanted = build(name, line.text, _options(form, name, line), _offer(site), await _image(form, name, site, me))
    outcome = await submit(wanted, me.origin(_key(me, form, wanted)), site.deps.desk)
    if isinstance(outcome, Refused) or not is_htmx(request):
        return await _answer(request, site, me, outcome)
    # The next thing asked for is probably of the same kind.
    empty = site.renderer.page("composer.html", me, **composer(site, Draft(name, focus=True)))
    return HTMLResponse(empty + await _added(site, me, outcome.job_id), headers={"HX-Trigger": "quota"})


@router.post("/jobs/{job_id}/again")
async def again(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same with another seed."""
    key = me.once(_text(form, "token"), {"again": job_id})
    return await _answer(request, site, me, await remake.again(job_id, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/tone")
async def tone(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in another tone."""
    chosen = _text(form, "tone")
    key = me.once(_text(form, "token"), {"tone": chosen, "job": job_id})
    # Only to have the tone's name checked where every name is checked.
    build("caption", "-", {"tone": chosen}, _offer(site))
    return await _answer(request, site, me, await remake.in_tone(job_id, chosen, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/shorter")
async def shorter(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in fewer words."""
    key = me.once(_text(form, "token"), {"shorter": job_id})
    return await _answer(request, site, me, await remake.in_length(job_id, False, me.origin(key), site.deps.desk))


@router.post("/jobs/{job_id}/longer")
async def longer(request: Request, job_id: str, form: Form, me: Me, site: OnSite) -> Response:
    """The same topic in more words."""
    key = me.once(_text(form, "token"), {"longer": job_id})
    return await _answer(request, site, me, await remake.in_length(job_id, True, me.origin(key), site.deps.desk))


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
    return await _answer(request, site, me, await remake.variations(artifact_id, me.origin(key), site.deps.desk))


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


async def _answer(request: Request, site: Site, me: Visitor, outcome: Outcome) -> Response:
    """A refusal as a sentence, anything else as a new message."""
    if isinstance(outcome, Refused):
        return problem(request, site, me, of_outcome(outcome).message, REFUSED)
    if is_away(request) or not is_htmx(request):
        return to_channel(request, outcome.job_id)
    return HTMLResponse(await _added(site, me, outcome.job_id), headers={"HX-Trigger": "quota, close-viewer"})


async def _added(site: Site, me: Visitor, job_id: str) -> str:
    view = await account.view(me.origin(), job_id, site.deps.desk.transactions)
    # The member's other open pages learn of it this way.
    site.deps.desk.events.publish(JobEvent(job_id, view.job.member_id, view.job.status))
    return _append(await site.messages.render(me, view, fresh=True))


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
    return HTMLResponse(empty + _append(site.messages.notice(me, reply)))


def _append(message: str) -> str:
    """To the end of the message list, whatever the form itself replaces."""
    return f'<div hx-swap-oob="beforeend:#log">{message}</div>'


def _to_gallery(request: Request) -> Response:
    if is_htmx(request):
        return Response(headers={"HX-Redirect": "/gallery"})
    return RedirectResponse("/gallery", 303)


def _offer(site: Site) -> Offer:
    return Offer([style.key for style in site.deps.styles], [tone.key for tone in site.deps.tones])


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _options(form: FormData, command: str, line: CommandLine) -> dict[str, str]:
    """The chips of this command; what was typed as --option wins over them."""
    chips = {name: _text(form, name) for name, option in OPTIONS.items() if command in option.commands}
    if command == "caption":
        # Both commands have a count, and one form holds them both.
        chips |= {"count": _text(form, "captions"), "seed": ""}
    return chips | dict(line.options)


async def _image(form: FormData, command: str, site: Site, me: Visitor) -> bytes | None:
    """The picture to start from: sent along, or one of the member's own."""
    if command != "avatar":
        return None
    upload = form.get("image")
    if isinstance(upload, UploadFile) and upload.filename:
        # One byte more than allowed is enough to know.
        return await upload.read(IMAGE_LIMIT + 1)
    if base := _text(form, "base"):
        return await account.picture(me.origin(), base, site.deps.desk.transactions, site.deps.desk.artifacts)
    return None


def _key(me: Visitor, form: FormData, wanted: MemberRequest) -> str:
    content = asdict(wanted)
    if isinstance(wanted, AvatarRequest) and wanted.image is not None:
        content["image"] = len(wanted.image)
    return me.once(_text(form, "token"), content)
