"""Deciding cases on the page: once, with a minute to take it back, alone or several at once, also beside others."""

import re

import pytest

from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category
from bot.usecases import review
from tests.adapters.web.moderation.community import BOB, CLEO, MO, NIA, OLGA
from tests.adapters.web.moderation.conftest import Console


async def test_the_list_is_oldest_first_and_ages(console: Console) -> None:
    old = await console.held("hold me first")
    console.home.clock.time += 13 * 3600
    middle = await console.held("hold me second", BOB)
    console.home.clock.time += 2 * 3600
    new = await console.held("hold me third", CLEO)
    page = (await (await console.moderator(MO)).get("/moderation")).text
    rows = re.findall(r'<li class="row" data-level="(\w+)" data-id="(\w+)"', page)
    assert rows == [("late", old), ("waiting", middle), ("new", new)]
    assert "waiting long" in page and "15 h" in page


async def test_filters_count_and_narrow(console: Console) -> None:
    words, picture = await console.held(), await console.held_picture()
    mo = await console.moderator(MO)
    await mo.do(f"/moderation/cases/{words}/claim")
    await mo.do(f"/moderation/cases/{picture}/escalate")
    page = (await mo.get("/moderation")).text
    assert "Mine (1)" in page and "For the owner (1)" in page
    shown = {"stage=picture": picture, "category=violence": words, "only=mine": words, "only=escalated": picture}
    for query, wanted in shown.items():
        found = re.findall(r'<li class="row"[^>]* data-id="(\w+)"', (await mo.get(f"/moderation?{query}")).text)
        assert found == [wanted], query
    assert "Nothing here with these filters." in (await mo.get("/moderation?stage=upload")).text
    assert (await mo.get("/moderation?stage=x&category=y&only=z&status=w")).status_code == 200


async def test_the_list_comes_anew_only_when_it_changed(console: Console) -> None:
    await console.held()
    mo = await console.moderator(MO)
    page = (await mo.get("/moderation/list")).text
    (address,) = re.findall(r'hx-get="(/moderation/list\?[^"]+)"', page)
    assert (await mo.get(address.replace("&amp;", "&"))).status_code == 204
    await console.held("hold me as well", BOB)
    assert (await mo.get(address.replace("&amp;", "&"))).status_code == 200


async def test_a_case_says_why_and_marks_what_was_seen(console: Console) -> None:
    case = await console.held("hold me <b>tight</b> & long")
    page = (await (await console.moderator(MO)).get(f"/moderation/cases/{case}")).text
    assert "Held by: another screen. Looked at: the words. How sure: in doubt." in page
    assert "<mark>hold me &lt;b&gt;tight&lt;/b&gt;</mark> &amp; long" in page
    assert "<b>tight" not in page


async def test_what_was_made_is_covered_and_never_kept(console: Console) -> None:
    case = await console.held_picture()
    mo = await console.moderator(MO)
    page = (await mo.get(f"/moderation/cases/{case}")).text
    assert page.count('class="shade"') == 2 and "checked" not in re.findall(r'<label class="shade">.*?>', page)[0]
    picture = await mo.get(f"/moderation/cases/{case}/pictures/1")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.headers["cache-control"] == "no-store"
    assert (await mo.get(f"/moderation/cases/{case}/pictures/2")).status_code == 404
    assert "all-grey" not in page
    await mo.plain("/moderation/grey", grey="1")
    assert "all-grey" in (await mo.get("/moderation")).text


async def test_approving_waits_a_minute_and_can_be_taken_back(console: Console) -> None:
    case, home = await console.held(), console.home
    mo = await console.moderator(MO)
    answer = await mo.do(f"/moderation/cases/{case}/approve")
    assert "Decided: 1." in answer.text and "Approved by Mo" in answer.text
    job = (await console.case(case)).job_id
    assert (await home.job(job)).status is JobStatus.HELD
    assert (await mo.do("/moderation/undo", case=case)).status_code == 200
    assert (await console.case(case)).status is CaseStatus.OPEN
    await mo.do(f"/moderation/cases/{case}/approve")
    home.clock.time += review.GRACE + 1
    late = await mo.do("/moderation/undo", case=case)
    assert late.status_code == 409
    await review.settle(home.desk.transactions, home.events, home.clock, home.desk.policy)
    assert (await home.job(job)).status is JobStatus.QUEUED


async def test_rejecting_names_the_reason_and_may_be_no_strike(console: Console) -> None:
    case = await console.held()
    await (await console.moderator(MO)).do(f"/moderation/cases/{case}/reject", reason="hate", strike="1", note="no")
    decided = await console.case(case)
    assert (decided.status, decided.reason, decided.strike, decided.note, decided.decided_by) == (
        CaseStatus.REJECTED,
        Category.HATE,
        True,
        "no",
        "discord:1",
    )
    other = await console.held("hold me again", BOB)
    await (await console.moderator(MO)).do(f"/moderation/cases/{other}/reject", reason="reported")
    assert ((await console.case(other)).reason, (await console.case(other)).strike) == (None, False)


async def test_the_first_decision_wins_and_the_other_is_told(console: Console) -> None:
    case = await console.held()
    mo, nia = await console.moderator(MO), await console.moderator(NIA)
    assert (await mo.do(f"/moderation/cases/{case}/approve")).status_code == 200
    late = await nia.do(f"/moderation/cases/{case}/reject", reason="hate")
    assert late.status_code == 409 and "already decided" in late.text
    assert late.headers["hx-trigger"] == "queue"
    assert (await console.case(case)).status is CaseStatus.APPROVED
    assert "Approved by Mo" in (await nia.get(f"/moderation/cases/{case}")).text
    # Nobody takes back what another decided, but an owner.
    assert (await nia.do("/moderation/undo", case=case)).status_code == 409
    assert (await (await console.moderator(OLGA)).do("/moderation/undo", case=case)).status_code == 200


