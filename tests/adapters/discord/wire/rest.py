"""The HTTP API: real requests in, simcord's routes behind, Discord's own words out."""

import asyncio
import io
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web
from simcord.backend.errors import BackendError
from simcord.http.client import router

from tests.adapters.discord.wire import rules
from tests.adapters.discord.wire.faults import Faults, Refusal
from tests.adapters.discord.wire.spec import Specification
from tests.adapters.discord.wire.turns import Callback, Turn
from tests.adapters.discord.wire.world import KEPT, World

PREFIX = "/api/v10"
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")
"""Routes whose path carries a token of its own."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request, as simcord wants it."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request of the bot. Times are of the monotonic clock."""

    at: float
    method: str
    path: str
    body: Any = None
    files: tuple[Upload, ...] = ()


class Rest:
    """Answers the bot's requests."""

    def __init__(self, world: World, faults: Faults, token: str, size_limit: int, judge: Specification | None) -> None:
        self.asked: deque[Asked] = deque(maxlen=KEPT)
        self.violations: list[str] = []
        self.turns: dict[int, Turn] = {}
        self.judge = judge
        self.gateway_url = ""
        self._world, self._faults, self._token = world, faults, token
        self._size_limit = size_limit
        self._sent: dict[tuple[str, str], Any] = {}

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        at = time.monotonic()
        path = request.path.removeprefix(PREFIX)
        try:
            faults = self._faults.struck(request.method, path)
            headers = self._faults.taken(request.method, path)
            if request.content_type == "application/json":
                # A slow Discord has the request already: giving up does not take it back.
                await request.read()
            for fault in faults:
                await asyncio.sleep(fault.delay)
            before = [fault for fault in faults if not fault.after]
            self._strike(request, before)
            asked = await self._read(at, path, request)
            result = self._answer(asked, request)
            self._strike(request, [fault for fault in faults if fault.after])
            return _json(200, result, headers) if result is not None else web.Response(status=204, headers=headers)
        except Refusal as refusal:
            return _json(refusal.status, refusal.body, refusal.headers)
        except BackendError as error:
            return _json(error.status, error.to_json())

    def _strike(self, request: web.Request, faults: list[Any]) -> None:
        for fault in faults:
            if fault.drop and request.transport:
                request.transport.abort()
            if fault.drop or fault.refusal:
                raise fault.refusal or Refusal(502, 0, "the connection is gone")

    async def _read(self, at: float, path: str, request: web.Request) -> Asked:
        body: Any = None
        files: list[Upload] = []
        if request.content_type == "multipart/form-data":
            body, files = await self._multipart(request)
        elif request.body_exists:
            body = json.loads(await request.read() or b"null")
        asked = Asked(at, request.method, path, body, tuple(files))
        self.asked.append(asked)
        if self.judge and body is not None and (violation := self.judge.violation(asked.method, path, body)):
            self.violations.append(violation)
        return asked

    async def _multipart(self, request: web.Request) -> tuple[Any, list[Upload]]:
        body: Any = {}
        read: list[tuple[str, str, bytes]] = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Refusal(400, 50035, "Invalid Form Body")
            data = bytes(await part.read())
            if part.name == "payload_json":
                body = json.loads(data)
            else:
                read.append((part.name or "", part.filename or "", data))
        if any(len(data) > self._size_limit for _, _, data in read):
            raise Refusal(413, 40005, "Request entity too large")
        attachments = (body.get("data") or body).get("attachments") or []
        described = {f"files[{told.get('id')}]": told.get("description") for told in attachments}
        return body, [Upload(name, io.BytesIO(data), described.get(key)) for key, name, data in read]

    def _answer(self, asked: Asked, request: web.Request) -> Any:
        if not asked.path.startswith(WITHOUT_TOKEN) and request.headers.get("Authorization") != f"Bot {self._token}":
            raise Refusal(401, 0, "401: Unauthorized")
        if asked.path in ("/gateway", "/gateway/bot"):
            limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}
        if asked.path.endswith("/callback"):
            return self._callback(asked, request)
        nonce = rules.nonce(asked.path, asked.body)
        if nonce in self._sent:
            return self._sent[nonce]
        result = self._dispatch(asked, request)
        if nonce:
            result = self._sent[nonce] = result | {"nonce": nonce[1]}
        return result

    def _callback(self, asked: Asked, request: web.Request) -> Any:
        turn = self.turns.get(int(asked.path.split("/")[2]))
        kind, data = asked.body.get("type"), asked.body.get("data") or {}
        try:
            rules.check_callback(turn.payload["type"] if turn else None, kind)
            result = self._dispatch(asked, request)
        except (BackendError, Refusal) as error:
            code = error.code if isinstance(error, BackendError) else error.body["code"]
            if turn:
                turn.callbacks.append(Callback(asked.at, kind, data, code))
            raise
        if turn:
            turn.callbacks.append(Callback(asked.at, kind, data))
        self._world.stir()
        return result if request.query.get("with_response", "").lower() in ("1", "true") else None

    def _dispatch(self, asked: Asked, request: web.Request) -> Any:
        rules.check(self._world, asked.method, asked.path, asked.body, bool(asked.files))
        try:
            return router.dispatch(
                self._world,
                asked.method,
                asked.path,
                json=rules.plain(asked.path, asked.body),
                params=dict(request.query),
                files=list(asked.files),
                reason=request.headers.get("X-Audit-Log-Reason"),
            )
        except (router.RouteNotImplemented, router.UnsupportedField, ValueError, KeyError) as gap:
            self.violations.append(f"{asked.method} {asked.path}: {gap!r}")
            raise Refusal(400, 50035, f"Invalid Form Body: {gap}") from gap


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    data = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(status=status, body=data, content_type="application/json", headers=headers)
