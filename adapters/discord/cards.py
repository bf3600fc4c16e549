"""Keeps the moderators' channel in line with the cases: a card for each, which says what became of it.

It looks rather than listens, so that a case decided on the web or while we were away is found all the same.
"""

import asyncio

import discord
import structlog

from adapters.discord.deps import DiscordDeps
from adapters.discord.outlet import Outlet
from adapters.discord.reviewing import card
from bot.domain.errors import HuashenError
from bot.domain.identity import Platform
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import cards, community

log = structlog.get_logger()

EVERY = 3.0
"""Seconds between looks."""


class Cards:
    """The loop over everything that a card should say and does not."""

    def __init__(self, deps: DiscordDeps, outlet: Outlet) -> None:
        self._deps = deps
        self._outlet = outlet

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.bring_in_line()
            except HuashenError as error:
                log.warning("cards could not be brought in line", reason=error.reason.message)
            except PlatformBusy:
                pass
            except Exception:
                log.exception("cards could not be brought in line")
            await asyncio.sleep(EVERY)

    async def bring_in_line(self) -> None:
        """Post what has no card, change what shows an old state."""
        transactions = self._deps.desk.transactions
        for due in await cards.due(Platform.DISCORD, transactions):
            rules = await community.rules(due.view.job.origin, transactions)
            page = card(due.view, translator(rules.language or self._deps.language))
            case = due.view.case
            try:
                if due.message_id:
                    message_id = due.message_id
                    await self._outlet.change(due.channel_id, message_id, page)
                else:
                    message_id = await self._outlet.send_to(due.channel_id, page, case.id)
            except (AddresseeGone, discord.HTTPException):
                await cards.lost(case.id, due.channel_id, transactions)
                log.warning("the review channel takes no cards", channel=due.channel_id)
            else:
                await cards.posted(case.id, due.channel_id, message_id, case.status, transactions)
