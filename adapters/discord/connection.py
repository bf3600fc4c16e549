"""The way in: everything of the Discord adapter, put together."""

import asyncio

import discord
import yarl

from adapters.discord.asking import resume
from adapters.discord.cards import Cards
from adapters.discord.client import HuashenClient
from adapters.discord.deps import DiscordDeps, Reach
from adapters.discord.living import Living
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.outlet import Outlet
from adapters.discord.supervision import supervise
from adapters.discord.turn import House


class DiscordConnection:
    """A messenger for the outbox, and `run`, which listens until cancelled."""

    def __init__(self, deps: DiscordDeps) -> None:
        point(deps.reach)
        outlet = Outlet(deps.desk.clock)
        living = Living(deps, outlet)
        self.messenger = DiscordMessenger(deps, outlet, living)
        self._house = House(deps, outlet, living, self.messenger)

    def client(self) -> HuashenClient:
        """A client that was never used."""
        return HuashenClient(self._house)

    async def run(self) -> None:
        """Until cancelled; NotAllowed when Discord will not have us."""
        house = self._house
        loops = house.living.run(), resume(house), Cards(house.deps, house.outlet).run()
        beside = [asyncio.create_task(loop) for loop in loops]
        try:
            await supervise(self.client, house.outlet, house.deps.reach.token)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)


def point(addresses: Reach) -> None:
    """Point discord.py at the owner's addresses: it keeps them for the whole process."""
    if addresses.api_base:
        discord.http.Route.BASE = addresses.api_base.rstrip("/")
    if addresses.gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(addresses.gateway)
    if addresses.cdn_base:
        discord.Asset.BASE = addresses.cdn_base.rstrip("/")
