"""Who comes in: links, roles that end, sessions that are ended, and those for whom nothing here is."""

import re

import pytest

from adapters.web.access import MODERATOR_LIFETIME, SESSION_LIFETIME
from adapters.web.moderation.gate import RECENT
from adapters.web.visitor import COOKIE
from bot.domain.identity import Role
from bot.domain.moderation import CaseStatus
from bot.usecases.docket import known
from tests.adapters.web.conftest import BASE
from tests.adapters.web.moderation.community import GUILD, MO, NIA, OLGA, OTHER, STRANGER, link
from tests.adapters.web.moderation.conftest import Console


async def test_a_moderators_link_leads_to_their_community_once(console: Console) -> None:
    case = await console.held("hold me softly")
    address = link(console.site.access, BASE, MO)
    page = (await console.site.client().get(address)).text
    assert "url=/moderation" in page
    again = console.site.client()
    assert (await again.get(address)).status_code == 401
    assert (await again.get("/moderation")).status_code == 401
    browser = await console.moderator(MO)
    page = (await browser.get("/moderation")).text
    assert "Pixel Guild" in page and "hold me softly" in page and case in page


async def test_a_moderators_session_is_for_moderating_alone(console: Console) -> None:
    browser = await console.moderator(MO)
    for path in ("/", "/gallery", "/events", "/quota"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/moderation"), path
    assert (await browser.do("/commands", command="avatar", text="a fox")).status_code == 303
    assert (await browser.get("/metrics")).status_code == 403


async def test_it_is_short(console: Console) -> None:
    browser = await console.moderator(MO)
    console.home.clock.time += MODERATOR_LIFETIME + 1
    assert (await browser.get("/moderation")).status_code == 401
    assert MODERATOR_LIFETIME < SESSION_LIFETIME


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRUSTED, Role.MODERATOR])
async def test_a_members_own_session_opens_nothing(console: Console, role: Role) -> None:
    case = await console.held()
    browser = await console.site.sign_in("ada", role)
    for path in ("", f"/cases/{case}", "/policy", "/log", "/log/export", "/report", "/sessions", "/policy/export"):
        assert (await browser.get(f"/moderation{path}")).status_code == 403, path
    assert (await browser.do(f"/moderation/cases/{case}/approve")).status_code == 403
    assert (await console.case(case)).status is CaseStatus.OPEN


async def test_who_lost_the_role_decides_nothing_from_then_on(console: Console) -> None:
    case = await console.held()
    browser = await console.moderator(MO)
    console.site.ranks.roles[(*GUILD, MO)] = Role.MEMBER
    # Reading goes on for half a minute; deciding does not.
    assert (await browser.get("/moderation")).status_code == 200
    answer = await browser.do(f"/moderation/cases/{case}/approve")
    assert answer.status_code == 403
    assert "You do not moderate this community, or no longer." in answer.text
    assert (await console.case(case)).status is CaseStatus.OPEN
    assert (await browser.get("/moderation")).status_code == 403


async def test_reading_asks_the_platform_twice_a_minute(console: Console) -> None:
    browser = await console.moderator(MO)
    asked = console.site.ranks.asked
    for _ in range(5):
        await browser.get("/moderation")
    assert console.site.ranks.asked == asked
    console.home.clock.time += RECENT + 1
    console.site.ranks.roles[(*GUILD, MO)] = Role.MEMBER
    assert (await browser.get("/moderation")).status_code == 403


async def test_a_platform_that_cannot_be_asked_is_no_role(console: Console) -> None:
    case = await console.held()
    browser = await console.moderator(MO)
    console.site.ranks.down = True
    answer = await browser.do(f"/moderation/cases/{case}/approve")
    assert answer.status_code == 403
    assert "Your role cannot be checked now, because Discord does not answer" in answer.text
    assert (await console.case(case)).status is CaseStatus.OPEN
    # Whoever owns the machine needs no platform.
    owner = await console.owner()
    assert (await owner.do(f"/moderation/cases/{case}/approve")).status_code == 200