async def test_several_at_once(console: Console) -> None:
    cases = [await console.held(f"hold me {number}", who) for number, who in enumerate((BOB, CLEO, BOB))]
    mo, nia = await console.moderator(MO), await console.moderator(NIA)
    await nia.do(f"/moderation/cases/{cases[0]}/approve")
    data = {"case": [*cases, "nonsense"], "csrf": mo.csrf, "reason": "spam", "strike": "1"}
    headers = {"HX-Request": "true", "Origin": "http://127.0.0.1:8080"}
    answer = await mo.post("/moderation/decide/reject", data=data, headers=headers)
    assert "Decided: 2." in answer.text and "Somebody else was faster: 2." in answer.text
    assert [(await console.case(case)).status.value for case in cases] == ["approved", "rejected", "rejected"]
    undone = await mo.post("/moderation/undo", data={"case": cases[1:], "csrf": mo.csrf}, headers=headers)
    assert "Taken back: 2." in undone.text
    assert (await mo.do("/moderation/decide/approve")).status_code == 409
    assert (await mo.do("/moderation/decide/burn", case=cases[1])).status_code == 404


async def test_claims_notes_second_opinions_and_the_owner(console: Console) -> None:
    case = await console.held()
    mo, nia, olga = [await console.moderator(each) for each in (MO, NIA, OLGA)]
    assert "You are on it" in (await mo.do(f"/moderation/cases/{case}/claim")).text
    assert (await nia.do(f"/moderation/cases/{case}/claim")).status_code == 409
    assert "Mo is on it" in (await nia.get(f"/moderation/cases/{case}")).text
    assert "You are on it" not in (await mo.do(f"/moderation/cases/{case}/claim")).text
    assert "<i>odd</i>" not in (await mo.do(f"/moderation/cases/{case}/note", note="<i>odd</i>")).text
    assert "would reject" in (await mo.do(f"/moderation/cases/{case}/second", opinion="reject")).text
    assert (await mo.do(f"/moderation/cases/{case}/approve")).status_code == 403
    assert "for the owner" in (await nia.do(f"/moderation/cases/{case}/escalate")).text
    assert (await nia.do(f"/moderation/cases/{case}/approve")).status_code == 403
    assert (await olga.do(f"/moderation/cases/{case}/approve")).status_code == 200


async def test_an_appeal_stands_beside_the_first_decision(console: Console) -> None:
    case = await console.appealed("It is only a costume.")
    mo, nia = await console.moderator(MO), await console.moderator(NIA)
    page = (await nia.get(f"/moderation/cases/{case}")).text
    assert "Rejected by Mo" in page and "not here" in page and "It is only a costume." in page
    assert (await mo.do(f"/moderation/cases/{case}/approve")).status_code == 403
    assert (await nia.do(f"/moderation/cases/{case}/approve")).status_code == 200


async def test_reporters_are_named_to_moderators(console: Console) -> None:
    case = await console.reported("that is my face")
    page = (await (await console.moderator(MO)).get(f"/moderation/cases/{case}")).text
    assert "Bob" in page and "that is my face" in page and "Remove" in page


async def test_a_decided_case_can_be_overturned(console: Console) -> None:
    case, home = await console.held(), console.home
    mo, nia = await console.moderator(MO), await console.moderator(NIA)
    await mo.do(f"/moderation/cases/{case}/reject", reason="hate", strike="1")
    assert (await nia.do(f"/moderation/cases/{case}/overturn")).status_code == 409
    home.clock.time += review.GRACE + 1
    await review.settle(home.desk.transactions, home.events, home.clock, home.desk.policy)
    page = (await nia.do(f"/moderation/cases/{case}/overturn", note="a hug")).text
    assert "overturned" in page and "a hug" in page
    assert (await home.job((await console.case(case)).job_id)).status is JobStatus.QUEUED


async def test_it_works_without_script(console: Console) -> None:
    case = await console.held()
    mo = await console.moderator(MO)
    answer = await mo.plain(f"/moderation/cases/{case}/approve")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/moderation/cases/{case}")
    page = (await mo.get(f"/moderation/cases/{case}")).text
    assert f'action="/moderation/cases/{case}/undo"' in page
    assert (await mo.plain(f"/moderation/cases/{case}/undo")).status_code == 303
    assert (await console.case(case)).status is CaseStatus.OPEN


async def test_a_member_is_muted_and_unmuted(console: Console) -> None:
    case = await console.held()
    member = (await console.home.job((await console.case(case)).job_id)).member_id
    mo = await console.moderator(MO)
    page = f"/moderation/members/{member}"
    assert "In good standing" in (await mo.get(page)).text
    assert (await mo.do(f"{page}/sanction", sanction="mute:3600", reason="")).status_code == 422
    assert (await mo.do(f"{page}/sanction", sanction="mute:x", reason="flood")).status_code == 422
    assert (await mo.do(f"{page}/sanction", sanction="ban:0", reason="flood")).status_code == 403
    assert (await mo.plain(f"{page}/sanction", sanction="mute:3600", reason="flood")).status_code == 303
    muted = (await mo.get(page)).text
    assert "flood" in muted and "1 h left" in muted
    assert (await mo.plain(f"{page}/lift")).status_code == 303
    assert "In good standing" in (await mo.get(page)).text


@pytest.mark.parametrize("path", ["cases/none", "cases/none/pictures/0", "members/none"])
async def test_what_is_not_there(console: Console, path: str) -> None:
    assert (await (await console.moderator(MO)).get(f"/moderation/{path}")).status_code == 404
