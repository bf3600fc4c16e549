"""The channel: asking, watching, deciding what next; and what bad input gets."""

import io
import re
from dataclasses import replace

import pytest

from adapters.actions import Action, ActionKind
from adapters.web.render import SERVED, Renderer
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.quota import PICTURE_UNITS
from bot.domain.requests import IMAGE_LIMIT, AvatarRequest, CaptionRequest, Length
from bot.i18n import translator
from bot.usecases import link, review
from tests.adapters.web.conftest import BASE, OWNER, Browser, Site, job_ids, picture_ids
from tests.fakes import png


async def ask(browser: Browser, text: str = "a fox", **fields: str) -> str:
    answer = await browser.do("/commands", command="avatar", text=text, **fields)
    assert answer.status_code == 200, answer.text
    (job_id,) = job_ids(answer.text)
    return job_id


async def test_a_request_becomes_a_message_and_a_fresh_composer(site: Site) -> None:
    browser = await site.sign_in()
    answer = await browser.do("/commands", command="avatar", text="a fox", style="pixel", count="2", seed="7")
    assert 'hx-swap-oob="beforeend:#log"' in answer.text
    assert 'id="composer"' in answer.text
    assert "You are next" in answer.text
    (job_id,) = job_ids(answer.text)
    assert (await site.home.job(job_id)).request == AvatarRequest("a fox", style="pixel", count=2, seed=7)
    page = (await browser.get("/")).text
    assert job_ids(page) == [job_id]
    assert "Pixel art" in page


async def test_a_finished_picture_shows_its_seed_and_what_can_be_done(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser, seed="7")
    await site.work()
    message = (await browser.get(f"/jobs/{job_id}", headers={"HX-Request": "true"})).text
    assert "seed 7" in message
    assert 'alt="a fox"' in message
    for path in (f"/jobs/{job_id}/again", "/variations", "/delete", f"/composer?job={job_id}", "/composer?base="):
        assert path in message
    # Settled messages no longer listen for news.
    assert "sse-swap" not in message


async def test_a_picture_by_chance_is_said_to_be_one(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser, "a castle")
    await site.work()
    assert "chance decided" in (await browser.get(f"/jobs/{job_id}", headers={"HX-Request": "true"})).text


async def test_captions_show_their_words(site: Site) -> None:
    browser = await site.sign_in()
    answer = await browser.do("/commands", command="caption", text="rain", tone="funny", captions="2", count="4")
    (job_id,) = job_ids(answer.text)
    assert (await site.home.job(job_id)).request == CaptionRequest(
        "rain", "funny", count=2, seed=(await site.home.job(job_id)).request.seed
    )
    await site.work()
    message = (await browser.get(f"/jobs/{job_id}", headers={"HX-Request": "true"})).text
    assert "Funny" in message
    assert f"/jobs/{job_id}/tone" in message


async def test_a_typed_line_wins_over_the_chips(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser, "/avatar a knight --seed 9", seed="7", style="pixel")
    request = (await site.home.job(job_id)).request
    assert isinstance(request, AvatarRequest)
    assert (request.seed, request.style) == (9, "pixel")
    answer = await browser.do("/commands", command="avatar", text="/caption rain --tone funny")
    (job_id,) = job_ids(answer.text)
    assert (await site.home.job(job_id)).kind == "caption"


async def test_a_double_click_makes_one_job(site: Site) -> None:
    browser = await site.sign_in()
    first, second = await ask(browser), await ask(browser)
    assert first == second
    assert await site.home.used(OWNER) == PICTURE_UNITS
    # Another form, other words, or another member make another one.
    assert await ask(browser, "a hen") != first
    assert await ask(browser, token="form-2") != first
    assert await ask(await site.sign_in("ada")) != first


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "Say what the avatar should look like"),
        ({"text": "x" * 10_000}, "within 1000 characters"),
        ({"text": "a fox", "seed": "seven"}, "must be a number"),
        ({"text": "a fox", "count": "9"}, "between 1 and 4"),
        ({"text": "a fox", "style": "cubist"}, "no style called “cubist”"),
        ({"text": "/dance"}, "no command /dance"),
        ({"text": "a fox --speed 9"}, "no option --speed"),
        ({"text": "<img src=x onerror=alert(1)> --seed <b>"}, "&lt;b&gt;"),
        ({"text": "block me"}, "looks like violence"),
    ],
)
async def test_bad_input_gets_one_sentence_where_it_was_typed(
    site: Site, fields: dict[str, str], sentence: str
) -> None:
    browser = await site.sign_in()
    answer = await browser.do("/commands", {"HX-Target": "composer"}, command="avatar", **fields)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#composer-error"
    assert sentence in answer.text
    assert await site.home.used(OWNER) == 0
    page = await browser.plain("/commands", command="avatar", **fields)
    assert page.status_code == 422
    assert sentence in page.text
    assert "<html" in page.text


