"""The weekly report: how much there was, what was held, how fast and how surely it was decided."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Reads
from adapters.web.moderation.page import page
from bot.domain.weekly import WEEK, WeeklyReport
from bot.usecases import statistics

router = APIRouter(prefix="/moderation/report")
FURTHEST = 8
"""Weeks back; judgements are forgotten after sixty days."""


@router.get("")
async def weekly(request: Request, me: Reads, site: OnSite, back: int = 0) -> Response:
    """Seven days until now, or `back` weeks before."""
    if me.place is None:
        return await page(request, site, me, "choose.html", "report")
    desk, back = site.deps.desk, max(0, min(FURTHEST, back))
    until = desk.clock.now() - back * WEEK
    found = await statistics.weekly(*me.somewhere(), until, desk.transactions)
    before = await statistics.weekly(*me.somewhere(), until - WEEK, desk.transactions)
    return await page(
        request,
        site,
        me,
        "report.html",
        "report",
        report=found,
        before=before,
        days=days(found),
        back=back,
        furthest=FURTHEST,
        total=sum(found.volume.values()),
        total_before=sum(before.volume.values()),
    )


def days(report: WeeklyReport) -> list[tuple[str, int]]:
    """Judgements on each day of the week, also on those without any."""
    first = datetime.fromtimestamp(report.since, UTC).date()
    last = datetime.fromtimestamp(report.until, UTC).date()
    dates = [(first + timedelta(days=index)).isoformat() for index in range((last - first).days + 1)]
    return [(date, report.volume.get(date, 0)) for date in dates]
