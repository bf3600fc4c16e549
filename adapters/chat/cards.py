"""Keeps the moderators' channel in line with the cases: a card for each, which says what became of it.

It looks rather than listens, so that a case decided on the web or while we were away is found all the same.
"""

import asyncio
from typing import Protocol

import structlog

from adapters.chat.casecard import Sheet
from adapters.chat.deps import ChatDeps
from bot.domain.errors import HuashenError
from bot.domain.identity import Platform
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import cards, community

log = structlog.get_logger()

EVERY = 3.0
"""Seconds between looks."""


class Board(Protocol):
    """A platform's channels, as places for cards. Raises PlatformBusy, or AddresseeGone where no card can be."""

    async def put_up(self, channel_id: str, sheet: Sheet) -> str:
        """A new card, once for each case; answers the message's id."""
        ...

    async def change(self, channel_id: str, message_id: str, sheet: Sheet) -> None:
        """The card says what has become of its case."""
        ...


class Cards:
    """The loop over everything that a card should say and does not."""

    def __init__(self, platform: Platform, deps: ChatDeps, board: Board) -> None:
        self._platform = platform
        self._deps = deps
        self._board = board

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
        for due in await cards.due(self._platform, transactions, self._deps.desk.clock):
            rules = await community.rules(due.docket.view.job.origin, transactions)
            words = translator(rules.language or self._deps.language)
            sheet = Sheet(due.docket, words, self._deps.desk.clock.now())
            case, message_id = due.docket.view.case, due.message_id
            try:
                if message_id:
                    await self._board.change(due.channel_id, message_id, sheet)
                else:
                    message_id = await self._board.put_up(due.channel_id, sheet)
            except AddresseeGone:
                await cards.lost(case.id, due.channel_id, transactions)
                log.warning("the review channel takes no cards", channel=due.channel_id)
            else:
                await cards.posted(case.id, due.channel_id, message_id, due.shows, transactions)
