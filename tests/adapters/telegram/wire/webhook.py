"""Pushes updates to the bot's own address, one after the other, until each is taken."""

import asyncio
import re
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.adapters.telegram.wire.refusals import bad
from tests.adapters.telegram.wire.updates import Updates

PORTS = (443, 80, 88, 8443)
FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = 0.05, 1.0, 10.0


class Webhook:
    """Where updates go, if not to whoever asks."""

    def __init__(self, updates: Updates) -> None:
        self.routes: dict[str, str] = {}
        """What stands before the bot: from a public origin to where it really listens."""
        self.secret = ""
        self.connections = 40
        self.error: dict[str, Any] = {}
        self.refused = 0
        """How many pushes the bot did not take."""
        self._updates = updates
        self._task: asyncio.Task[None] | None = None

    async def set(self, url: str, secret: str, connections: int, allowed: list[str] | None) -> None:
        """Push from now on; an empty address ends it."""
        if url:
            _check(url, secret)
        await self.stop()
        if allowed is not None:
            self._updates.allowed = allowed
        self._updates.webhook, self.secret, self.connections, self.error = url, secret, connections, {}
        if url:
            self._updates.interrupt("terminated by setWebhook request")
            self._task = asyncio.create_task(self._push())

    async def stop(self) -> None:
        """Push nothing more."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def info(self) -> dict[str, Any]:
        """What getWebhookInfo answers."""
        told: dict[str, Any] = {"url": self._updates.webhook, "has_custom_certificate": False}
        told["pending_update_count"] = len(self._updates.pending)
        if self._updates.webhook:
            told["max_connections"] = self.connections
        if self._updates.allowed:
            told["allowed_updates"] = self._updates.allowed
        return told | self.error

    async def _push(self) -> None:
        pause = FIRST_PAUSE
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session:
            while True:
                if not self._updates.pending:
                    self._updates.came.clear()
                    await self._updates.came.wait()
                    continue
                update = self._updates.pending[0]
                if wrong := await self._post(session, update):
                    self.refused += 1
                    self.error = {"last_error_date": int(time.time()), "last_error_message": wrong}
                    await asyncio.sleep(pause)
                    pause = min(LONGEST_PAUSE, pause * 2)
                else:
                    pause = FIRST_PAUSE
                    self._updates.confirm(update)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> str:
        """Why the bot did not take it; nothing where it did."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        public = urlsplit(self._updates.webhook)
        origin = f"{public.scheme}://{public.netloc}"
        url = self._updates.webhook.replace(origin, self.routes.get(origin, origin), 1)
        try:
            async with session.post(url, json=update, headers=headers) as answer:
                await answer.read()
                return "" if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {error}"


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256 or not re.fullmatch(r"[\w-]*", secret, re.ASCII):
        raise bad("secret token contains unallowed characters")
