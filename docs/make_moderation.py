"""Make the pictures of docs/moderation.md: the real console over a community with stand-ins for models, in Chromium.

python -m docs.make_moderation        (needs playwright and Chromium; half a minute)
"""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import async_playwright
from prometheus_client import CollectorRegistry

from adapters.web.access import Access
from adapters.web.app import create_app
from adapters.web.deps import WebDeps, WebSettings
from bot.domain.moderation import Category
from bot.domain.requests import CaptionRequest
from bot.storage.database import open_database, upgrade
from bot.usecases import casework, policy, review
from docs.stage import keep
from tests import house
from tests.adapters.web.conftest import STYLES, TONES, Ranking
from tests.adapters.web.moderation.community import ADA, BOB, CLEO, MO, NIA, OLGA, Members, appoint, link
from tests.fakes import FakeClock

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
HOUR = 3600.0


async def week(members: Members, clock: FakeClock) -> None:
    """Six days of a community, decided by its moderators; today's cases wait."""
    desk = members.home.desk
    end = clock.time
    for day in range(6, 0, -1):
        for number in range(4 + (day * 5) % 7):
            clock.time = end - day * 24 * HOUR + number * HOUR
            who = replace((ADA, BOB, CLEO)[number % 3], user_id=str(30 + number), display_name=f"Member {number}")
            await members.drawn(CaptionRequest(f"day {day}, thought {number}"), who, 0.0)
        case = await members.held("hold me by the campfire", CLEO)
        clock.time += (day % 4) * 600 + 240
        if day % 3:
            await review.approve(case, "discord:2", desk.transactions, desk.events, desk.clock, desk.policy)
        else:
            await review.reject(
                case, "discord:1", desk.transactions, desk.events, desk.clock, "", reason=Category.HARASSMENT
            )
    clock.time = end - 26 * HOUR
    await members.held("hold me while the dragon burns the village down", BOB)
    clock.time = end - 9 * HOUR
    await members.reported()
    clock.time = end - 5 * HOUR
    escalated = await members.held("hold me: a duel at dawn", CLEO)
    await casework.escalate(escalated, "discord:2", desk.transactions, desk.clock)
    clock.time = end - 2 * HOUR
    await members.appealed(origin=BOB)
    clock.time = end - 900
    picture = await members.held_picture("two swimmers at the lake, summer evening", ADA)
    await casework.add_note(picture, "discord:2", "Looks like a holiday photo to me.", desk.transactions, desk.clock)
    clock.time = end - 120
    await members.held("hold me close, said the knight to the bear", ADA)
    clock.time = end
    changed = replace(policy.preset("standard"), own_terms=("spoilers",))
    await policy.put(
        ADA.platform, ADA.community_id, changed, "discord:3", desk.transactions, desk.clock, "no spoilers this month"
    )


@asynccontextmanager
async def served() -> AsyncIterator[tuple[str, Access, Members]]:
    """The console on a free port, over a community in which nothing has happened yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = open_database(f"sqlite+aiosqlite:///{folder / 'stage.db'}")
        await upgrade(database)
        home = house.build(database, folder / "artifacts")
        members, ranks, access = Members(home), Ranking(), Access(folder / "web", home.clock)
        appoint(ranks)
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        async def health() -> dict[str, bool]:
            return {"database": True}

        deps = WebDeps(home.desk, access, STYLES, TONES, health, CollectorRegistry(), ranks, WebSettings(address))
        server = uvicorn.Server(uvicorn.Config(create_app(deps), log_level="warning", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield address, access, members
        finally:
            server.should_exit = True
            await serving
            await database.dispose()


async def photograph(page: Any, name: str) -> None:
    """Keep what is to be seen."""
    await page.wait_for_timeout(500)
    keep(await page.screenshot(), name)


async def tour(chromium: Any, address: str, access: Access) -> None:
    """The queue with a case, the policy with its simulator, a case on a phone."""
    context = await chromium.new_context(viewport=WIDE, device_scale_factor=1.5, color_scheme="light")
    page = await context.new_page()
    await page.goto(link(access, address, OLGA))
    await page.wait_for_selector(".case")
    await page.click(".row a:has-text('two swimmers')")
    await page.wait_for_selector(".case .shades")
    await photograph(page, "moderation-case")
    await page.goto(f"{address}/moderation/policy")
    slider = page.locator('[name="general/all/violence/hold"]')
    await slider.fill("80")
    await page.wait_for_selector(".flips li")
    await photograph(page, "moderation-policy")
    pocket = await chromium.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, color_scheme="dark"
    )
    phone = await pocket.new_page()
    await phone.goto(link(access, address, MO))
    await phone.wait_for_selector(".row")
    await photograph(phone, "moderation-phone")


async def main() -> None:
    """The stage, the browser, the pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    async with served() as (address, access, members), async_playwright() as driver:
        await week(members, members.home.clock)
        for moderator in (MO, NIA):
            # Who came in once is known by name.
            access.redeem(link(access, address, moderator).partition("token=")[2])
        chromium = await driver.chromium.launch(executable_path=program, args=FLAGS)
        await tour(chromium, address, access)
        await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
