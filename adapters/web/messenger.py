"""Delivering to the web: open pages are told to look, and every other page finds it in the database."""

from bot.domain.identity import Platform
from bot.domain.jobs import Delivery, JobView
from bot.ports import Events, JobEvent


class WebMessenger:
    """Idempotent by nature: telling a page twice shows it the same thing twice."""

    platform = Platform.WEB
    at_once = 8

    def __init__(self, events: Events) -> None:
        self._events = events

    async def deliver(self, delivery: Delivery, view: JobView) -> None:
        """Nudge the member's open pages."""
        self._events.publish(JobEvent(delivery.job_id, view.job.member_id, view.job.status))
