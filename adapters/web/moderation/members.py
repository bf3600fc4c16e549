"""A member as moderators know them, and what they decide about one."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Decides, Moderator, Reads
from adapters.web.moderation.page import DAY, HOUR, page
from adapters.web.site import Site, is_htmx
from adapters.web.visitor import Form
from bot.domain.community_policy import StrikePolicy
from bot.domain.errors import InvalidRequest
from bot.domain.moderation import Verdict
from bot.domain.sanctions import SanctionKind, Strike
from bot.usecases import review, sanctions
from bot.usecases.docket import known
from bot.usecases.dossier import dossier

router = APIRouter(prefix="/moderation/members")
LENGTHS = {
    SanctionKind.MUTE: (HOUR, 6 * HOUR, DAY, 3 * DAY),
    SanctionKind.SUSPEND: (3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY),
    SanctionKind.BAN: (0,),
}
"""Seconds that are offered for each; a ban lasts until it is lifted."""


@router.get("/{member_id}")
async def member(request: Request, member_id: str, me: Reads, site: OnSite, case: str = "") -> Response:
    """Standing, strikes, sanctions, cases and volume."""
    me = await _there(site, me, case)
    now = site.deps.desk.clock.now()
    found = await dossier(member_id, *me.somewhere(), site.deps.desk.transactions, site.deps.desk.clock)
    counting = {strike.id for strike in found.standing.strikes}
    left = {strike.id: _left(strike, found.rules, now) for strike in found.strikes if strike.id in counting}
    return await page(
        request,
        site,
        me,
        "member.html",
        "queue",
        found=found,
        left=left,
        lengths=LENGTHS,
        verdicts=[(verdict, found.judged.get(verdict, 0)) for verdict in Verdict],
        from_case=case,
        names=await known([each.by for each in found.sanctions], site.deps.desk.transactions),
    )


@router.post("/{member_id}/sanction")
async def sanction(request: Request, member_id: str, form: Form, me: Decides, site: OnSite) -> Response:
    """Mute, suspend or ban."""
    desk, case = site.deps.desk, str(form.get("case", ""))
    me = await _there(site, me, case)
    # Of whom this place knows nothing, nothing is decided.
    await dossier(member_id, *me.somewhere(), desk.transactions, desk.clock)
    kind, _, seconds = str(form.get("sanction", "")).partition(":")
    reason = str(form.get("reason", "")).strip()
    if kind not in set(SanctionKind) or not seconds.isdigit():
        raise InvalidRequest("sanction-choose")
    if not reason:
        raise InvalidRequest("sanction-why")
    await sanctions.sanction(
        me.origin(),
        member_id,
        SanctionKind(kind),
        reason,
        desk.transactions,
        desk.events,
        desk.clock,
        float(seconds) or None,
    )
    return _back(request, member_id, case)


@router.post("/{member_id}/lift")
async def lift(request: Request, member_id: str, form: Form, me: Decides, site: OnSite) -> Response:
    """End what is in force."""
    desk, case = site.deps.desk, str(form.get("case", ""))
    me = await _there(site, me, case)
    await dossier(member_id, *me.somewhere(), desk.transactions, desk.clock)
    await sanctions.lift(me.origin(), member_id, desk.transactions, desk.clock)
    return _back(request, member_id, case)


async def _there(site: Site, me: Moderator, case_id: str) -> Moderator:
    """Who looks everywhere looks at a member where the case is from which they came."""
    if me.place is not None or not case_id:
        return me
    origin = (await review.show(case_id, site.deps.desk.transactions)).job.origin
    return replace(me, place=(origin.platform, origin.community_id))


def _left(strike: Strike, rules: StrikePolicy, now: float) -> float:
    """How much of a strike is left, 1 to 0: it counts in full until it is over."""
    return max(0.0, min(1.0, (strike.at + rules.decay - now) / rules.decay))


def _back(request: Request, member_id: str, case_id: str) -> Response:
    target = f"/moderation/members/{member_id}" + (f"?case={case_id}" if case_id else "")
    return Response(headers={"HX-Redirect": target}) if is_htmx(request) else RedirectResponse(target, 303)
