"""Coming in: links that work once, sessions that cannot be forged, forms that only our pages can send."""

import asyncio
import stat
from pathlib import Path

import pytest

from adapters.web.access import LINK_LIFETIME, Access
from adapters.web.visitor import COOKIE
from bot.domain.identity import Role
from tests.adapters.web.conftest import BASE, OWNER, Site
from tests.fakes import FakeClock


async def test_without_a_session_the_page_says_what_to_do(site: Site) -> None:
    page = await site.client().get("/")
    assert page.status_code == 401
    assert "huashen link" in page.text
    assert (await site.client().get("/gallery")).status_code == 401
    assert (await site.client().get("/events")).status_code == 401
    assert (await site.client().post("/commands", headers={"Origin": BASE})).status_code == 401


async def test_the_sign_in_page_speaks_the_browsers_language(site: Site) -> None:
    page = await site.client().get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-CN"' in page.text
    assert "你还没有登录" in page.text


async def test_a_link_signs_in_once(site: Site) -> None:
    link = site.access.issue_link(BASE, "owner", "Mira")
    browser = site.client()
    page = await browser.get(link)
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert "Mira" in (await browser.get("/")).text
    late = site.client()
    assert (await late.get(link)).status_code == 401
    assert "set-cookie" not in (await late.get(link)).headers
    assert "Mira" in (await browser.get("/")).text


async def test_a_browsers_guess_does_not_use_the_link_up(site: Site) -> None:
    link = site.access.issue_link(BASE)
    assert (await site.client().get(link, headers={"Sec-Purpose": "prefetch;prerender"})).status_code == 204
    assert (await site.client().get(link)).status_code == 200


async def test_a_link_grows_old(site: Site) -> None:
    link = site.access.issue_link(BASE)
    site.home.clock.time += LINK_LIFETIME + 1
    assert (await site.client().get(link)).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "../session.key", "\udcff", "a" * 5000])
async def test_a_made_up_link_opens_nothing(site: Site, token: str) -> None:
    page = await site.client().get("/signin", params={"token": token.encode("utf-8", "surrogatepass")})
    assert page.status_code == 401


async def test_only_one_of_two_visitors_gets_in(site: Site) -> None:
    token = site.access.issue_link(BASE).partition("token=")[2]
    found = await asyncio.gather(*(asyncio.to_thread(site.access.redeem, token) for _ in range(8)))
    assert len([session for session in found if session]) == 1


def test_links_and_key_survive_a_restart_and_are_private(tmp_path: Path) -> None:
    clock = FakeClock()
    first, second = Access(tmp_path / "web", clock), Access(tmp_path / "web", clock)
    token = first.issue_link(BASE, "ada", "Ada", Role.MODERATOR).partition("token=")[2]
    session = second.redeem(token)
    assert session
    assert first.open(second.seal(session)) == session
    assert session.role is Role.MODERATOR
    for path in (tmp_path / "web").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((tmp_path / "web").stat().st_mode) == 0o700


async def test_a_changed_cookie_is_no_cookie(site: Site) -> None:
    browser = await site.sign_in("ada", Role.MEMBER)
    good = browser.cookies[COOKIE]
    for bad in (good[:-2], good.replace(".", "x", 1), "", "a.b.c"):
        assert (await site.client(cookies={COOKIE: bad}).get("/")).status_code == 401
    assert (await site.client(cookies={COOKIE: good}).get("/")).status_code == 200


async def test_signing_out_forgets_the_session(site: Site) -> None:
    browser = await site.sign_in()
    cookie = browser.cookies[COOKIE]
    assert (await browser.plain("/signout")).status_code == 303
    assert (await browser.get("/")).status_code == 401
    assert (await site.client(cookies={COOKIE: cookie}).get("/")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"X-CSRF-Token": ""}, "no token"),
        ({"X-CSRF-Token": "0" * 64}, "a made-up token"),
        ({"Origin": "https://evil.example"}, "another site"),
        ({"Origin": "null"}, "a sandboxed page"),
        ({"Sec-Fetch-Site": "cross-site"}, "another site, by the browser's word"),
    ],
)
async def test_a_form_from_elsewhere_does_nothing(site: Site, headers: dict[str, str], why: str) -> None:
    browser = await site.sign_in()
    answer = await browser.do("/commands", headers, command="avatar", text="a fox")
    assert answer.status_code == 403, why
    assert await site.home.used(OWNER) == 0


async def test_the_token_of_another_session_does_not_fit(site: Site) -> None:
    browser, other = await site.sign_in(), await site.sign_in("ada")
    browser.csrf = other.csrf
    assert (await browser.do("/commands", command="avatar", text="a fox")).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example", "[bad"])
async def test_a_foreign_host_name_is_refused(site: Site, host: str) -> None:
    assert (await site.client().get("/healthz", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "192.168.1.20:8080", "AVATARS.example"])
async def test_our_own_names_and_plain_addresses_are_answered(site: Site, host: str) -> None:
    assert (await site.client().get("/healthz", headers={"Host": host})).status_code == 200


async def test_every_answer_tells_the_browser_to_be_strict(site: Site) -> None:
    browser = await site.sign_in()
    for path in ("/", "/gallery", "/nowhere", "/healthz", "/pictures/none", "/static/app.css"):
        headers = (await browser.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert (await browser.get("/")).headers["cache-control"] == "no-store"


async def test_no_page_carries_inline_script_or_style(site: Site) -> None:
    browser = await site.sign_in()
    await browser.do("/commands", command="avatar", text="a fox", count="2")
    await site.work()
    for path in ("/", "/gallery"):
        page = (await browser.get(path)).text
        assert " style=" not in page
        assert "<style" not in page
        assert "javascript:" not in page
        assert " on" not in [part[:3] for part in page.split("<button")]
        assert page.count("<script") == page.count("<script defer src=")