async def test_a_case_of_another_community_does_not_exist(console: Console) -> None:
    case = await console.held(origin=STRANGER)
    browser = await console.moderator(MO)
    member = (await console.home.job((await console.case(case)).job_id)).member_id
    for path in (f"/cases/{case}", f"/cases/{case}/pictures/0", f"/members/{member}", f"/members/{member}?case={case}"):
        assert (await browser.get(f"/moderation{path}")).status_code == 404, path
    for verb in ("approve", "reject", "claim", "escalate", "second", "note", "undo", "overturn"):
        assert (await browser.do(f"/moderation/cases/{case}/{verb}", note="x")).status_code == 404, verb
    assert (await browser.do("/moderation/decide/approve", case=case)).status_code == 409
    sanction = {"sanction": "mute:3600", "reason": "x", "case": case}
    assert (await browser.do(f"/moderation/members/{member}/sanction", **sanction)).status_code == 404
    assert (await browser.do("/moderation/community", community="discord:900")).status_code == 403
    browser.cookies.set("huashen_community", "discord:900")
    assert case not in (await browser.get("/moderation")).text
    assert (await console.case(case)).status is CaseStatus.OPEN


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_form_from_elsewhere_decides_nothing(console: Console, headers: dict[str, str]) -> None:
    case = await console.held()
    browser = await console.moderator(OLGA)
    member = (await console.home.job((await console.case(case)).job_id)).member_id
    asked = console.site.ranks.asked
    paths = [f"cases/{case}/approve", "decide/approve", "undo", f"members/{member}/sanction", f"members/{member}/lift"]
    paths += ["policy", "policy/import", "log/verify", "sessions/everywhere", "community", "grey"]
    for path in paths:
        assert (await browser.do(f"/moderation/{path}", headers, case=case)).status_code == 403, path
    # Nobody is asked anything for a forged form.
    assert console.site.ranks.asked == asked
    assert (await console.case(case)).status is CaseStatus.OPEN
    assert (await browser.get("/moderation")).status_code == 200


async def test_the_token_of_another_session_does_not_fit(console: Console) -> None:
    case = await console.held()
    mo, nia = await console.moderator(MO), await console.moderator(NIA)
    mo.csrf = nia.csrf
    assert (await mo.do(f"/moderation/cases/{case}/approve")).status_code == 403


async def test_an_ended_session_is_worth_nothing(console: Console) -> None:
    mo, olga = await console.moderator(MO), await console.moderator(OLGA)
    stolen = console.site.client(cookies={COOKIE: mo.cookies[COOKIE]})
    page = (await olga.get("/moderation/sessions")).text
    assert "Mo" in page and "Olga" in page
    assert mo.cookies[COOKIE].split(".")[0] not in page
    ends = re.findall(r"/moderation/sessions/(\w+)/end", page)
    assert len(ends) == 2
    # A moderator sees and ends no more than their own.
    own = re.findall(r"/moderation/sessions/(\w+)/end", (await mo.get("/moderation/sessions")).text)
    (olgas,) = set(ends) - set(own)
    assert (await mo.do(f"/moderation/sessions/{olgas}/end")).status_code == 404
    assert (await olga.plain(f"/moderation/sessions/{own[0]}/end")).status_code == 303
    assert (await mo.get("/moderation")).status_code == 401
    assert (await stolen.get("/moderation")).status_code == 401
    assert (await olga.get("/moderation")).status_code == 200


async def test_signing_out_everywhere(console: Console) -> None:
    here, there, nia = await console.moderator(MO), await console.moderator(MO), await console.moderator(NIA)
    assert (await here.plain("/moderation/sessions/everywhere")).status_code == 303
    assert [(await each.get("/moderation")).status_code for each in (here, there, nia)] == [401, 401, 200]


async def test_an_owner_elsewhere_does_not_see_these_sessions(console: Console) -> None:
    await console.moderator(MO)
    console.site.ranks.roles[(*OTHER, OLGA)] = Role.OWNER
    page = (await (await console.moderator(OLGA, OTHER)).get("/moderation/sessions")).text
    assert "Mo" not in re.findall(r"<bdi>(\w+)</bdi></b>", page)


async def test_whoever_owns_the_machine_chooses_among_all_communities(console: Console) -> None:
    ours, theirs = await console.held(), await console.held("hold me too", STRANGER)
    owner = await console.owner()
    page = (await owner.get("/moderation")).text
    assert ours in page and theirs in page and "Discord · 900" in page
    assert (await owner.plain("/moderation/community", community="discord:900")).status_code == 303
    page = (await owner.get("/moderation")).text
    assert ours not in page and theirs in page
    assert (await owner.get(f"/moderation/cases/{ours}")).status_code == 404


async def test_no_page_carries_inline_script_or_style(console: Console) -> None:
    case = await console.held_picture()
    owner = await console.moderator(OLGA)
    member = (await console.home.job((await console.case(case)).job_id)).member_id
    for path in ("", f"/cases/{case}", f"/members/{member}", "/policy", "/log", "/report", "/sessions"):
        answer = await owner.get(f"/moderation{path}")
        assert answer.status_code == 200, (path, answer.text[:300])
        page = answer.text
        assert " style=" not in page and "<style" not in page and "javascript:" not in page
        assert not re.search(r"<[^>]+ on\w+=", page)
        assert page.count("<script") == page.count("<script defer src=")
        assert answer.headers["cache-control"] == "no-store"


async def test_moderators_are_told_how_to_come_back(console: Console) -> None:
    stranger = await console.site.client().get("/signin?token=old")
    assert "/review or /settings" in stranger.text
    mo = await console.moderator(MO)
    missing = await mo.get("/moderation/cases/none")
    assert 'href="/moderation">Back to moderation' in missing.text


async def test_signing_in_makes_a_name_known(console: Console) -> None:
    await console.moderator(MO)
    assert await known(["discord:1"], console.home.transaction) == {"discord:1": "Mo"}
