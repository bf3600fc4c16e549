"""The connection to Discord: minimal intents, no caches of people or messages, every event handed on at once."""

import asyncio
from typing import Any

import discord
import structlog
import yarl
from discord import app_commands

from adapters.discord.commands import all_commands
from adapters.discord.dispatch import Dispatch
from adapters.discord.errors import explain
from adapters.discord.page import NOBODY
from adapters.discord.said import Catalogues
from adapters.discord.sync import sync
from adapters.discord.turn import House, Turn

log = structlog.get_logger()

OURS = (discord.InteractionType.component, discord.InteractionType.modal_submit)

LAST_WORDS = 3.0
"""Seconds that answers under way have left when the connection is to be closed."""


# We do not speak, and need no library for it.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Tree(app_commands.CommandTree["HuashenClient"]):
    """Commands whose failures are told in one sentence."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Tell whoever asked; a menu of suggestions that fails just stays empty."""
        if interaction.type is discord.InteractionType.autocomplete:
            log.warning("suggestions failed", error=type(error).__name__)
            return
        await explain(Turn.of(interaction), error)


class HuashenClient(discord.AutoShardedClient):
    """One bot user over as many shards as Discord asks for; use it once, then make another."""

    def __init__(self, house: House) -> None:
        super().__init__(
            # Guilds alone: no message, no member list, nobody's presence.
            intents=discord.Intents(guilds=True),
            allowed_mentions=NOBODY,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            # A longer wait is the outbox's, which keeps it over a restart.
            max_ratelimit_timeout=30.0,
        )
        self.house = house
        self._answer = Dispatch()
        self._launched: set[int] = set()
        self.tree = Tree(self)
        for command in all_commands():
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Logged in, not yet connected."""
        await self.tree.set_translator(Catalogues())
        await sync(self.tree, self.application_id or 0, self.house.deps.folder)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Once: discord.py would call itself again every five seconds, ever deeper. Supervision has growing pauses."""
        if shard_id in self._launched:
            raise ConnectionError("the gateway cannot be reached")
        self._launched.add(shard_id)
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A session has begun, and has told the address at which to resume it: not the owner's proxy."""
        if self._gateway and (shard := self.get_shard(shard_id)):
            shard._parent.ws.gateway = self._gateway

    @property
    def _gateway(self) -> yarl.URL | None:
        """The owner's proxy, where there is one: Discord's own answers name its own address."""
        own = self.house.deps.reach.gateway
        return yarl.URL(own) if own else None

    async def close(self) -> None:
        """Once those who asked already have their answer."""
        if self.house.under_way:
            _, late = await asyncio.wait(self.house.under_way, timeout=LAST_WORDS)
            for task in late:
                task.cancel()
        await super().close()

    async def on_ready(self) -> None:
        """Connected, with every server known."""
        self.house.connected.set()
        log.info("discord is connected", servers=len(self.guilds), shards=self.shard_count)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Buttons, menus and forms; commands go their own way through the tree."""
        if interaction.type in OURS:
            await self._answer(interaction)

    async def on_error(self, event: str, /, *args: Any, **options: Any) -> None:
        """Nothing that one event does ends the rest."""
        log.exception("an event failed", event_name=event)
