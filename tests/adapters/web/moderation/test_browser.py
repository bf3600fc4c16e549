"""A moderator at a real browser: the keyboard, the minute to undo, covered pictures, and two of them at once."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from bot.domain.moderation import CaseStatus, Category
from bot.usecases import policy
from tests.adapters.web.moderation.community import BOB, CLEO, GUILD, MO, NIA, OLGA, Members, link
from tests.conftest import missing

playwright = pytest.importorskip("playwright.async_api")

from docs.make_moderation import FLAGS, served  # noqa: E402
from tests.adapters.web.test_browser import CONTRAST, PATIENCE, REFUSED, UNNAMED  # noqa: E402

expect = playwright.expect
pytestmark = pytest.mark.asyncio(loop_scope="module")
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Desk(Members):
    """The console as a server, and a browser to look at it."""

    address: str
    access: Any
    chromium: Any

    @asynccontextmanager
    async def visit(self, user: str, *, tolerate: str = "", **options: Any) -> AsyncIterator[Any]:
        """A moderator's page; whatever the browser complains of fails the test, except `tolerate`."""
        context = await self.chromium.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(link(self.access, self.address, user))
        await page.wait_for_url(self.address + "/moderation**")
        yield page
        await context.close()
        assert [text for text in complaints if not (tolerate and (tolerate in text or "Response Status" in text))] == []

    async def clear(self) -> None:
        """Nothing is open, and the policy is the standard one."""
        rules, desk = policy.preset("standard"), self.home.desk
        await policy.put(*GUILD, rules, "discord:3", desk.transactions, desk.clock)
        async with self.home.transaction() as tx:
            for case in await tx.reviews.list(CaseStatus.OPEN, 100):
                await tx.reviews.decide(case.id, CaseStatus.WITHDRAWN, "discord:3", "", self.home.clock.now())
            await tx.commit()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[Desk]:
    """One console and one browser for all tests of this file."""
    if PROGRAM is None:
        missing("chromium", "install the package chromium to test the page in a real browser")
    async with served() as (address, access, members), playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield Desk(members.home, address, access, chromium)
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(running: Desk) -> Desk:
    """An empty queue."""
    await running.clear()
    return running


async def test_the_queue_by_keyboard_alone(desk: Desk) -> None:
    cases = []
    for number, who in enumerate((BOB, CLEO, BOB)):
        cases.append(await desk.held(f"hold me number {number}", who))
        desk.home.clock.time += 60
    async with desk.visit(MO) as page:
        await page.wait_for_selector(f'.case[data-id="{cases[0]}"]')
        await page.keyboard.press("j")
        await page.wait_for_selector(f'.case[data-id="{cases[1]}"]')
        await page.keyboard.press("k")
        await page.wait_for_selector(f'.case[data-id="{cases[0]}"]')
        await page.keyboard.press("n")
        await page.keyboard.type("a note with j and r in it")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".talk :text('a note with j and r in it')")
        await page.keyboard.press("Escape")
        await page.keyboard.press("c")
        await page.wait_for_selector(".case .tag-claimed")
        await page.keyboard.press("r")
        await page.wait_for_selector(".deciding .reasons >> visible=true")
        await page.keyboard.press("4")
        # The next case comes by itself, and the decided one leaves the list.
        await page.wait_for_selector(f'.case[data-id="{cases[1]}"]')
        await expect(page.locator(".row")).to_have_count(2)
        decided = await desk.case(cases[0])
        assert (decided.status, decided.reason) == (CaseStatus.REJECTED, Category.HATE)
        await page.wait_for_selector(".toast:has-text('Decided: 1.')")
        await page.keyboard.press("u")
        await page.wait_for_selector(".toast:has-text('Taken back: 1.')")
        await expect(page.locator(".row")).to_have_count(3)
        assert (await desk.case(cases[0])).status is CaseStatus.OPEN
        await page.keyboard.press("?")
        await page.wait_for_selector("#keys[open]")
        await page.keyboard.press("Escape")
        await page.keyboard.press("x")
        await page.keyboard.press("j")
        await page.wait_for_selector(f'.case[data-id="{cases[2]}"]')
        await page.keyboard.press("x")
        await page.wait_for_selector("[data-selected]:text('2')")
        await page.keyboard.press("a")
        await page.wait_for_selector(".toast:has-text('Decided: 2.')")
        await expect(page.locator(".row")).to_have_count(1)


