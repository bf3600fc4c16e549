"""The policy editor: thresholds, terms, strikes; what a change would have made of last week; versions; TOML."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Moderator, Owns, Reads
from adapters.web.moderation.page import DAY, HOUR, fragment, page
from adapters.web.moderation.reading import strength
from adapters.web.moderation.sheet import LEVELS, NEVER_POINT, STAGES, as_preset, filled, lines
from adapters.web.site import Site, is_htmx
from adapters.web.visitor import Form
from bot import policies
from bot.domain.community_policy import PRESETS, ChannelKind, CommunityPolicy
from bot.domain.errors import InvalidRequest
from bot.usecases import policy as policy_cases
from bot.usecases.docket import known

router = APIRouter(prefix="/moderation/policy")
WEEK = 7 * DAY
FLIPS = 25
"""Decisions that would flip, of which each is shown."""


@router.get("")
async def editor(request: Request, me: Reads, site: OnSite, preset: str = "", version: int | None = None) -> Response:
    """The policy in force, or a preset or an earlier version to begin a new one from."""
    if me.place is None:
        return await page(request, site, me, "choose.html", "policy")
    current = await _current(site, me)
    shown, source = current, ""
    if preset:
        shown, source = policy_cases.preset(preset), "preset"
    elif version is not None:
        shown, source = await _version(site, me, version), "version"
    return await _editor(request, site, me, current, shown, source)


@router.post("/simulate")
async def simulate(request: Request, form: Form, me: Reads, site: OnSite) -> Response:
    """What the form's policy would have made of last week's decisions."""
    current = await _current(site, me)
    candidate = filled(_texts(form), _base(form, current))
    return HTMLResponse(fragment(request, site, me, "simulation.html", **await _simulated(site, me, candidate)))


@router.post("")
async def save(request: Request, form: Form, me: Owns, site: OnSite) -> Response:
    """A new version."""
    desk, current = site.deps.desk, await _current(site, me)
    candidate = filled(_texts(form), _base(form, current))
    await policy_cases.put(
        *me.somewhere(),
        candidate,
        me.by,
        desk.transactions,
        desk.clock,
        _texts(form).get("note", ""),
        _number(form, "expected_version"),
    )
    return _again(request)


@router.post("/import")
async def read_file(request: Request, form: Form, me: Owns, site: OnSite) -> Response:
    """A file's policy in the editor; it is in force only when it is saved."""
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise InvalidRequest("policy-no-file")
    try:
        text = (await upload.read(4 * policies.FILE_LIMIT)).decode()
    except UnicodeDecodeError:
        raise InvalidRequest("policy-not-toml", detail="UTF-8") from None
    return await _editor(request, site, me, await _current(site, me), policies.from_toml(text), "file")


@router.get("/export")
async def export(me: Reads, site: OnSite) -> Response:
    """The policy in force as a file."""
    current = await _current(site, me)
    headers = {"Content-Disposition": f'attachment; filename="policy-{current.version}.toml"'}
    return Response(policies.to_toml(current), media_type="application/toml; charset=utf-8", headers=headers)


async def _editor(
    request: Request, site: Site, me: Moderator, current: CommunityPolicy, shown: CommunityPolicy, source: str
) -> Response:
    async with site.deps.desk.transactions() as tx:
        versions = await tx.policies.versions(*me.somewhere())
    return await page(
        request,
        site,
        me,
        "policy.html",
        "policy",
        policy=shown,
        current=current,
        source=source,
        versions=versions,
        presets=tuple(PRESETS),
        kinds=tuple(ChannelKind),
        stages=(None, *STAGES),
        lines=lines,
        levels=LEVELS,
        never=NEVER_POINT,
        base_text=policies.to_toml(shown) if source else "",
        hour=HOUR,
        day=DAY,
        as_preset=as_preset(shown),
        names=await known([each.created_by for each in versions], site.deps.desk.transactions),
        **await _simulated(site, me, shown),
    )


async def _simulated(site: Site, me: Moderator, candidate: CommunityPolicy) -> dict[str, Any]:
    desk = site.deps.desk
    since = desk.clock.now() - WEEK
    simulation = await policy_cases.simulated(candidate, *me.somewhere(), since, desk.transactions)
    newest = sorted(simulation.flips, key=lambda flip: flip.screening.at, reverse=True)
    return {
        "simulation": simulation,
        "pairs": simulation.by_pair.most_common(),
        "flips": [(flip, max(flip.screening.signals, key=lambda s: s.score, default=None)) for flip in newest[:FLIPS]],
        "strength": strength,
    }


async def _current(site: Site, me: Moderator) -> CommunityPolicy:
    async with site.deps.desk.transactions() as tx:
        return await policy_cases.in_force(tx, *me.somewhere())


async def _version(site: Site, me: Moderator, version: int) -> CommunityPolicy:
    async with site.deps.desk.transactions() as tx:
        return await tx.policies.version(*me.somewhere(), version) or CommunityPolicy()


def _base(form: FormData, current: CommunityPolicy) -> CommunityPolicy:
    """What the form was filled with: the policy in force, or a preset, version or file that it carries along."""
    text = form.get("base")
    return policies.from_toml(text) if isinstance(text, str) and text else current


def _texts(form: FormData) -> Mapping[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _number(form: FormData, name: str) -> int:
    text = _texts(form).get(name, "")
    if not text.isascii() or not text.isdigit():
        raise InvalidRequest("request-malformed")
    return int(text)


def _again(request: Request) -> Response:
    target = "/moderation/policy"
    return Response(headers={"HX-Redirect": target}) if is_htmx(request) else RedirectResponse(target, 303)
