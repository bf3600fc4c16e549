"""The stand-in Discord: one server on the loopback, with everything a bot talks to."""

import base64
import hashlib
import mimetypes
from types import TracebackType
from typing import Any, Self

import discord
from aiohttp import web
from simcord.backend.models import Channel as Place

from tests.adapters.discord.wire.faults import Faults
from tests.adapters.discord.wire.gateway import Gateway
from tests.adapters.discord.wire.guilds import Community
from tests.adapters.discord.wire.people import Person
from tests.adapters.discord.wire.rest import PREFIX, Asked, Rest
from tests.adapters.discord.wire.shown import Shown
from tests.adapters.discord.wire.spec import specification
from tests.adapters.discord.wire.turns import Turn
from tests.adapters.discord.wire.world import KEPT, World

INVITED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""What the bot may do in a guild unless a test says otherwise."""


class StandIn:
    """Discord, as far as a bot can tell. Use it as a context manager; it listens on a free port."""

    def __init__(
        self,
        *,
        ack_limit: float = 3.0,
        token_lifetime: float = 900.0,
        heartbeat: float = 41.25,
        size_limit: int = 10 * 2**20,
        privileged: discord.Intents | None = None,
        check_bodies: bool = True,
    ) -> None:
        self.world = World(ack_limit, token_lifetime)
        self.faults = Faults()
        self.size_limit = size_limit
        self.token = _token(self.world.application_id)
        judge = specification() if check_bodies else None
        self.rest = Rest(self.world, self.faults, self.token, size_limit, judge)
        self.gateway = Gateway(self.world, self.faults, self.token, heartbeat, privileged.value if privileged else 0)
        self._runner: web.AppRunner | None = None

    # ------------------------------------------------------------------ the server

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**28)
        app.router.add_get("/gateway/", self.gateway.connect)
        app.router.add_get("/cdn/{path:.*}", self._file)
        app.router.add_route("*", PREFIX + "/{path:.*}", self.rest.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_base = f"http://{host}:{port}{PREFIX}"
        self.gateway_url = self.gateway.url = self.rest.gateway_url = f"ws://{host}:{port}/gateway/"
        self.cdn_base = self.world.cdn.base = f"http://{host}:{port}/cdn"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop_sockets()
        if self._runner:
            await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        data = self.world.cdn.get(request.path)
        if data is None:
            return web.Response(status=404, text="This content is no longer available.")
        kind = mimetypes.guess_type(request.path)[0] or "application/octet-stream"
        return web.Response(body=data, content_type=kind)

    # ------------------------------------------------------------------- the world

    @property
    def application_id(self) -> int:
        """The bot's application."""
        return self.world.application_id

    def guild(
        self, name: str = "Home", *, bot: bool = True, locale: str = "en-US", permissions: discord.Permissions = INVITED
    ) -> Community:
        """A new guild with a channel #general, with the bot in it or not."""
        return Community(self, self.world.found(name, locale), permissions.value if bot else None)

    def user(self, name: str, *, locale: str = "en-US", installed: bool = False) -> Person:
        """Somebody who shares no guild with the bot, but may have added the app to their own account."""
        return Person(self, self.world.make_user(name).id, locale, installed=installed)

    def private_channel(self, *people: Person) -> Place:
        """A conversation without the bot."""
        return self.world.private_channel(*(person.id for person in people))

    def close_dms(self, person: Person) -> None:
        """The person takes no more direct messages from the bot."""
        self.world.closed_to_bot.add(person.id)

    def messages(self, place: Place) -> list[Shown]:
        """Every message in a place, the oldest first."""
        return [Shown(self.world, place.id, message_id) for message_id in self.world.messages.get(place.id, {})]

    def lose_file(self, url: str) -> None:
        """The CDN no longer has an attachment."""
        self.world.cdn.remove(url)

    def delete_message(self, message: Shown) -> None:
        """Somebody deletes a message."""
        self.world.delete_message(message.channel_id, message.id)

    # ---------------------------------------------------------------- what happened

    @property
    def commands(self) -> dict[int | None, list[dict[str, Any]]]:
        """What the bot synchronised, by guild id; None is everywhere."""
        return {scope: list(commands.values()) for scope, commands in self.world.commands.items()}

    @property
    def command_names(self) -> list[str]:
        """The names of everything synchronised."""
        return [command["name"] for commands in self.commands.values() for command in commands]

    @property
    def violations(self) -> list[str]:
        """What the bot sent against Discord's description of its API."""
        return self.rest.violations

    def asked(self, method: str = "", path: str = "") -> list[Asked]:
        """The bot's requests whose path contains this."""
        return [asked for asked in self.rest.asked if method in ("", asked.method) and path in asked.path]

    async def online(self, timeout: float = 20.0) -> None:
        """Wait until the bot is there."""
        await self.world.until(lambda: self.gateway.connected, timeout)

    async def until(self, holds: Any, timeout: float = 5.0) -> Any:
        """Wait until something holds; looked at whenever the bot did something."""
        return await self.world.until(holds, timeout)

    def begin(self, turn: Turn) -> None:
        """A person acted: the bot hears of it."""
        self.rest.turns[turn.id] = turn
        if len(self.rest.turns) > KEPT:
            del self.rest.turns[next(iter(self.rest.turns))]
        self.world.tell("INTERACTION_CREATE", turn.payload)

    def expire(self, turn: Turn) -> None:
        """The turn's token has expired."""
        turn.record.expires_at = self.world.iso_after(-1)

    def drop_sockets(self) -> None:
        """The gateway connection breaks off."""
        self.gateway.drop_sockets()


def _token(application_id: int) -> str:
    """A bot token of the right shape."""
    head = base64.urlsafe_b64encode(str(application_id).encode()).decode().rstrip("=")
    return f"{head}.{application_id:x}.{hashlib.sha256(str(application_id).encode()).hexdigest()[:38]}"
