"""The studio on the page: pictures are chosen in the gallery, bred, animated, enlarged, painted anew, and found."""

import re

from bot.domain.requests import AvatarRequest, CaptionRequest, MixRequest, RestyleRequest, Source, UpscaleRequest
from engines.contract import EngineError, TextToImage
from tests.adapters.web.conftest import BASE, OWNER, Browser, Site, job_ids, picture_ids
from tests.fakes import SEEN, png

HTMX = {"HX-Request": "true"}


async def drawn(site: Site, browser: Browser, *hues: int) -> list[str]:
    """Pictures of these colours, newest last."""
    found = []
    for hue in hues:
        site.home.clock.time += 60
        await site.home.accepted(AvatarRequest(f"fox {hue}", seed=hue), OWNER)
        job = await site.work()
        found += picture_ids((await browser.get(f"/jobs/{job.id}", headers=HTMX)).text)
    return found


async def send(site: Site, browser: Browser, command: str, base: list[str], text: str = "", **fields: str) -> str:
    """Submit the composer; answers the message when the work is done."""
    site.home.clock.time += 60
    sent = {"command": command, "text": text, "token": "t", "base": base, **fields}
    headers = HTMX | {"Origin": BASE, "X-CSRF-Token": browser.csrf}
    answer = await browser.post("/commands", data=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    (job_id,) = job_ids(answer.text)
    await site.work()
    return (await browser.get(f"/jobs/{job_id}", headers=HTMX)).text


async def test_two_are_chosen_in_the_gallery_mixed_and_a_child_is_kept(site: Site) -> None:
    browser = await site.sign_in()
    first, second = await drawn(site, browser, 10, 20)
    page = (await browser.get("/gallery", params={"picked": first})).text
    assert re.findall(r'name="base" value="(\w+)" form="selection" (checked)?', page) == [
        (second, ""),
        (first, "checked"),
    ]
    composer = (await browser.get("/composer", params={"command": "mix", "base": [first, second]})).text
    assert re.findall(r'name="base" value="(\w+)"', composer) == [first, second]
    message = await send(site, browser, "mix", [first, second], coarse="0.3", middle="-0.1", fine="")
    (job_id,) = job_ids(message)
    request = (await site.home.job(job_id)).request
    assert isinstance(request, MixRequest) and (request.coarse, request.middle, request.fine) == (0.3, None, None)
    children = picture_ids(message)
    assert len(children) == 9 and message.count('/choose"') == 9
    assert set(picture_ids((await browser.get("/gallery")).text)) == {first, second}
    answer = await browser.do(f"/pictures/{children[4]}/choose")
    assert answer.text.count('/choose"') == 8 and "keeping kept" in answer.text
    assert set(picture_ids((await browser.get("/gallery")).text)) == {first, second, children[4]}
    family = (await browser.get(f"/pictures/{children[4]}/family")).text
    assert picture_ids(family) == [first, second, children[4]]
    other = await site.sign_in("ada")
    for path in ("choose", "refine", "upscale"):
        assert (await other.do(f"/pictures/{children[0]}/{path}")).status_code == 404
    assert (await other.get(f"/pictures/{children[4]}/family")).status_code == 404


async def test_the_sliders_under_a_mix_breed_again(site: Site) -> None:
    browser = await site.sign_in()
    first, second = await drawn(site, browser, 10, 20)
    (job_id,) = job_ids(await send(site, browser, "mix", [first, second]))
    (again,) = job_ids((await browser.do(f"/jobs/{job_id}/mix", coarse="0.9", middle="-0.1", fine="0")).text)
    before, after = (await site.home.job(job_id)).request, (await site.home.job(again)).request
    assert isinstance(before, MixRequest) and isinstance(after, MixRequest)
    assert (after.coarse, after.middle, after.fine) == (0.9, None, 0.0) and after.seed != before.seed
    (avatar,) = {job.id for job in [await site.home.accepted(AvatarRequest("a fox"), OWNER)]}
    assert (await browser.do(f"/jobs/{avatar}/mix")).status_code == 422


async def test_a_morph_plays_on_the_page(site: Site) -> None:
    browser = await site.sign_in()
    pictures = await drawn(site, browser, 10, 20, 30)
    message = await send(site, browser, "morph", pictures)
    (moving,) = picture_ids(message)
    answer = await browser.get(f"/pictures/{moving}")
    assert answer.headers["content-type"] == "image/webp" and answer.content[8:12] == b"WEBP"
    assert "Animation" in message and "/restyle" not in message and "variations" not in message
    gallery = (await browser.get("/gallery")).text
    assert f'value="{moving}" form="selection"' not in gallery
    answer = await browser.do("/commands", command="morph", text="1 2 3", token="u")
    assert answer.status_code == 422 and "still picture" in answer.text


async def test_numbers_do_as_well_and_too_few_pictures_are_one_sentence(site: Site) -> None:
    browser = await site.sign_in()
    old, new = await drawn(site, browser, 10, 20)
    answer = await browser.do("/commands", command="avatar", text="/upscale 2 --scale 4")
    (job_id,) = job_ids(answer.text)
    assert (await site.home.job(job_id)).request == UpscaleRequest(Source(old), scale=4)
    answer = await browser.do("/commands", command="mix", text="", base=new)
    assert answer.status_code == 422 and "/mix needs: 2" in answer.text


async def test_a_sent_picture_is_described_and_painted_anew_in_the_members_words(site: Site) -> None:
    site.home.engine.description = SEEN
    browser = await site.sign_in()
    headers = HTMX | {"Origin": BASE, "X-CSRF-Token": browser.csrf}
    image = {"image": ("me.png", png("pink"), "image/png")}
    answer = await browser.post("/describe", files=image, headers=headers)
    assert answer.text == "green hair, round glasses"
    sent = {"command": "restyle", "text": "blue hair", "style": "pixel", "strength": "0.3", "token": "x"}
    answer = await browser.post("/commands", data=sent, files=image, headers=headers)
    (job_id,) = job_ids(answer.text)
    request = (await site.home.job(job_id)).request
    assert isinstance(request, RestyleRequest) and (request.prompt, request.style) == ("blue hair", "pixel")
    site.home.moderator.picture_score = 0.99
    assert (await browser.post("/describe", files=image, headers=headers)).status_code == 422
    site.home.moderator.picture_score = 0.0
    site.home.engine.error = EngineError("broken")
    assert (await browser.post("/describe", files=image, headers=headers)).status_code == 503


async def test_restyling_begins_with_the_words_of_the_picture(site: Site) -> None:
    browser = await site.sign_in()
    (picture,) = await drawn(site, browser, 10)
    form = (await browser.get("/composer", params={"command": "restyle", "base": picture})).text
    assert ">fox 10</textarea>" in form and 'value="restyle" selected' in form


async def test_a_caption_about_a_picture_says_what_was_seen(site: Site) -> None:
    site.home.engine.description = SEEN
    browser = await site.sign_in()
    (picture,) = await drawn(site, browser, 10)
    message = await send(site, browser, "caption", [picture], captions="2")
    assert "I see: A portrait with green hair." in message
    (job_id,) = job_ids(message)
    request = (await site.home.job(job_id)).request
    assert isinstance(request, CaptionRequest) and request.base == picture and not request.topic


async def test_pictures_have_alt_text(site: Site) -> None:
    site.home.engine.description = SEEN
    browser = await site.sign_in()
    await drawn(site, browser, 10)
    assert 'alt="A portrait with green hair."' in (await browser.get("/gallery")).text


async def test_the_gallery_is_searched_by_words(site: Site) -> None:
    browser = await site.sign_in()
    red, green, lime = await drawn(site, browser, 0, 120, 100)
    page = (await browser.get("/gallery", params={"find": "the green one"})).text
    assert picture_ids(page) == [green, lime] and red not in page and "#1" in page and "#2" in page
    answer = await browser.do("/commands", command="find", text="the green one")
    assert answer.headers["hx-redirect"] == "/gallery?find=the%20green%20one"
    assert "Nothing in your gallery" in (await browser.get("/gallery", params={"find": "something blue"})).text
    site.home.engine.error = EngineError("broken")
    assert (await browser.get("/gallery", params={"find": "green"})).status_code == 503


async def test_wild_pictures_and_candidates_are_chips(site: Site) -> None:
    site.deps.models["avatar"] = ("embedded", "gan")  # type: ignore[index]
    browser = await site.sign_in()
    form = (await browser.get("/composer")).text
    assert 'name="wildness"' in form and 'value="gan"' in form
    message = await send(site, browser, "avatar", [], "a fox", model="gan", wildness="0.9", candidates="3")
    asked = site.home.engine.requests[0]
    assert isinstance(asked, TextToImage) and (asked.model, asked.truncation_psi, asked.num_images) == ("gan", 0.9, 3)
    assert "/refine" in message and "All that is drawn is charged" in message
    await send(site, browser, "avatar", [], "an owl", model="", wildness="0.9")
    asked = [request for request in site.home.engine.requests if isinstance(request, TextToImage)][-1]
    assert asked.truncation_psi is None
