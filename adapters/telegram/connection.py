"""The way in: everything of the Telegram adapter, put together."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import httpx
import structlog
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from adapters.chat.cards import Cards
from adapters.chat.living import Living
from adapters.chat.notices import Notices
from adapters.telegram import hearing, menu
from adapters.telegram.answer import Answers
from adapters.telegram.asking import resume
from adapters.telegram.budget import Budget
from adapters.telegram.casecard import TelegramBoard
from adapters.telegram.deps import Reach, TelegramDeps
from adapters.telegram.dispatch import Dispatch
from adapters.telegram.face import TelegramFace
from adapters.telegram.herald import TelegramHerald
from adapters.telegram.journal import Journal
from adapters.telegram.messenger import TelegramMessenger
from adapters.telegram.moderators import TelegramRanks
from adapters.telegram.outlet import Bot, Outlet
from adapters.telegram.ranks import Ranks
from adapters.telegram.turn import House
from bot.domain.errors import NotAllowed, Reason
from bot.domain.identity import Platform
from bot.usecases import community

log = structlog.get_logger()

LAST_WORDS = 3.0
"""Seconds that answers under way have left when the bot is told to stop."""


class TelegramConnection:
    """A messenger for the outbox, the ranks of moderators, and `run`, which listens until cancelled."""

    def __init__(self, deps: TelegramDeps) -> None:
        transactions = deps.desk.transactions

        async def moved(old: int, new: int) -> None:
            await community.moved(Platform.TELEGRAM, str(old), str(new), transactions)

        limits = deps.reach.limits
        self._bot = make_bot(deps.reach, Budget(Journal(deps.folder, limits.minute), limits))
        outlet = Outlet(self._bot, moved)
        answers = Answers(outlet, transactions)
        living = Living(deps.desk, TelegramFace(outlet, answers))
        self.messenger = TelegramMessenger(deps, outlet, answers, living)
        ranks = Ranks(self._bot)
        self.ranks = TelegramRanks(ranks, transactions)
        self._house = House(deps, outlet, answers, living, self.messenger, ranks)

    async def run(self, tell: Callable[[Reason], None] = lambda _: None) -> None:
        """Until cancelled; `tell` gets what the owner should read. NotAllowed when Telegram will not have us."""
        house = self._house
        try:
            await self._arrive(tell)
            cards = Cards(Platform.TELEGRAM, house.deps, TelegramBoard(house.outlet))
            notices = Notices(Platform.TELEGRAM, house.deps, TelegramHerald(house.outlet))
            loops = house.living.run(), resume(house), cards.run(), notices.run()
            beside = [asyncio.create_task(loop) for loop in loops]
            try:
                take, reach = Dispatch(house), house.deps.reach
                if reach.webhook:
                    await hearing.listen(self._bot, reach, take, house.begin, tell)
                else:
                    await hearing.poll(self._bot, take, house.begin, tell)
            finally:
                await self._leave(beside)
        finally:
            house.outlet.ready = False
            await house.answers.settle(LAST_WORDS)
            with suppress(TelegramError):
                await self._bot.shutdown()

    async def _arrive(self, tell: Callable[[Reason], None]) -> None:
        """Say hello until Telegram answers; then it knows our commands, and the outbox is open."""
        pause = hearing.FIRST
        while True:
            try:
                await self._bot.initialize()
                break
            except InvalidToken:
                raise NotAllowed("telegram-token-wrong") from None
            except TelegramError as error:
                if pause == hearing.FIRST:
                    tell(Reason.of("telegram-unreachable", detail=error.message[:200]))
                pause = await hearing.rest(error, pause)
        self._house.outlet.ready = True
        await menu.sync(self._bot, self._house.deps.folder)
        log.info("telegram is connected", name=self._bot.username)
        tell(Reason.of("telegram-connected", name=f"@{self._bot.username}"))

    async def _leave(self, beside: list["asyncio.Task[None]"]) -> None:
        """Those who asked already have their answer."""
        if self._house.under_way:
            _, late = await asyncio.wait(self._house.under_way, timeout=LAST_WORDS)
            beside = [*beside, *late]
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)


def make_bot(reach: Reach, budget: Budget) -> Bot:
    """python-telegram-bot's bot, whose every request goes through the budget."""
    trust = {"verify": _trusted()}
    request = HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=10,
        read_timeout=20,
        write_timeout=20,
        pool_timeout=60,
        media_write_timeout=60,
        httpx_kwargs=trust,
    )
    polling = HTTPXRequest(connection_pool_size=1, connect_timeout=10, read_timeout=20, httpx_kwargs=trust)
    return ExtBot(
        reach.token,
        base_url=reach.base_url,
        base_file_url=reach.base_file_url,
        request=request,
        get_updates_request=polling,
        rate_limiter=budget,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities whose certificates count. Reading them takes a twentieth of a second: once for all clients."""
    return httpx.create_ssl_context()
