"""Pointing discord.py at the stand-in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@asynccontextmanager
async def pointed(api_base: str, gateway: str, cdn_base: str) -> AsyncIterator[None]:
    """While it lasts, discord.py believes that Discord is there."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway)
    discord.Asset.BASE = cdn_base
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before


@asynccontextmanager
async def running(client: discord.Client, token: str) -> AsyncIterator[None]:
    """The client works in the background, and is closed at the end."""
    task = asyncio.create_task(client.start(token))
    try:
        yield
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)
