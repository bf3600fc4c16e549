"""Tells a member what became of a job: in the message that lived for it, in the channel, or privately.

Idempotent by delivery id: an edit says the same twice, and Discord drops a second message with the same nonce.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

from adapters.chat.gallery import contents
from adapters.chat.living import Living
from adapters.chat.refusals import reply_to
from adapters.chat.wording import DEFAULT_LIMIT, Style
from adapters.discord.deps import DiscordDeps
from adapters.discord.outlet import Outlet
from adapters.discord.page import Page
from adapters.discord.render import compose
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Delivery, JobView
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import appeals, community
from bot.usecases.effects import TAKEN_AWAY


class DiscordMessenger:
    """The outbox's way to Discord."""

    platform = Platform.DISCORD
    at_once = 8
    """Deliveries on their way at once: one upload takes a third of a second."""

    def __init__(self, deps: DiscordDeps, outlet: Outlet, living: Living[Page]) -> None:
        self._deps = deps
        self._outlet = outlet
        self._living = living

    async def deliver(self, delivery: Delivery, view: JobView) -> Origin | None:
        """Send it; answers where the answer stands when that is a new place. Raises PlatformBusy or AddresseeGone."""
        origin, job = delivery.origin, view.job
        limit = self._living.size_limit(job.id) or self._outlet.size_limit(origin)
        await self._living.finish(job.id)
        removed = job.error in TAKEN_AWAY
        again = await appeals.revised(job.id, self._deps.desk.transactions)
        if removed or again or self._outlet.in_time(origin):
            edited = await self._outlet.edit(origin, await self.page(view, origin, limit))
            # Where its message is gone, another one about a removal would only call attention.
            if edited or removed:
                return None
        # It may end up in a direct message: so large that every place takes it.
        page = await self.page(view, origin, DEFAULT_LIMIT)
        moved = await self._outlet.post(origin, page, delivery.id, private=job.request.private)
        await self._point_to(moved, origin)
        return moved

    async def style(self, origin: Origin, size_limit: int = DEFAULT_LIMIT) -> Style:
        """How messages are written for a member, at a place."""
        rules = await community.rules(origin, self._deps.desk.transactions)
        return Style.under(rules, origin, self._deps.choices(rules), size_limit)

    async def page(self, view: JobView, origin: Origin, size_limit: int) -> Page:
        """A job as it stands, as a whole message."""
        images = await contents(view.artifacts, self._deps.desk.artifacts)
        view = replace(view, artifacts=tuple(artifact for artifact in view.artifacts if artifact.id in images))
        style, reply = await self.style(origin, size_limit), await reply_to(view, self._deps.desk)
        return await asyncio.to_thread(compose, reply, style, view.job, list(images.values()))

    async def refresh(self, view: JobView) -> None:
        """The message that answers a job, as the job stands now; nothing is lost where that fails."""
        origin = view.job.origin
        with suppress(PlatformBusy):
            await self._outlet.edit(origin, await self.page(view, origin, self._outlet.size_limit(origin)))

    async def _point_to(self, moved: Origin, old: Origin) -> None:
        """Say in the old message, which can wait no longer, where the result is; nothing is lost if that fails."""
        if old.message_id and moved.channel_id == old.channel_id:
            words = translator(old.locale)
            try:
                await self._outlet.edit(old, Page(words.text("answer-below")))
            except (PlatformBusy, AddresseeGone):
                return
