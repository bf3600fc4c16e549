"""The HTTP side: real requests in, judged; Telegram's own words out, judged too."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.adapters.telegram.wire.faults import Fault, Faults
from tests.adapters.telegram.wire.forms import Call, read
from tests.adapters.telegram.wire.limits import Flood
from tests.adapters.telegram.wire.methods import METHODS
from tests.adapters.telegram.wire.refusals import Gap, Refusal, bad
from tests.adapters.telegram.wire.spec import Specification
from tests.adapters.telegram.wire.updates import Updates
from tests.adapters.telegram.wire.webhook import Webhook
from tests.adapters.telegram.wire.world import World

WAITING = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")


@dataclass
class Asked:
    """A request of the bot and what became of it. `at` is of the monotonic clock."""

    at: float
    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 0
    """What it was answered with; 0 until then."""
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def chat_id(self) -> Any:
        """The chat that it is about."""
        return self.parameters.get("chat_id")


class Api:
    """Answers the bot's requests."""

    def __init__(self, world: World, webhook: Webhook, faults: Faults, flood: Flood | None, token: str) -> None:
        self.asked: list[Asked] = []
        self.floods: list[Asked] = []
        self.violations: list[str] = []
        self.spec: Specification | None = None
        self._world, self._webhook, self._faults = world, webhook, faults
        self._flood, self._token = flood, token

    def judge(self, kind: str, value: Any) -> None:
        """Hold what we say against the description."""
        if self.spec:
            self.violations += [f"ours: {wrong}" for wrong in self.spec.wrong(kind, value)]

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        asked = Asked(time.monotonic(), request.match_info["method"])
        self.asked.append(asked)
        faults: list[Fault] = []
        try:
            call = await read(request, asked.method, self.spec)
            asked.parameters = call.parameters
            asked.files = {name: upload.data for name, upload in call.files.items()}
            faults = await self._admit(asked, request.match_info["token"])
            self._check(asked, call)
            asked.answer = {"ok": True, "result": await self._carry_out(call)}
            asked.status = 200
        except Refusal as refusal:
            asked.status, asked.answer = refusal.status, refusal.body
            if isinstance(refusal, Gap):
                self.violations.append(f"{asked.method}: {refusal}")
        except ConnectionError:
            # The bot was killed while it asked.
            raise
        except Exception as error:
            # A mistake of ours must not pass for one of Telegram's.
            asked.status, asked.answer = 500, Refusal(500, "Internal Server Error").body
            self.violations.append(f"ours: {asked.method}: {error!r}")
        self._world.stir()
        if request.transport and any(fault.drop for fault in faults):
            request.transport.abort()
        return web.json_response(asked.answer, status=asked.status)

    async def _admit(self, asked: Asked, token: str) -> list[Fault]:
        """Whoever may ask, unless something goes wrong on demand: then that is raised."""
        if token != self._token:
            raise Refusal(401, "Unauthorized")
        if self._faults.down:
            raise Refusal(502, "Bad Gateway")
        faults = self._faults.struck(asked.method)
        for fault in faults:
            await asyncio.sleep(fault.seconds)
            if fault.refusal:
                raise fault.refusal
        return faults

    def _check(self, asked: Asked, call: Call) -> None:
        done = call.method in METHODS or call.method in WAITING
        if not (self.spec.knows(call.method) if self.spec else done):
            self.violations.append(f"{call.method}: Telegram has no such method")
            raise Refusal(404, "Not Found")
        if not done:
            raise Gap(f"do {call.method}")
        known = self.spec.parameters(call.method) if self.spec else call.parameters
        self.violations += [f"{call.method}: {name} is unknown" for name in call.parameters.keys() - known]
        self.violations += [f"{call.method}: the upload {name} is used nowhere" for name in call.unused]
        wrong = [f"{call.method}: nothing is uploaded as {name}" for name in call.lacking]
        if self.spec:
            parameters = {name: value for name, value in call.parameters.items() if name in known}
            wrong += self.spec.wrong_request(call.method, parameters)
        self.violations += wrong
        if wrong:
            raise bad(wrong[0])
        try:
            if self._flood:
                self._flood.check(call)
        except Refusal:
            self.floods.append(asked)
            raise

    async def _carry_out(self, call: Call) -> Any:
        if call.method in METHODS:
            result = METHODS[call.method](self._world, call)
        else:
            result = await self._wait(call)
        # What is answered is what was true then, whatever the message holds later.
        result = json.loads(json.dumps(result))
        if self.spec:
            self.violations += [f"ours: {wrong}" for wrong in self.spec.wrong_answer(call.method, result)]
        return result

    async def _wait(self, call: Call) -> Any:
        updates: Updates = self._world.updates
        if self.spec and not set(call.get("allowed_updates") or ()) <= self.spec.update_kinds:
            self.violations.append(f"{call.method}: allowed_updates {call['allowed_updates']} are not all known")
        if call.get("drop_pending_updates"):
            updates.pending.clear()
        match call.method:
            case "getUpdates":
                limit, timeout = call.get("limit", 100), call.get("timeout", 0)
                return await updates.ask(call.get("offset", 0), limit, timeout, call.get("allowed_updates"))
            case "setWebhook":
                secret, most = call.get("secret_token", ""), call.get("max_connections", 40)
                await self._webhook.set(call["url"], secret, most, call.get("allowed_updates"))
                return True
            case "deleteWebhook":
                await self._webhook.set("", "", 40, None)
                return True
        return self._webhook.info()
