"""What the web page is given by bootstrap, as one frozen value."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from adapters.presentation import Choice
from adapters.web.access import Access
from bot.ports import Ranks
from bot.usecases.submit import Desk


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the page lives. `hosts`: names it answers to besides `base_url`'s, localhost and plain IP addresses."""

    base_url: str = "http://127.0.0.1:8080"
    hosts: tuple[str, ...] = ()
    metrics_token: str = ""
    """Opens /metrics to a `Authorization: Bearer` that is neither on this machine nor signed in; empty means none."""
    channel: str = "studio"

    @property
    def secure(self) -> bool:
        """Whether members reach us over https, so that cookies may insist on it."""
        return self.base_url.startswith("https:")


@dataclass(frozen=True, slots=True)
class WebDeps:
    """Everything the routes use. `stopping`, once set, ends the event streams so that the server can stop."""

    desk: Desk
    access: Access
    styles: tuple[Choice, ...]
    tones: tuple[Choice, ...]
    health: Callable[[], Awaitable[Mapping[str, bool]]]
    """Parts by name and whether each answers, for /readyz: {'database': True, 'engine': False}."""
    registry: CollectorRegistry
    ranks: Ranks
    settings: WebSettings = field(default_factory=WebSettings)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    models: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The models that each command can name."""
