"""A member at a real browser: Chromium drives the page over HTTP, with the house's own worker behind it.

Nothing may be written to the browser's console: that is where a broken script or a Content-Security-Policy
violation shows.
"""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from prometheus_client import CollectorRegistry

from adapters.commandline import COMMANDS
from adapters.web.access import Access
from adapters.web.app import create_app
from adapters.web.deps import WebDeps, WebSettings
from adapters.web.messenger import WebMessenger
from bot.domain.identity import Origin, Platform, Role
from bot.domain.requests import AvatarRequest
from bot.runtime.courier import Courier
from bot.runtime.worker import Worker
from bot.storage.database import open_database, upgrade
from tests import house
from tests.adapters.web.conftest import STYLES, TONES, Ranking
from tests.conftest import missing
from tests.fakes import SEEN, png
from tests.house import House

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect
pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PATIENCE = 20_000
"""Milliseconds: generous, for the machine may be busy."""
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium notes about a refusal, which htmx repeats in its own words."""

WITNESS = """window.seen = new Set();
new MutationObserver(() => ["progress", ".easel img", ".drafts li"].forEach((selector) =>
  document.querySelector(`.message ${selector}`) && seen.add(selector)))
  .observe(document, { childList: true, subtree: true });"""
"""Remembers what passes too quickly to wait for."""


@dataclass
class Running:
    """The page as a server, and a browser to look at it."""

    home: House
    access: Access
    address: str
    chromium: Any

    @asynccontextmanager
    async def visit(self, user: str, *, tolerate: str = "", **options: Any) -> AsyncIterator[Any]:
        """A signed-in page; whatever the browser complains of fails the test, except `tolerate`."""
        context = await self.chromium.new_context(**({"viewport": {"width": 1200, "height": 800}} | options))
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.add_init_script(WITNESS)
        await page.goto(self.access.issue_link(self.address, user, user.capitalize(), Role.OWNER))
        await page.wait_for_url(self.address + "/")
        yield page
        await context.close()
        assert [text for text in complaints if not (tolerate and (tolerate in text or "Response Status" in text))] == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One house, one server and one browser for all tests of this file; each test is another member."""
    if PROGRAM is None:
        missing("chromium", "install the package chromium to test the page in a real browser")
    folder: Path = tmp_path_factory.mktemp("browser")
    database = open_database(f"sqlite+aiosqlite:///{folder / 'test.db'}")
    await upgrade(database)
    home = house.build(database, folder / "artifacts")
    home.engine.delay = 0.9
    access = Access(folder / "web", home.clock)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"

    async def health() -> dict[str, bool]:
        return {"database": True}

    deps = WebDeps(home.desk, access, STYLES, TONES, health, CollectorRegistry(), Ranking(), WebSettings(address))
    server = uvicorn.Server(uvicorn.Config(create_app(deps), log_level="warning", timeout_graceful_shutdown=2))
    courier = Courier(WebMessenger(home.events), home.transaction, home.events, home.clock)
    tasks = [asyncio.create_task(run()) for run in (Worker(home.bench).run, courier.run)]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield Running(home, access, address, chromium)
        await chromium.close()
    deps.stopping.set()
    server.should_exit = True
    await serving
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await database.dispose()


