"""The way in: everything of the Discord adapter, put together."""

import asyncio
from collections.abc import Callable

import discord
import yarl

from adapters.chat.cards import Cards
from adapters.chat.living import Living
from adapters.chat.notices import Notices
from adapters.discord.asking import resume
from adapters.discord.casecard import DiscordBoard
from adapters.discord.client import HuashenClient
from adapters.discord.deps import DiscordDeps, Reach
from adapters.discord.face import DiscordFace
from adapters.discord.herald import DiscordHerald
from adapters.discord.invite import invite_link
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.outlet import Outlet
from adapters.discord.ranks import DiscordRanks
from adapters.discord.supervision import supervise
from adapters.discord.turn import House
from bot.domain.errors import Reason
from bot.domain.identity import Platform


class DiscordConnection:
    """A messenger for the outbox, the ranks of moderators, and `run`, which listens until cancelled."""

    def __init__(self, deps: DiscordDeps) -> None:
        point(deps.reach)
        outlet = Outlet(deps.desk.clock)
        living = Living(deps.desk, DiscordFace(outlet))
        self.messenger = DiscordMessenger(deps, outlet, living)
        self.ranks = DiscordRanks(outlet, deps.desk.transactions)
        self._house = House(deps, outlet, living, self.messenger)

    def client(self) -> HuashenClient:
        """A client that was never used."""
        return HuashenClient(self._house)

    async def run(self, tell: Callable[[Reason], None] = lambda _: None) -> None:
        """Until cancelled; `tell` gets what the owner should read. NotAllowed when Discord will not have us."""
        house = self._house
        cards = Cards(Platform.DISCORD, house.deps, DiscordBoard(house.outlet))
        notices = Notices(Platform.DISCORD, house.deps, DiscordHerald(house.outlet))
        loops = house.living.run(), resume(house), cards.run(), notices.run(), self._greet(tell)
        beside = [asyncio.create_task(loop) for loop in loops]
        try:
            await supervise(self.client, house.outlet, house.deps.reach.token, tell)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)

    async def _greet(self, tell: Callable[[Reason], None]) -> None:
        """Once connected, say so; and how to invite the bot when nobody has yet."""
        await self._house.connected.wait()
        client = self._house.outlet.client
        if client is None:
            return
        tell(Reason.of("discord-connected", name=str(client.user), count=len(client.guilds)))
        if not client.guilds:
            tell(Reason.of("discord-invite", link=invite_link(self._house.deps.reach.token)))


def point(addresses: Reach) -> None:
    """Point discord.py at the owner's addresses: it keeps them for the whole process."""
    if addresses.api_base:
        discord.http.Route.BASE = addresses.api_base.rstrip("/")
    if addresses.gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(addresses.gateway)
    if addresses.cdn_base:
        discord.Asset.BASE = addresses.cdn_base.rstrip("/")
