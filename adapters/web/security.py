"""What every request meets first: host names, the size of the body, the headers that tell a browser to be strict."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.errors import InvalidRequest
from bot.domain.requests import IMAGE_LIMIT

BODY_LIMIT = IMAGE_LIMIT + 256 * 1024
"""Bytes of a request: one picture at its largest, and a form around it."""
DRAIN_LIMIT = 64 * 1024 * 1024
"""Bytes read and thrown away beyond BODY_LIMIT. A browser that is cut off while sending shows no answer at all."""

CONTENT_SECURITY_POLICY = (
    # data: carries previews, blob: the thumbnail of a picture about to be sent.
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Tells other sites nothing. Stricter, 'no-referrer', would make browsers send our own forms with 'Origin: null'.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """ASGI middleware: refuses foreign host names, stops long bodies, adds HEADERS to every answer."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # What a signed-in member sees must not come out of a shared cache.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if not self._known(Headers(scope=scope).get("host", "")):
            refusal = PlainTextResponse("This page does not answer to that host name.\n", 421)
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, _capped(receive), send_with_headers)

    def _known(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        return name in self._hosts or _is_address(name)


def _is_address(name: str) -> bool:
    """DNS rebinding needs a name: whoever typed digits meant this machine."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _capped(receive: Receive) -> Receive:
    """Stop handing out the body after BODY_LIMIT bytes, whatever Content-Length promised."""
    seen = 0

    async def capped() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > BODY_LIMIT:
            while message.get("more_body") and seen <= DRAIN_LIMIT:
                message = await receive()
                seen += len(message.get("body", b""))
            raise InvalidRequest("image-too-large", limit_mb=IMAGE_LIMIT // 1024**2)
        return message

    return capped
