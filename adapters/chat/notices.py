"""Tells members of sanctions: once, alone, soon after they were made, wherever that was."""

import asyncio
from typing import Protocol

import structlog

from adapters.chat.deps import ChatDeps
from bot.domain.errors import HuashenError
from bot.domain.identity import Platform
from bot.domain.sanctions import Sanction
from bot.i18n import Translator, translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import sanctions

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between looks."""


class Herald(Protocol):
    """A platform's way to speak to somebody alone. Raises PlatformBusy, or AddresseeGone where that is impossible."""

    async def tell(self, user_id: str, sanction: Sanction, words: Translator) -> None:
        """Say what was decided, once for each sanction."""
        ...


class Notices:
    """The loop over every sanction that nobody was told of."""

    def __init__(self, platform: Platform, deps: ChatDeps, herald: Herald) -> None:
        self._platform = platform
        self._deps = deps
        self._herald = herald

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tell_all()
            except HuashenError as error:
                log.warning("members could not be told", reason=error.reason.message)
            except PlatformBusy:
                pass
            except Exception:
                log.exception("members could not be told")
            await asyncio.sleep(EVERY)

    async def tell_all(self) -> None:
        """Whoever cannot be reached hears of it when they next ask for something."""
        desk = self._deps.desk
        for notice in await sanctions.untold(self._platform, desk.transactions, desk.clock):
            words = translator(notice.locale or self._deps.language)
            for user_id in notice.accounts:
                try:
                    await self._herald.tell(user_id, notice.sanction, words)
                except AddresseeGone:
                    log.info("a member cannot be told of a sanction", sanction=notice.sanction.id)
            await sanctions.told(notice.sanction.id, desk.transactions, desk.clock)
