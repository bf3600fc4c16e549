"""One gateway session and the socket it has at the moment, if it has one."""

import asyncio
import copy
import json
import zlib
from collections import deque
from collections.abc import Mapping
from typing import Any

import discord
from aiohttp import web
from simcord import intents as rules

from tests.adapters.discord.wire.world import World

REPLAYED = 2000
"""How many events a session keeps for a bot that resumes."""


class Socket:
    """A connection: frames leave in order, through one zlib stream if the bot asked for that."""

    def __init__(self, request: web.Request, connection: web.WebSocketResponse) -> None:
        self.connection = connection
        self._request = request
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, op: int, data: Any = None, event: str | None = None, sequence: int | None = None) -> None:
        """Put a frame in line."""
        self.send_text(frame(op, data, event, sequence))

    def send_text(self, text: str) -> None:
        """Put a ready frame in line."""
        self._frames.put_nowait(text)

    async def write(self) -> None:
        """Send what is in line until the connection ends."""
        while (text := await self._frames.get()) is not None:
            try:
                if self._zlib:
                    packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.connection.send_bytes(packed)
                else:
                    await self.connection.send_str(text)
            except ConnectionError:
                return

    def finish(self) -> None:
        """Let the writer end."""
        self._frames.put_nowait(None)

    def cut(self) -> None:
        """The cable is pulled: no closing handshake."""
        if self._request.transport:
            self._request.transport.abort()

    async def close(self, code: int) -> None:
        """Close with one of Discord's codes."""
        await self.connection.close(code=code)


class Session:
    """What a bot is sent between READY and the end; survives its sockets."""

    def __init__(self, session_id: str, identify: Mapping[str, Any], world: World) -> None:
        self.id = session_id
        self.intents = discord.Intents._from_value(identify["intents"])
        self.identify = identify
        self.socket: Socket | None = None
        self.sequence = 0
        self._world = world
        self._sent: deque[tuple[int, str]] = deque(maxlen=REPLAYED)

    def deliver(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event if the bot's intents include it; keep it for a bot that resumes."""
        intent = rules.required_intent(event, payload)
        if intent and not getattr(self.intents, intent):
            return
        if event == "GUILD_CREATE":
            payload = dict(payload)
            rules.prune_guild_create(payload, self.intents, self._world.bot_user.id)
        if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not self.intents.message_content:
            payload = copy.deepcopy(dict(payload))
            rules.censor_message(payload, self._world.bot_user.id, backend=self._world)
        self.sequence += 1
        text = frame(0, payload, event, self.sequence)
        self._sent.append((self.sequence, text))
        if self.socket:
            self.socket.send_text(text)

    def resume(self, socket: Socket, sequence: int) -> bool:
        """Send what was missed over a new socket; False if it is no longer known."""
        first = self._sent[0][0] if self._sent else self.sequence + 1
        if not first - 1 <= sequence <= self.sequence:
            return False
        self.socket = socket
        for number, text in self._sent:
            if number > sequence:
                socket.send_text(text)
        self.deliver("RESUMED", {"_trace": []})
        return True


def frame(op: int, data: Any = None, event: str | None = None, sequence: int | None = None) -> str:
    """A gateway frame."""
    return json.dumps({"op": op, "d": data, "s": sequence, "t": event}, separators=(",", ":"))