async def test_sentences_come_in_the_browsers_language(site: Site) -> None:
    browser = await site.sign_in(**{"Accept-Language": "zh-Hans"})
    answer = await browser.do("/commands", command="avatar", text="")
    assert "请描述头像的样子" in answer.text


async def test_a_prompt_is_words_and_never_markup(site: Site) -> None:
    browser = await site.sign_in()
    await ask(browser, '<script>alert(1)</script> & "quotes" {{ 7*7 }} 你好 \u202e')
    page = (await browser.get("/")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34; {{ 7*7 }} 你好" in page


async def test_a_spent_quota_is_said_and_shown(site: Site) -> None:
    browser = await site.sign_in("ada", Role.MEMBER)
    assert "<b>100</b>" in (await browser.get("/quota", headers={"HX-Request": "true"})).text
    for number in range(3):
        await ask(browser, f"fox {number}", count="4")
    assert "<b>52</b>" in (await browser.get("/")).text
    site.home.clock.time += 60
    for number in range(3):
        await ask(browser, f"hen {number}", count="4")
    site.home.clock.time += 60
    answer = await browser.do("/commands", command="avatar", text="a cat", count="4")
    assert answer.status_code == 422
    assert "more than you have left today" in answer.text


async def test_a_held_message_waits_and_then_goes_on(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser, "hold me")
    page = (await browser.get("/")).text
    assert 'data-mood="held"' in page
    assert "Waiting for a moderator" in page
    (case,) = await review.cases(site.home.transaction)
    desk = site.home.desk
    await review.approve(case.case.id, "mod", desk.transactions, desk.events, desk.clock, desk.policy)
    await site.work()
    assert (await site.home.job(job_id)).status is JobStatus.DELIVERED
    assert 'data-mood="done"' in (await browser.get("/")).text


async def test_a_held_picture_is_not_shown_before_a_moderator_saw_it(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser)
    site.home.moderator.picture_score = 0.7
    await site.work()
    page = (await browser.get("/")).text
    assert "a moderator will take a look before you see it" in page
    assert not picture_ids(page)
    async with site.home.transaction() as tx:
        (artifact,) = (await tx.artifacts.of_jobs([job_id]))[job_id]
    assert (await browser.get(f"/pictures/{artifact.id}")).status_code == 404


async def test_again_and_another_tone_make_new_jobs(site: Site) -> None:
    browser = await site.sign_in()
    first = await ask(browser, seed="7")
    await site.work()
    again = await browser.do(f"/jobs/{first}/again")
    (second,) = job_ids(again.text)
    job = await site.home.job(second)
    assert job.parent_id == first
    assert job.request.seed != 7
    assert job_ids((await browser.do(f"/jobs/{first}/again")).text) == [second]
    answer = await browser.do("/commands", command="caption", text="rain", captions="2")
    (caption,) = job_ids(answer.text)
    toned = await browser.do(f"/jobs/{caption}/tone", tone="funny")
    (third,) = job_ids(toned.text)
    assert (await site.home.job(third)).request.tone == "funny"  # type: ignore[union-attr]
    assert (await browser.do(f"/jobs/{caption}/tone", tone="angry")).status_code == 422
    assert (await browser.do(f"/jobs/{first}/tone", tone="funny")).status_code == 422


async def test_a_caption_can_be_made_shorter_and_longer(site: Site) -> None:
    browser = await site.sign_in()
    answer = await browser.do("/commands", command="caption", text="rain", length="short", captions="2")
    (short,) = job_ids(answer.text)
    assert (await site.home.job(short)).request.length is Length.SHORT  # type: ignore[union-attr]
    await site.work()
    message = (await browser.get(f"/jobs/{short}", headers={"HX-Request": "true"})).text
    assert f"/jobs/{short}/longer" in message and f"/jobs/{short}/shorter" not in message
    (normal,) = job_ids((await browser.do(f"/jobs/{short}/longer")).text)
    assert job_ids((await browser.do(f"/jobs/{short}/longer")).text) == [normal]
    assert (await site.home.job(normal)).request.length is Length.NORMAL  # type: ignore[union-attr]
    assert (await browser.do(f"/jobs/{short}/shorter")).status_code == 422
    assert "It does not get any shorter." in (await browser.do(f"/jobs/{short}/shorter")).text
    (again,) = job_ids((await browser.do(f"/jobs/{normal}/shorter")).text)
    assert (await site.home.job(again)).request.length is Length.SHORT  # type: ignore[union-attr]
    composer = (await browser.get(f"/composer?job={short}", headers={"HX-Request": "true"})).text
    assert re.search(r'<option value="short" selected>', composer)


@pytest.mark.parametrize("kind", ActionKind)
async def test_each_action_is_drawn_or_left_out_on_purpose(site: Site, kind: ActionKind) -> None:
    browser = await site.sign_in()
    (job_id,) = job_ids((await browser.do("/commands", command="caption", text="rain")).text)
    renderer = Renderer(site.deps.styles, site.deps.tones, "studio")
    drawn = renderer.stranger(
        "action.html", translator("en"), action=Action(kind, "j", "a"), job=await site.home.job(job_id)
    )
    assert bool(drawn.strip()) == (kind in SERVED)


async def test_cancelling_gives_the_units_back(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser)
    answer = await browser.do(f"/jobs/{job_id}/cancel")
    assert "Stopped." in answer.text
    assert await site.home.used(OWNER) == 0
    assert (await browser.do(f"/jobs/{job_id}/cancel")).status_code == 409


async def test_another_members_messages_are_out_of_reach(site: Site) -> None:
    owner, ada = await site.sign_in(), await site.sign_in("ada")
    job_id = await ask(owner, "a secret fox")
    await site.work()
    assert "a secret fox" not in (await ada.get("/")).text
    assert (await ada.get(f"/jobs/{job_id}", headers={"HX-Request": "true"})).status_code == 404
    for verb in ("again", "cancel"):
        assert (await ada.do(f"/jobs/{job_id}/{verb}")).status_code == 404
    assert "a secret fox" not in (await ada.get(f"/composer?job={job_id}")).text


async def test_history_is_paged_oldest_first(site: Site) -> None:
    browser = await site.sign_in()
    asked = []
    for number in range(25):
        site.home.clock.time += 60
        asked.append(await ask(browser, f"fox number {number}", token=str(number)))
    page = (await browser.get("/")).text
    assert job_ids(page) == asked[5:]
    (older,) = re.findall(r'hx-get="(/history\?before=[^"]+)"', page)
    rest = (await browser.get(older)).text
    assert job_ids(rest) == asked[:5]
    assert "Welcome to" in rest


async def test_the_composer_is_filled_from_a_message_or_a_picture(site: Site) -> None:
    browser = await site.sign_in()
    job_id = await ask(browser, "a fox", style="pixel", seed="7", negative="hats")
    await site.work()
    form = (await browser.get(f"/composer?job={job_id}")).text
    assert ">a fox</textarea>" in form
    assert 'value="pixel" selected' in form
    assert 'name="seed"' in form
    assert 'value="hats"' in form
    (picture,) = picture_ids((await browser.get("/")).text)
    form = (await browser.get(f"/composer?base={picture}")).text
    assert f'name="base" value="{picture}"' in form
    assert 'name="base"' not in (await browser.get("/composer?base=gone")).text
    assert "&lt;b&gt;" in (await browser.get("/composer", params={"text": "<b>"})).text


async def test_a_picture_can_be_the_base_of_another(site: Site) -> None:
    browser = await site.sign_in()
    await ask(browser)
    await site.work()
    (picture,) = picture_ids((await browser.get("/")).text)
    job_id = await ask(browser, "a fox in snow", base=picture, strength="0.3")
    job = await site.home.job(job_id)
    assert job.uploads
    assert job.request.strength == 0.3  # type: ignore[union-attr]
    answer = await browser.do(f"/pictures/{picture}/variations")
    (varied,) = job_ids(answer.text)
    assert (await site.home.job(varied)).request.count == 4


async def test_an_upload_becomes_the_base(site: Site) -> None:
    browser = await site.sign_in()
    files = {"image": ("me.png", png(), "image/png")}
    sent = {"HX-Request": "true", "Origin": BASE, "X-CSRF-Token": browser.csrf}
    answer = await browser.post("/commands", data={"text": "a fox", "token": "x"}, files=files, headers=sent)
    (job_id,) = job_ids(answer.text)
    assert (await site.home.job(job_id)).uploads
    # The browser sends an empty file where none was chosen.
    none = {"image": ("", b"", "application/octet-stream")}
    answer = await browser.post("/commands", data={"text": "a fox", "token": "y"}, files=none, headers=sent)
    (job_id,) = job_ids(answer.text)
    assert not (await site.home.job(job_id)).uploads


@pytest.mark.parametrize("size", [IMAGE_LIMIT + 1, IMAGE_LIMIT + 2_000_000])
async def test_a_file_too_large_is_one_sentence(site: Site, size: int) -> None:
    browser = await site.sign_in()
    sent = {"HX-Request": "true", "Origin": BASE, "X-CSRF-Token": browser.csrf, "HX-Target": "composer"}
    files = {"image": ("me.png", io.BytesIO(bytes(size)), "image/png")}
    answer = await browser.post("/commands", data={"text": "a fox"}, files=files, headers=sent)
    assert answer.status_code == 413
    assert "too large: 10 MB" in answer.text
    assert await site.home.used(OWNER) == 0


async def test_gallery_cards_show_the_numbers_that_name_them(site: Site) -> None:
    browser = await site.sign_in()
    for text in ("a fox", "an owl"):
        await ask(browser, text)
        await site.work()
    shown = (await browser.get("/gallery")).text
    cards = re.findall(r'<p dir="auto">([^<]*)</p>.*?<span>#(\d)</span>', shown, re.DOTALL)
    assert cards == [("an owl", "1"), ("a fox", "2")]


async def test_help_and_quota_answer_this_page_alone(site: Site) -> None:
    browser = await site.sign_in()
    assert "Only you can see this" in (await browser.do("/commands", text="/help")).text
    assert "100 of 100 units" in (await browser.do("/commands", text="/quota")).text
    assert (await browser.do("/commands", text="/gallery")).headers["hx-redirect"] == "/gallery"
    assert not job_ids((await browser.get("/")).text)


async def test_a_code_from_another_platform_joins_the_two(site: Site) -> None:
    browser, home = await site.sign_in(), site.home
    assert "Your code: " in (await browser.do("/commands", text="/link")).text
    elsewhere = replace(OWNER, platform=Platform.DISCORD, user_id="1", display_name="<b>Ada</b>")
    code = (await link.issue(elsewhere, home.transaction, home.clock)).code
    wrong = await browser.do("/commands", text="/link ABCD-2345")
    assert wrong.status_code == 404 and "wrong, used, or too old" in wrong.text
    answer = (await browser.do("/commands", text=f"/link {code}")).text
    assert "Linked with &lt;b&gt;Ada&lt;/b&gt;." in answer and "Discord, Web page" in answer
    assert "Linked: Discord, Web page." in (await browser.do("/commands", text="/link")).text
    job = await home.accepted(AvatarRequest("a fox"), elsewhere)
    assert job_ids((await browser.get("/")).text) == [job.id]


async def test_forms_work_without_script(site: Site) -> None:
    browser = await site.sign_in()
    answer = await browser.plain("/commands", command="avatar", text="a fox")
    assert answer.status_code == 303
    job_id = answer.headers["location"].removeprefix("/#job-")
    assert job_ids((await browser.get("/")).text) == [job_id]
    assert (await browser.get(f"/jobs/{job_id}")).headers["location"] == f"/#job-{job_id}"
    assert (await browser.plain(f"/jobs/{job_id}/cancel")).status_code == 303
    assert (await browser.get("/quota")).status_code == 303


async def test_an_unexpected_failure_is_one_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.sign_in()
    monkeypatch.setattr("adapters.web.commands.parse", lambda _: 1 / 0)
    answer = await browser.do("/commands", command="avatar", text="a fox")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "ZeroDivision" not in answer.text


async def test_odd_addresses_get_a_sentence(site: Site) -> None:
    browser = await site.sign_in()
    assert (await browser.get("/nowhere")).status_code == 404
    assert "There is no such page" in (await browser.get("/nowhere")).text
    assert (await browser.get("/?before=yesterday")).status_code == 400
    assert (await browser.get("/history")).status_code == 400
    assert (await browser.get("/commands")).status_code == 405
    assert job_ids((await browser.get("/?before=-1e300")).text) == []


async def test_a_page_of_older_messages_hears_only_of_new_ones(site: Site) -> None:
    browser = await site.sign_in()
    await ask(browser)
    site.home.clock.time += 60
    now = site.home.clock.time
    assert f'sse-connect="/events?since={now}"' in (await browser.get("/?before=1")).text
    assert f'sse-connect="/events?since={now - 60}"' in (await browser.get("/")).text