async def ask(page: Any, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def done(page: Any, count: int = 1) -> None:
    await expect(page.locator(".message[data-mood=done]")).to_have_count(count, timeout=PATIENCE)


async def test_an_avatar_by_keyboard_alone(running: Running) -> None:
    async with running.visit("ada") as page:
        assert await page.evaluate("document.activeElement.id") == "text"
        await page.keyboard.type("/")
        assert await page.locator("#menu li").count() == len(COMMANDS)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowUp")
        assert await page.get_attribute("#text", "aria-activedescendant") == "menu-avatar"
        await page.keyboard.type("av")
        await page.keyboard.press("Enter")
        assert await page.is_hidden("#menu")
        await page.keyboard.type("a knight with a green cape")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.name") == "count"
        await page.keyboard.press("2")
        assert await page.text_content("[data-cost]") == "8"
        await page.focus("#text")
        await page.keyboard.press("Enter")
        await done(page)
        assert await page.evaluate("[...seen].sort().join()") == ".easel img,progress"
        assert await page.locator(".picture").count() == 2
        assert "Your 2 avatars are ready." in await page.text_content("#announce")
        assert await page.input_value("#text") == ""
        assert await page.evaluate("document.activeElement.id") == "text"
        await expect(page.locator("#quota b")).to_have_text("92")
        await page.click("button:has-text('Again')")
        await done(page, 2)
        await page.keyboard.press("ArrowUp")
        assert await page.locator("[name=base]").count() == 0


async def test_the_picture_viewer_and_the_gallery(running: Running) -> None:
    async with running.visit("bob") as page:
        await ask(page, "a fox --seed 7 --count 3")
        await done(page)
        for picture in await page.locator(".picture img").all():
            assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64
        await page.focus("a[data-picture]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#viewer[open] .parameters")
        assert "seed7" in (await page.text_content(".parameters")).replace("\n", "").replace(" ", "")
        await page.keyboard.press("ArrowRight")
        await page.wait_for_selector("#viewer dd:has-text('8')")
        async with page.expect_download() as download:
            await page.click("#viewer a:has-text('Download')")
        assert (await download.value).suggested_filename == "a-fox-8.png"
        await page.keyboard.press("Escape")
        assert await page.is_hidden("#viewer")
        await ask(page, "/gallery")
        await page.wait_for_url("**/gallery")
        assert await page.locator(".card").count() == 3
        await page.click(".card a[data-picture] >> nth=0")
        await page.click("#viewer button:has-text('Delete')")
        await page.click("#confirm button:has-text('Keep it')")
        await page.click("#viewer button:has-text('Delete')")
        await page.click("#confirm button:has-text('Delete')")
        await expect(page.locator(".picture")).to_have_count(2)
        assert await page.is_hidden("#viewer")
        await page.click(".card a[data-picture] >> nth=0")
        await page.click("#viewer a:has-text('Use as base')")
        await page.wait_for_url("**/?base=*")
        assert await page.is_visible(".chip-strength")
        await ask(page, "a fox in the snow")
        await done(page, 2)
        assert "from a picture" in await page.text_content(".message:last-child")


async def test_captions_stream_and_can_be_copied(running: Running) -> None:
    async with running.visit("cleo", permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.keyboard.type("/caption first snow")
        assert await page.input_value("#command") == "caption"
        assert await page.is_visible("[name=tone]")
        assert await page.is_hidden("[name=style]")
        await page.keyboard.press("Enter")
        await done(page)
        assert await page.evaluate("[...seen].join()") == ".drafts li"
        text = await page.text_content(".captions li p >> nth=0")
        await page.click(".copy >> nth=0")
        await page.wait_for_selector(".copy.done")
        assert await page.evaluate("navigator.clipboard.readText()") == text
        await page.click("summary:has-text('Other tone')")
        await page.click(".drop-list button:has-text('Funny')")
        await done(page, 2)
        assert "Funny" in await page.text_content(".message:last-child .facts")


async def test_what_goes_wrong_is_said_beside_the_words(running: Running, tmp_path: Path) -> None:
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    large.write_bytes(bytes(11 << 20))
    small.write_bytes(png())
    async with running.visit("dora", tolerate=REFUSED) as page:
        await ask(page, "x" * 1200)
        await page.wait_for_selector("#composer-error :has-text('within 1000 characters')")
        assert len(await page.input_value("#text")) == 1200
        await ask(page, "block me")
        await page.wait_for_selector("#composer-error :has-text('looks like violence')")
        await page.keyboard.type("!")
        assert await page.locator("#composer-error .error").count() == 0
        await page.set_input_files("[name=image]", large)
        await page.wait_for_selector("#composer-error :has-text('too large: 10 MB')")
        await page.set_input_files("[name=image]", small)
        await page.wait_for_selector(".chip-picture.set .thumb")
        await ask(page, "hold me")
        await page.wait_for_selector(".message[data-mood=held]")
        assert "moderator" in await page.text_content(".message[data-mood=held]")
        await page.click("button:has-text('Cancel')")
        await page.wait_for_selector(".message[data-mood=stopped]")
        await ask(page, "/help")
        await page.wait_for_selector(".notice")
        await page.click(".dismiss")
        assert await page.locator(".notice").count() == 0


async def test_sending_twice_makes_one_job(running: Running) -> None:
    async with running.visit("eve") as page:
        await page.fill("#text", "a fox")
        await page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('.send').click()")
        await done(page)
        await page.reload()
        assert await page.locator(".message").count() == 1


async def test_a_page_that_lost_its_stream_finds_out(running: Running) -> None:
    async with running.visit("finn") as page:
        context = page.context
        other = await context.new_page()
        await other.goto(running.address + "/")
        running.home.engine.gate.clear()
        await ask(page, "a fox")
        # The member's other page hears of it, and both follow it to its end.
        await other.wait_for_selector(".message[data-mood=working]")
        late = await context.new_page()
        await late.route("**/events*", lambda route: route.abort())
        await late.goto(running.address + "/")
        await late.wait_for_selector(".message[data-mood=working]")
        running.home.engine.gate.set()
        for followed in (page, other):
            await done(followed)
            assert await followed.locator(".message").count() == 1
        assert await late.locator(".message[data-mood=done]").count() == 0
        await late.unroute("**/events*")
        await done(late)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}),
        ("small", {"viewport": {"width": 320, "height": 568}, "color_scheme": "dark", "reduced_motion": "reduce"}),
        ("chinese", {"locale": "zh-CN"}),
    ],
)
async def test_it_fits_and_can_be_read(running: Running, name: str, options: dict[str, Any]) -> None:
    guest = Origin(Platform.WEB, "guest", "studio", role=Role.OWNER)
    for request in LOOKED_AT:
        # One and the same for every look: the platform's token makes them once.
        await running.home.submit(request, replace(guest, token=request.prompt))
    async with running.visit("guest", **options) as page:
        await done(page, 1)
        for path in ("/", "/gallery"):
            await page.goto(running.address + path)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert await page.evaluate(CONTRAST) == [], path
            assert await page.evaluate(UNNAMED) == [], path


