"""Keeps the bot connected: whatever ends a connection, another is made, with growing pauses between.

discord.py reconnects by itself once it was connected. What it does not survive is left to us: a gateway that cannot be
reached at the first connect (2.7.1 ends there with an AttributeError), Discord in trouble while we log in.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

import discord
import structlog

from adapters.discord.client import HuashenClient
from adapters.discord.outlet import Outlet
from bot.domain.errors import NotAllowed

log = structlog.get_logger()

FIRST, LONGEST = 1.0, 60.0
"""Seconds of the first pause, which doubles each time, and of the longest."""
CLOSING = 5.0
"""Seconds that a client may take to say goodbye."""


async def supervise(make: Callable[[], HuashenClient], outlet: Outlet, token: str) -> None:
    """Stay connected until cancelled; NotAllowed when Discord does not know the token or will not have us."""
    pause = FIRST
    while True:
        client = make()
        outlet.client = client
        try:
            await client.start(token)
        except discord.LoginFailure:
            raise NotAllowed("discord-token-wrong") from None
        except discord.PrivilegedIntentsRequired:
            raise NotAllowed("discord-intents-wrong") from None
        except Exception as error:
            log.warning("discord is out of reach", error=type(error).__name__, detail=str(error)[:200])
        finally:
            outlet.client = None
            await _close(client)
        pause = FIRST if client.was_ready else min(2 * pause, LONGEST)
        seconds = pause * random.uniform(0.5, 1.5)
        log.info("discord will be tried again", seconds=round(seconds, 1))
        await asyncio.sleep(seconds)


async def _close(client: HuashenClient) -> None:
    # A client that never connected cannot close itself properly; nothing of it is kept in any case.
    with suppress(Exception):
        async with asyncio.timeout(CLOSING):
            await client.close()
