"""The page over a whole house: a client per visitor, and a worker that does the jobs when told."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.presentation import Choice
from adapters.web.access import Access
from adapters.web.app import create_app
from adapters.web.deps import WebDeps, WebSettings
from adapters.web.messenger import WebMessenger
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Job
from bot.ports import PlatformBusy
from bot.usecases.deliver import deliver_next
from bot.usecases.process import process
from tests import house
from tests.house import House

BASE = "http://127.0.0.1:8080"
OWNER = Origin(Platform.WEB, "owner", "studio", role=Role.OWNER)
STYLES = (Choice("pixel", {"en": "Pixel art", "zh_CN": "像素"}), Choice("robot", {"en": "Robot"}))
TONES = (Choice("plain", {"en": "Plain"}), Choice("funny", {"en": "Funny"}))


class Browser(httpx.AsyncClient):
    """One visitor. `post` carries the session's token and origin, as the page's forms do."""

    csrf = ""

    async def do(self, path: str, headers: Mapping[str, str] = {}, **fields: str) -> httpx.Response:
        """What our script sends."""
        sent = {"HX-Request": "true", "Origin": BASE, "X-CSRF-Token": self.csrf} | dict(headers)
        return await self.post(path, data={"token": "form-1"} | fields, headers=sent)

    async def plain(self, path: str, **fields: str) -> httpx.Response:
        """What the page's forms send without our script."""
        sent = {"csrf": self.csrf, "token": "form-1"} | fields
        return await self.post(path, data=sent, headers={"Origin": BASE})


@dataclass
class Ranking:
    """Platforms' word about who may do what; `down` while none can be asked."""

    roles: dict[tuple[Platform, str, str], Role] = field(default_factory=dict)
    asked: int = 0
    down: bool = False

    async def rank(self, platform: Platform, community_id: str, user_id: str) -> Role:
        """Their role now."""
        self.asked += 1
        if self.down:
            raise PlatformBusy(1.0)
        return self.roles.get((platform, community_id, user_id), Role.MEMBER)


@dataclass
class Site:
    """The page, and the house behind it."""

    home: House
    access: Access
    deps: WebDeps
    client: Callable[..., Browser]
    ranks: Ranking
    health: dict[str, bool] = field(default_factory=dict)

    async def sign_in(self, user: str = "owner", role: Role = Role.OWNER, **headers: str) -> Browser:
        """A signed-in visitor."""
        browser = self.client(headers=headers)
        page = await browser.get(self.access.issue_link(BASE, user, user.capitalize(), role))
        assert page.status_code == 200
        browser.csrf = re.findall(r'"X-CSRF-Token": "(\w+)"', (await browser.get("/")).text)[0]
        return browser

    async def work(self) -> Job:
        """Do the next job and deliver it."""
        job = await self.home.claim()
        await process(job, self.home.bench)
        await deliver_next({Platform.WEB: WebMessenger(self.home.events)}, self.home.transaction, self.home.clock)
        return await self.home.job(job.id)


@pytest.fixture
async def site(sqlite_database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Site]:
    """A fresh page."""
    home = house.build(sqlite_database, tmp_path / "artifacts")
    access = Access(tmp_path / "web", home.clock)
    registry = CollectorRegistry()
    Counter("huashen_accepted", "Requests accepted", registry=registry).inc()
    state = {"database": True, "engine": True}

    async def health() -> Mapping[str, bool]:
        return state

    settings = WebSettings(BASE, hosts=("avatars.example",), metrics_token="meter")
    ranks = Ranking()
    deps = WebDeps(home.desk, access, STYLES, TONES, health, registry, ranks, settings)
    transport = httpx.ASGITransport(create_app(deps), client=("203.0.113.9", 1234), raise_app_exceptions=False)
    browsers: list[Browser] = []

    def client(**options: object) -> Browser:
        browsers.append(Browser(transport=transport, base_url=BASE, **options))  # type: ignore[arg-type]
        return browsers[-1]

    yield Site(home, access, deps, client, ranks, state)
    for browser in browsers:
        await browser.aclose()


def job_ids(page: str) -> list[str]:
    """The messages of a page or fragment, in order."""
    return re.findall(r'<article[^>]*id="job-([0-9a-f]+)"', page)


def picture_ids(page: str) -> list[str]:
    """The pictures of a page or fragment, in order."""
    return re.findall(r'<figure[^>]*id="picture-([0-9a-f]+)"', page)