async def test_news_cannot_fall_between_a_swap_and_its_settling(running: Running) -> None:
    async with running.visit("grace") as page:
        await page.evaluate(WATCH_SETTLING)
        await ask(page, "a fox in a hat")
        await done(page)
        gaps = await page.evaluate("window.gaps")
        assert gaps and not any(gaps)


WATCH_SETTLING = """() => {
  window.gaps = [];
  let between = false;
  document.addEventListener("htmx:afterSwap", () => { between = true; queueMicrotask(() => (between = false)); });
  document.addEventListener("htmx:afterSettle", () => window.gaps.push(!between));
}"""
"""Whether anything else could run between: a microtask is the first that could."""

LOOKED_AT = (AvatarRequest("a very long description of a fox " * 20, count=3), AvatarRequest("hold me"))
UNNAMED = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, img")]
  .filter((element) => element.checkVisibility())
  .filter((element) => element.tagName === "IMG" ? element.getAttribute("alt") === null
    : !(element.textContent.trim() || element.getAttribute("aria-label") || element.title
        || element.closest("label")?.textContent.trim() || element.querySelector("img[alt]:not([alt=''])")))
  .map((element) => element.outerHTML.slice(0, 120))"""
"""Controls without an accessible name, pictures without an alternative text."""

CONTRAST = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && element.tagName !== "OPTION")
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => !getComputedStyle(element).color.startsWith("color("))
    .map((element) => {
      const pair = [luminance(numbers(getComputedStyle(element).color)), luminance(behind(element))].sort();
      return [(pair[1] + 0.05) / (pair[0] + 0.05), element.className, element.textContent.trim().slice(0, 30)];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""
"""Texts whose contrast is below the 4.5 of WCAG AA."""


async def test_it_works_without_script(running: Running) -> None:
    async with running.visit("hana", java_script_enabled=False) as page:
        await page.select_option("#command", "caption")
        await page.fill("#text", "rain")
        assert await page.is_visible("[name=tone]")
        await page.click(".send")
        await page.wait_for_url("**/#job-*")
        assert await page.locator(".message").count() == 1


async def test_two_pictures_are_mixed_and_a_child_is_kept(running: Running) -> None:
    async with running.visit("zoe") as page:
        await ask(page, "/avatar a fox --seed 10 --count 2")
        await done(page)
        await page.goto(running.address + "/gallery")
        assert await page.is_hidden("#selection")
        await page.locator(".pick input").nth(0).check()
        assert await page.is_disabled("#selection [value=mix]")
        await page.locator(".pick input").nth(1).check()
        assert await page.text_content("[data-selected]") == "2"
        await page.click("#selection [value=mix]")
        await expect(page.locator("#command")).to_have_value("mix")
        assert await page.locator("#composer [name=base]").count() == 2
        assert await page.is_hidden("[name=tone]") and await page.text_content("[data-cost]") == "4"
        slider = page.locator("#composer [name=coarse]")
        assert await slider.locator("~ output").text_content() == "by chance"
        await slider.fill("0.3")
        assert await slider.locator("~ output").text_content() == "30 %"
        await page.click(".send")
        await done(page, 2)
        await page.locator(".keeping").nth(4).click()
        await expect(page.locator(".keeping.kept")).to_have_count(1)
        await page.locator(".shares [name=fine]").fill("1")
        await page.locator(".shares button").click()
        await done(page, 3)
        await page.goto(running.address + "/gallery")
        assert await page.locator(".card").count() == 3


async def test_a_sent_picture_is_put_into_words_to_change(running: Running) -> None:
    running.home.engine.description = SEEN
    async with running.visit("yan") as page:
        await page.select_option("#command", "restyle")
        await page.set_input_files(
            "[name=image]", files=[{"name": "me.png", "mimeType": "image/png", "buffer": png("pink")}]
        )
        await expect(page.locator("#text")).to_have_value("green hair, round glasses")
        await page.select_option("[name=style]", "pixel")
        await page.fill("#text", "blue hair")
        await page.press("#text", "Enter")
        await done(page)
        assert "blue hair" in await page.text_content(".message .said")
    running.home.engine.description = None
