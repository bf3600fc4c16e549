"""The gateway: identify, heartbeat, resume, and everything that ends a connection."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web
from simcord.backend import serializers

from tests.adapters.discord.wire.faults import Faults
from tests.adapters.discord.wire.sessions import Session, Socket
from tests.adapters.discord.wire.world import World

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
"""Members, presences and message content: nobody switched them on in the developer portal."""
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACKNOWLEDGED = 0, 1, 2, 6, 7, 9, 10, 11
AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED, INVALID_INTENTS, DISALLOWED_INTENTS = 4004, 4005, 4013, 4014


class Gateway:
    """Accepts the bot's connections and sends it what happens."""

    def __init__(self, world: World, faults: Faults, token: str, heartbeat: float, privileged: int) -> None:
        self.url = ""
        self.privileged = privileged
        self.interval = heartbeat
        self.heartbeats = 0
        self.identified = 0
        self.resumed = 0
        self.refused = 0
        self.sessions: dict[str, Session] = {}
        self._world, self._faults, self._token = world, faults, token
        self._sockets: set[Socket] = set()
        world.subscribers.append(self.deliver)

    @property
    def connected(self) -> bool:
        """Whether a bot is there and listens."""
        return any(session.socket for session in self.sessions.values())

    def deliver(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event to every session."""
        for session in self.sessions.values():
            session.deliver(event, payload)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self._faults.gateway_down:
            self.refused += 1
            self._world.stir()
            return web.Response(status=503)
        connection = web.WebSocketResponse(compress=False, max_msg_size=4096 * 4)
        await connection.prepare(request)
        socket = Socket(request, connection)
        self._sockets.add(socket)
        writer = asyncio.create_task(socket.write())
        session: Session | None = None
        try:
            socket.send(HELLO, {"heartbeat_interval": round(self.interval * 1000), "_trace": []})
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(socket, session, json.loads(message.data))
        finally:
            self._sockets.discard(socket)
            socket.finish()
            if session and session.socket is socket:
                session.socket = None
                if connection.close_code in (1000, 1001):
                    self.sessions.pop(session.id, None)
            self._world.stir()
            await writer
        return connection

    async def _receive(self, socket: Socket, session: Session | None, frame: Mapping[str, Any]) -> Session | None:
        op, data = frame["op"], frame.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            if not self._faults.heartbeats_lost:
                socket.send(ACKNOWLEDGED)
        elif op in (IDENTIFY, RESUME) and session:
            await socket.close(ALREADY_AUTHENTICATED)
        elif op in (IDENTIFY, RESUME) and data["token"] != self._token:
            await socket.close(AUTHENTICATION_FAILED)
        elif op == IDENTIFY:
            if refused := self._refused(data["intents"]):
                await socket.close(refused)
                return None
            session = self._start(socket, data)
        elif op == RESUME:
            known = self.sessions.get(data["session_id"])
            if known is None or not known.resume(socket, data["seq"]):
                socket.send(INVALID_SESSION, False)
                return None
            session = known
            self.resumed += 1
            self._world.stir()
        return session

    def _refused(self, intents: int) -> int:
        if intents & PRIVILEGED & ~self.privileged:
            return DISALLOWED_INTENTS
        return INVALID_INTENTS if intents < 0 or intents >> 26 else 0

    def _start(self, socket: Socket, identify: Mapping[str, Any]) -> Session:
        session = Session(secrets.token_hex(16), identify, self._world)
        session.socket = socket
        self.sessions[session.id] = session
        self.identified += 1
        guilds = self._world.bot_guilds()
        ready = {
            "v": 10,
            "user": serializers.user_payload(self._world.bot_user),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "application": {"id": str(self._world.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
        }
        if "shard" in identify:
            ready["shard"] = identify["shard"]
        session.deliver("READY", ready)
        for guild in guilds:
            session.deliver("GUILD_CREATE", self._world.guild_payload(guild))
        self._world.stir()
        return session

    # ------------------------------------------------------------ what a test does to it

    def drop_sockets(self) -> None:
        """Every connection breaks off."""
        for socket in self._sockets:
            socket.cut()
        for session in self.sessions.values():
            session.socket = None

    async def close_sockets(self, code: int) -> None:
        """Every connection is closed with a code."""
        for socket in list(self._sockets):
            await socket.close(code)

    def ask_reconnect(self) -> None:
        """Ask the bot to come back over a new connection, as Discord does every few hours."""
        for session in self.sessions.values():
            if session.socket:
                session.socket.send(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is not valid."""
        for session in list(self.sessions.values()):
            if session.socket:
                session.socket.send(INVALID_SESSION, resumable)
            if not resumable:
                del self.sessions[session.id]
