"""Keeps the bot connected: whatever ends a connection, another is made, with growing pauses between.

discord.py reconnects by itself once it was connected. What it does not survive is left to us: a gateway that cannot be
reached at the first connect, Discord in trouble while we log in, a connection closed with a code that ends it.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress

import discord
import structlog

from adapters.discord.client import HuashenClient
from adapters.discord.outlet import Outlet
from bot.domain.errors import NotAllowed, Reason

log = structlog.get_logger()

FIRST, LONGEST = 1.0, 90.0
"""Seconds of the first pause, which doubles each time, and of the longest: Discord allows 1000 sessions a day."""
STEADY = 300.0
"""Seconds after which a connection has held, and the next pause is a short one again."""
CLOSING = 5.0
"""Seconds that a client may take to say goodbye."""


async def supervise(
    make: Callable[[], HuashenClient], outlet: Outlet, token: str, tell: Callable[[Reason], None] = lambda _: None
) -> None:
    """Stay connected until cancelled; `tell` hears once when Discord is out of reach.

    NotAllowed when Discord does not know the token or will not have us.
    """
    pause = FIRST
    while True:
        client, began = make(), time.monotonic()
        outlet.client = client
        try:
            await client.start(token)
        except discord.LoginFailure:
            raise NotAllowed("discord-token-wrong") from None
        except discord.PrivilegedIntentsRequired:
            raise NotAllowed("discord-intents-wrong") from None
        except Exception as error:
            log.warning("discord is out of reach", error=type(error).__name__, detail=str(error)[:200])
            if pause == FIRST:
                tell(Reason.of("discord-unreachable", detail=str(error)[:200] or type(error).__name__))
        finally:
            outlet.client = None
            await _close(client)
        if time.monotonic() - began > STEADY:
            pause = FIRST
        seconds = pause * random.uniform(0.5, 1.5)
        log.info("discord will be tried again", seconds=round(seconds, 1))
        await asyncio.sleep(seconds)
        pause = min(2 * pause, LONGEST)


async def _close(client: HuashenClient) -> None:
    # A client that never connected cannot close itself properly; nothing of it is kept in any case.
    with suppress(Exception):
        async with asyncio.timeout(CLOSING):
            await client.close()