async def test_two_moderators_at_once(desk: Desk) -> None:
    case = await desk.held("hold me between two")
    async with desk.visit(MO) as mine, desk.visit(NIA, tolerate=REFUSED) as theirs:
        for page in (mine, theirs):
            await page.wait_for_selector(f'.case[data-id="{case}"]')
        await mine.keyboard.press("c")
        await theirs.wait_for_selector(".case:has-text('Mo is on it')")
        await mine.keyboard.press("a")
        await mine.wait_for_selector(".toast")
        # Their page may not know yet: the first decision wins, and they are told.
        await theirs.evaluate("document.querySelector('.deciding .good')?.click()")
        await theirs.wait_for_selector(".verdict:has-text('Approved by Mo')")
        assert (await desk.case(case)).decided_by == "discord:1"


async def test_pictures_are_covered_until_asked_for(desk: Desk) -> None:
    await desk.held_picture("a quiet lake")
    blurred = "(image) => getComputedStyle(image).filter.includes('blur')"
    async with desk.visit(MO) as page:
        first = page.locator(".shade img >> nth=0")
        await first.wait_for()
        assert await first.evaluate(blurred)
        await page.click(".shade >> nth=0")
        assert not await first.evaluate(blurred)
        assert await page.locator(".shade img >> nth=1").evaluate(blurred)
        # News of the case do not cover again what somebody is looking at.
        await page.keyboard.press("c")
        await page.wait_for_selector(".case .tag-claimed")
        assert not await first.evaluate(blurred)
        await page.click("[name=grey]")
        await page.wait_for_load_state()
        await page.click(".shade >> nth=0")
        assert await first.evaluate("(image) => getComputedStyle(image).filter") == "grayscale(1)"


async def test_the_simulator_follows_the_sliders(desk: Desk) -> None:
    await desk.held("hold me for the simulator")
    async with desk.visit(OLGA) as page:
        await page.goto(f"{desk.address}/moderation/policy")
        await page.locator('[name="general/all/violence/hold"]').fill("95")
        await page.wait_for_selector(".flips li")
        await page.click("label[for=kind-private]")
        assert await page.is_visible('[name="private/all/hate/hold"]')
        assert not await page.is_visible('[name="general/all/hate/hold"]')
        await page.click("button:has-text('Save')")
        await page.wait_for_selector(":text('is in force')")
        assert await page.input_value('[name="general/all/violence/hold"]') == "95"


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
        {"viewport": {"width": 320, "height": 568}, "color_scheme": "dark", "reduced_motion": "reduce"},
        {"locale": "de-DE"},
    ],
    ids=["light", "dark", "phone", "small", "german"],
)
async def test_it_fits_and_can_be_read(desk: Desk, options: dict[str, Any]) -> None:
    # Somebody else each time: after three strikes members are muted.
    somebody = replace(CLEO, user_id=uuid4().hex)
    appeal, picture = await desk.appealed(origin=somebody), await desk.held_picture("a lake", CLEO)
    member = (await desk.home.job((await desk.case(picture)).job_id)).member_id
    cases = [f"/cases/{appeal}", f"/cases/{picture}", f"/members/{member}"]
    paths = ["", *cases, "/policy", "/log", "/report", "/sessions"]
    async with desk.visit(OLGA, **options) as page:
        for path in paths:
            await page.goto(f"{desk.address}/moderation{path}")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            # Upon a picture the veil is what is behind the words.
            found = [each for each in await page.evaluate(CONTRAST) if each[1] != "veil"]
            assert found == [], path
            assert await page.evaluate(UNNAMED) == [], path
