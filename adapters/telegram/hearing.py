"""How updates come in: we ask for them and Telegram holds the line, or it pushes them. Both end in the same `take`.

An update is confirmed once what it asks for is safe, so that a process that is killed in between hears it again; a
job that it made already is known by its message, and made no second time.
"""

import asyncio
import hmac
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.telegram.deps import Reach
from adapters.telegram.dispatch import KINDS
from adapters.telegram.outlet import Bot, trouble
from bot.domain.errors import NotAllowed, Reason
from bot.ports import PlatformBusy

log = structlog.get_logger()

HOLD = 50
"""Seconds for which Telegram holds the line when there is nothing new."""
PATIENCE = 2.0
"""Seconds until an update is confirmed though it is not through yet: one must not stop all others."""
REMEMBERED = 1000
"""Pushes that are known again when they come a second time."""
FIRST, LONGEST = 1.0, 60.0
"""Seconds of the first pause after a failure, which doubles each time, and of the longest."""
BODY_LIMIT = 1024 * 1024
"""Bytes of a push; Telegram's are a few thousand."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"
Take = Callable[[Update], Coroutine[Any, Any, None]]
Begin = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]
Tell = Callable[[Reason], None]


async def poll(bot: Bot, take: Take, begin: Begin, tell: Tell) -> None:
    """Ask for updates until cancelled. NotAllowed when Telegram does not know the token any more."""
    offset: int | None = None
    pause = FIRST
    webhook_gone = False
    while True:
        try:
            if not webhook_gone:
                webhook_gone = await bot.delete_webhook()
            updates = await bot.get_updates(offset=offset, timeout=HOLD, allowed_updates=KINDS)
        except InvalidToken:
            raise NotAllowed("telegram-token-wrong") from None
        except TelegramError as error:
            if isinstance(error, Conflict) and pause == FIRST:
                tell(Reason.of("telegram-conflict"))
            pause = await rest(error, pause)
            continue
        pause = FIRST
        if updates:
            offset = updates[-1].update_id + 1
            taken = [begin(take(update)) for update in updates]
            try:
                await asyncio.wait(taken, timeout=PATIENCE)
            except asyncio.CancelledError:
                # What is answered before we leave shall not be answered again when we come back.
                _, late = await asyncio.wait(taken, timeout=PATIENCE)
                with suppress(TelegramError, TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        if not late:
                            await bot.get_updates(offset=offset, limit=1, timeout=0, allowed_updates=KINDS)
                raise


async def rest(error: TelegramError, pause: float) -> float:
    """Wait as long as Telegram says, or a while that grows; answers the next pause."""
    said = trouble(error)
    asked = said.retry_after if isinstance(error, RetryAfter) and isinstance(said, PlatformBusy) else 0.0
    seconds = max(asked, pause * random.uniform(0.5, 1.5))
    log.warning(
        "telegram is out of reach", error=type(error).__name__, detail=error.message[:200], seconds=round(seconds, 1)
    )
    await asyncio.sleep(seconds)
    return min(2 * pause, LONGEST)


async def listen(bot: Bot, reach: Reach, take: Take, begin: Begin, tell: Tell) -> None:
    """Be pushed to until cancelled."""
    hook = reach.webhook
    assert hook is not None
    taken: dict[int, asyncio.Task[None]] = {}

    async def push(request: web.Request) -> web.Response:
        said = request.headers.get(SECRET, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(said, reach.secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(json.loads(await request.read()), bot)
            number = update.update_id
        except web.HTTPRequestEntityTooLarge:
            raise
        except Exception:
            return web.Response(status=400)
        # Telegram pushes again what we did not answer in time.
        if number not in taken:
            taken[number] = begin(take(update))
            if len(taken) > REMEMBERED:
                del taken[next(iter(taken))]
        await asyncio.wait([taken[number]], timeout=PATIENCE)
        return web.Response()

    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_post(urlsplit(hook.url).path or "/", push)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, hook.host, hook.port).start()
        pause = FIRST
        while True:
            try:
                await bot.set_webhook(hook.url, secret_token=reach.secret, allowed_updates=KINDS)
                break
            except TelegramError as error:
                if pause == FIRST:
                    tell(Reason.of("telegram-webhook-refused", detail=error.message[:200]))
                pause = await rest(error, pause)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
